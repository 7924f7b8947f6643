#include "core/srtp/srtp_sender.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/srtp/srtp_test_keys.h"
#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

// The packets with which libsrtp checks itself (srtp_driver): from master key to packet.
struct ReferencePackets {
  SrtpProfile profile;
  const char* key;
  const char* salt;
  const char* srtp;
  const char* srtcp;  // With SRTCP index 1.
};

const ReferencePackets kReferencePackets[] = {
    {SrtpProfile::kAesCm128HmacSha1_80, "e1f97a0d3e018be0d64fa32c06de4139",
     "0ec675ad498afeebb6960b3aabe6",
     "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb",
     "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798"},
    {SrtpProfile::kAeadAes128Gcm, "000102030405060708090a0b0c0d0e0f", "a0a1a2a3a4a5a6a7a8a9aaab",
     "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
     "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001"},
};

std::unique_ptr<SrtpSender> ReferenceSender(const ReferencePackets& reference) {
  SrtpMasterKey master;
  const Bytes key = FromHex(reference.key);
  const Bytes salt = FromHex(reference.salt);
  std::copy(key.begin(), key.end(), master.key.begin());
  std::copy(salt.begin(), salt.end(), master.salt.begin());
  return SrtpSender::Create(reference.profile, master);
}

TEST(SrtpSenderTest, MakesTheSrtpPacketsOfLibsrtp) {
  for (const auto& reference : kReferencePackets) {
    const auto sender = ReferenceSender(reference);
    Bytes out(100);
    out.resize(sender->ProtectRtp(FromHex("800f1234decafbadcafebabe"), Bytes(16, 0xab), 0x1234,
                                  out.data()));
    EXPECT_EQ(out, FromHex(reference.srtp));
  }
}

TEST(SrtpSenderTest, MakesTheSrtcpPacketsOfLibsrtp) {
  for (const auto& reference : kReferencePackets) {
    const auto sender = ReferenceSender(reference);
    Bytes first = ReceiverReport(1);
    first.resize(8 + kMaxSrtcpTrailer);
    ASSERT_NE(sender->ProtectRtcp(first, 8), 0u);

    Bytes second = FromHex("81c8000bcafebabe");
    second.resize(24, 0xab);
    second.resize(24 + kMaxSrtcpTrailer);
    second.resize(sender->ProtectRtcp(second, 24));
    EXPECT_EQ(second, FromHex(reference.srtcp));
  }
}

class SrtpSenderProfileTest : public ::testing::TestWithParam<SrtpProfile> {
 protected:
  Bytes Protect(const Bytes& header, const Bytes& payload, uint64_t index) {
    Bytes out(header.size() + payload.size() + kMaxSrtpTrailer);
    out.resize(sender_->ProtectRtp(header, payload, index, out.data()));
    return out;
  }

  const std::unique_ptr<SrtpSender> sender_ = SrtpSender::Create(GetParam(), TestKey());
};

INSTANTIATE_TEST_SUITE_P(Profiles, SrtpSenderProfileTest, ::testing::ValuesIn(kAllProfiles),
                         ProfileName);

