// ClientHellos as browsers send them: large (DTLS 1.3, post-quantum key shares) and in fragments.
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/dtls/dtls_pair.h"

namespace remotemedia {
namespace {

constexpr size_t kRecordHeader = 13;
constexpr size_t kMessageHeader = 12;

void WriteExtension(ByteWriter& writer, uint16_t type, std::initializer_list<uint16_t> words) {
  writer.U16(type);
  writer.U16(static_cast<uint16_t>(2 * words.size()));
  for (const uint16_t word : words) writer.U16(word);
}

// The body of a ClientHello that offers DTLS 1.3 with X25519MLKEM768 and, for older servers, 1.2.
Datagram PostQuantumClientHello() {
  Datagram body(2'000);
  ByteWriter writer(body);
  writer.U16(0xfefd);
  for (uint8_t i = 0; i < 32; ++i) writer.U8(i);  // random
  writer.U8(0);                                   // session id
  writer.U8(0);                                   // cookie
  writer.U16(4);
  writer.U16(0x1301);  // TLS_AES_128_GCM_SHA256
  writer.U16(0xc02b);  // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  writer.U16(0x0100);  // no compression
  const size_t extensions = writer.size();
  writer.U16(0);
  WriteExtension(writer, 10, {6, 0x11ec, 29, 23});          // supported_groups
  WriteExtension(writer, 13, {6, 0x0403, 0x0804, 0x0401});  // signature_algorithms
  WriteExtension(writer, 23, {});                           // extended_master_secret
  WriteExtension(writer, 11, {0x0100});                     // ec_point_formats
  writer.U16(14);                                           // use_srtp
  writer.U16(7);
  writer.U16(4);
  writer.U16(0x0001);
  writer.U16(0x0007);
  writer.U8(0);
  writer.U16(43);  // supported_versions
  writer.U16(5);
  writer.U8(4);
  writer.U16(0xfefc);
  writer.U16(0xfefd);
  writer.U16(51);  // key_share
  writer.U16(2 + 4 + 1'216 + 4 + 32);
  writer.U16(4 + 1'216 + 4 + 32);
  writer.U16(0x11ec);
  writer.U16(1'216);
  for (int i = 0; i < 1'216; ++i) writer.U8(static_cast<uint8_t>(i * 7));
  writer.U16(29);
  writer.U16(32);
  for (int i = 0; i < 32; ++i) writer.U8(static_cast<uint8_t>(i * 5 + 1));
  writer.PatchU16(extensions, static_cast<uint16_t>(writer.size() - extensions - 2));
  EXPECT_TRUE(writer.ok());
  body.resize(writer.size());
  return body;
}

// One datagram that carries `size` bytes of a handshake message from `offset`.
Datagram Fragment(uint8_t message_type, std::span<const uint8_t> body, size_t offset, size_t size,
                  uint16_t record_sequence) {
  Datagram datagram(kRecordHeader + kMessageHeader + size);
  ByteWriter writer(datagram);
  writer.U8(22);  // handshake
  writer.U16(0xfefd);
  writer.U16(0);
  writer.U32(0);
  writer.U16(record_sequence);
  writer.U16(static_cast<uint16_t>(kMessageHeader + size));
  writer.U8(message_type);
  writer.U24(static_cast<uint32_t>(body.size()));
  writer.U16(0);
  writer.U24(static_cast<uint32_t>(offset));
  writer.U24(static_cast<uint32_t>(size));
  writer.Bytes(body.subspan(offset, size));
  EXPECT_TRUE(writer.ok());
  return datagram;
}

// What the first handshake message of `datagram` says, if it is a ServerHello: version and suite.
std::optional<std::pair<uint16_t, uint16_t>> ReadServerHello(const Datagram& datagram) {
  ByteReader reader(datagram);
  reader.Skip(kRecordHeader);
  const uint8_t type = reader.U8();
  reader.Skip(kMessageHeader - 1);
  const uint16_t version = reader.U16();
  reader.Skip(32);
  reader.Skip(reader.U8());
  const uint16_t suite = reader.U16();
  if (!reader.ok() || type != 2) return std::nullopt;
  return std::pair(version, suite);
}

class DtlsClientHelloTest : public testing::Test {
 protected:
  DtlsTransport server_{DtlsPair::ServerCertificate(), DtlsRole::kServer,
                        DtlsPair::Fingerprint(DtlsPair::ClientCertificate())};
  const Timestamp now_ = Timestamp::Millis(1);
};

TEST_F(DtlsClientHelloTest, PostQuantumHelloInTwoDatagramsIsAnsweredWithDtls12) {
  const Datagram hello = PostQuantumClientHello();
  ASSERT_GT(hello.size(), HandshakeFlights::kMaxDatagram);
  server_.HandleDatagram(now_, Fragment(1, hello, 0, 1'100, 0));
  EXPECT_EQ(server_.PollTransmit(), std::nullopt);
  EXPECT_EQ(server_.state(), DtlsState::kNew);
  server_.HandleDatagram(now_, Fragment(1, hello, 1'100, hello.size() - 1'100, 1));
  const auto answer = server_.PollTransmit();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(ReadServerHello(*answer), (std::pair<uint16_t, uint16_t>(0xfefd, 0xc02b)));
  EXPECT_EQ(server_.state(), DtlsState::kConnecting);
}

TEST_F(DtlsClientHelloTest, FragmentsMayArriveInAnyOrderAndOverlap) {
  const Datagram hello = PostQuantumClientHello();
  server_.HandleDatagram(now_, Fragment(1, hello, 900, hello.size() - 900, 2));
  server_.HandleDatagram(now_, Fragment(1, hello, 300, 700, 1));
  EXPECT_EQ(server_.PollTransmit(), std::nullopt);
  server_.HandleDatagram(now_, Fragment(1, hello, 0, 500, 0));
  const auto answer = server_.PollTransmit();
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(ReadServerHello(*answer).has_value());
}

TEST_F(DtlsClientHelloTest, HandshakeCompletesWhenTheClientHelloIsFragmented) {
  DtlsPair pair;
  uint16_t sequence = 0;
  pair.set_filter([&](DtlsRole from, Datagram& datagram) {
    if (from != DtlsRole::kClient || datagram[kRecordHeader] != 1) return true;
    const auto body = std::span(datagram).subspan(kRecordHeader + kMessageHeader);
    for (size_t offset = 0; offset < body.size(); offset += 40) {
      const size_t size = std::min<size_t>(40, body.size() - offset);
      pair.Inject(from, Fragment(1, body, offset, size, sequence++));
    }
    return false;
  });
  pair.Connect();
  EXPECT_TRUE(pair.BothConnected());
  EXPECT_GT(sequence, 2);
}

}  // namespace
}  // namespace remotemedia