TEST_P(SrtpSenderProfileTest, TheHeaderStaysInTheClearAndThePayloadDoesNot) {
  const Bytes header = RtpHeader(5, 7);
  const Bytes payload(1'100, 0x55);
  const Bytes packet = Protect(header, payload, 7);
  ASSERT_EQ(packet.size(), header.size() + payload.size() + SrtpTagLength(GetParam()));
  EXPECT_TRUE(std::equal(header.begin(), header.end(), packet.begin()));
  EXPECT_LT(std::count(packet.begin() + 24, packet.end(), 0x55), 100);
}

TEST_P(SrtpSenderProfileTest, InPlaceAndElsewhereGiveTheSamePacket) {
  const Bytes header = RtpHeader(5, 7);
  for (const size_t payload_size : {0, 1, 15, 16, 17, 1'100}) {
    const Bytes payload(payload_size, 0x55);
    const Bytes elsewhere = Protect(header, payload, 7);

    Bytes plain = header;
    plain.insert(plain.end(), payload.begin(), payload.end());
    plain.resize(plain.size() + kMaxSrtpTrailer);
    const std::span<const uint8_t> placed_payload(plain.data() + header.size(), payload_size);

    Bytes in_place = plain;
    in_place.resize(sender_->ProtectRtp(std::span(in_place).first(header.size()),
                                        std::span(in_place).subspan(header.size(), payload_size), 7,
                                        in_place.data()));
    EXPECT_EQ(in_place, elsewhere);

    Bytes header_in_place = header;
    header_in_place.resize(plain.size());
    header_in_place.resize(sender_->ProtectRtp(std::span(header_in_place).first(header.size()),
                                               placed_payload, 7, header_in_place.data()));
    EXPECT_EQ(header_in_place, elsewhere);

    Bytes payload_in_place = plain;
    std::fill_n(payload_in_place.begin(), header.size(), 0);
    payload_in_place.resize(sender_->ProtectRtp(
        header, std::span(payload_in_place).subspan(header.size(), payload_size), 7,
        payload_in_place.data()));
    EXPECT_EQ(payload_in_place, elsewhere);
  }
}

TEST_P(SrtpSenderProfileTest, TheRollOverCounterChangesThePacket) {
  const Bytes header = RtpHeader(5, 7);
  EXPECT_NE(Protect(header, Bytes(20), 7), Protect(header, Bytes(20), 0x1'0007));
}

TEST_P(SrtpSenderProfileTest, RefusesAHeaderThatIsNotExactlyOneHeader) {
  const Bytes header = RtpHeader(5, 7);
  Bytes longer = header;
  longer.push_back(0);
  EXPECT_TRUE(Protect(longer, Bytes(20), 7).empty());
  for (size_t size = 0; size < header.size(); ++size) {
    EXPECT_TRUE(Protect(Bytes(header.begin(), header.begin() + size), Bytes(20), 7).empty());
  }
  Bytes other_version = header;
  other_version[0] ^= 0x40;
  EXPECT_TRUE(Protect(other_version, Bytes(20), 7).empty());
}

TEST_P(SrtpSenderProfileTest, RefusesAnIndexThatDoesNotFitTheHeaderOr48Bits) {
  const Bytes header = RtpHeader(5, 7);
  EXPECT_TRUE(Protect(header, Bytes(20), 8).empty());
  EXPECT_TRUE(Protect(header, Bytes(20), (uint64_t{1} << 48) + 7).empty());
  EXPECT_FALSE(Protect(header, Bytes(20), (uint64_t{1} << 48) - 0x1'0000 + 7).empty());
}

TEST_P(SrtpSenderProfileTest, RefusesPacketsThatNoDatagramHolds) {
  const Bytes header = RtpHeader(5, 7);
  const size_t most = 65'535 - header.size() - SrtpTagLength(GetParam());
  EXPECT_EQ(Protect(header, Bytes(most), 7).size(), 65'535u);
  EXPECT_TRUE(Protect(header, Bytes(most + 1), 7).empty());
}

TEST_P(SrtpSenderProfileTest, RtcpIsCountedFromZeroAndNeverTheSameTwice) {
  const size_t trailer = SrtcpTrailerLength(GetParam());
  const size_t index_position = 8 + (IsAead(GetParam()) ? SrtpTagLength(GetParam()) : 0);
  Bytes previous;
  for (uint8_t i = 0; i < 3; ++i) {
    Bytes packet = ReceiverReport(1);
    packet.resize(8 + trailer);
    ASSERT_EQ(sender_->ProtectRtcp(packet, 8), 8 + trailer);
    const auto word = std::span(packet).subspan(index_position, 4);
    EXPECT_EQ(Bytes(word.begin(), word.end()), (Bytes{0x80, 0, 0, i}));
    EXPECT_NE(packet, previous);
    previous = packet;
  }
}

TEST_P(SrtpSenderProfileTest, RefusesRtcpWithoutRoomForTheTrailerAndWhatIsNotRtcp) {
  const size_t trailer = SrtcpTrailerLength(GetParam());
  Bytes packet = ReceiverReport(1);
  packet.resize(8 + trailer - 1);
  EXPECT_EQ(sender_->ProtectRtcp(packet, 8), 0u);
  EXPECT_EQ(sender_->ProtectRtcp(packet, packet.size() + 1), 0u);
  packet.resize(100);
  EXPECT_EQ(sender_->ProtectRtcp(packet, 4), 0u);
  EXPECT_EQ(sender_->ProtectRtcp(packet, 10), 0u);
  packet[0] = 0x40;
  EXPECT_EQ(sender_->ProtectRtcp(packet, 8), 0u);
}

}  // namespace
}  // namespace remotemedia
