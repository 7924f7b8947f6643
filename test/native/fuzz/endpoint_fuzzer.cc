// Feeds an endpoint with commands and datagrams: arbitrary ones from anywhere, and RTP and RTCP
// encrypted with the keys of a peer that is connected, which get past authentication.
//
// Input: actions, each a byte that says what it is, a byte for what it is done to, a byte of
// length, and that many bytes.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/dtls/dtls_transport.h"
#include "core/ice/stun_writer.h"
#include "core/srtp/rtp_framing.h"
#include "core/srtp/srtp_sender.h"
#include "core/transport/endpoint.h"
#include "support/seeded_random.h"

namespace remotemedia {
namespace {

constexpr SrtpProfile kProfile = SrtpProfile::kAeadAes128Gcm;
constexpr uint32_t kMaxTransports = 8;

const IceCredentials kLocal = {"serverufrag", "the password of the server"};

void Check(bool condition) {
  if (!condition) std::abort();
}

const DtlsCertificate& Certificate() {
  static const std::unique_ptr<DtlsCertificate> certificate = DtlsCertificate::Generate();
  return *certificate;
}

DtlsFingerprint Fingerprint() { return {"sha-256", Certificate().fingerprint_sha256()}; }

// Keeps the handshake datagrams, for the peer.
class Sink final : public DatagramSink {
 public:
  std::span<uint8_t> Reserve() override { return room_; }
  void Commit(const Path&, size_t size) override {
    Check(size <= room_.size());
    const bool is_dtls = size > 0 && room_[0] >= 20 && room_[0] <= 63;
    if (is_dtls && keeps) handshake.emplace_back(room_.begin(), room_.begin() + size);
  }

  bool keeps = true;
  std::vector<std::vector<uint8_t>> handshake;

 private:
  std::array<uint8_t, kMaxDatagram> room_;
};

class Session {
 public:
  Session() {
    endpoint_.AddTransport(now_, {.id = TransportId{1}, .local = kLocal});
    endpoint_.ConnectTransport(now_, TransportId{1},
                               {.ice = {"peer", "the password of the browser"},
                                .candidates = {},
                                .dtls_role = DtlsRole::kServer,
                                .fingerprint = Fingerprint()});
    for (uint32_t id = 1; id <= 2; ++id) {
      AddProducer(id);
      AddConsumer(id);
    }
    Connect();
  }

  void Do(uint8_t action, uint8_t object, std::span<const uint8_t> bytes) {
    now_ = now_ + Duration::Millis(object % 32);
    const TransportId transport{1u + object % kMaxTransports};
    const ProducerId producer{1u + object % 4};
    const ConsumerId consumer{1u + object % 4};
    std::vector<uint8_t> datagram(bytes.begin(), bytes.end());
    switch (action % 16) {
      case 0:
        endpoint_.HandleDatagram(now_, path_, datagram);
        break;
      case 1:
        endpoint_.HandleDatagram(now_, {0, TransportAddress::V4({192, 0, 2, object}, 5)}, datagram);
        break;
      case 2:
      case 3:
      case 4:
        ReceiveRtp(bytes);
        break;
      case 5:
      case 6:
        ReceiveRtcp(bytes);
        break;
      case 7:
        now_ = now_ + Duration::Millis(100 * object);
        break;
      case 8:
        endpoint_.AddTransport(now_,
                               {.id = transport,
                                .ice_role = object & 0x80 ? IceRole::kControlling : IceRole::kLite,
                                .local = IceCredentials::Generate(random_),
                                .socket = static_cast<uint16_t>(1 + object % kMaxTransports)});
        break;
      case 9:
        if (transport != TransportId{1}) endpoint_.RemoveTransport(now_, transport);
        break;
      case 10:
        endpoint_.RestartIce(now_, transport, IceCredentials::Generate(random_));
        break;
      case 11:
        AddProducer(1 + object % 4);
        break;
      case 12:
        endpoint_.RemoveProducer(now_, producer);
        break;
      case 13:
        AddConsumer(1 + object % 4);
        break;
      case 14:
        endpoint_.RemoveConsumer(now_, consumer);
        break;
      case 15:
        endpoint_.ConnectConsumer(now_, consumer, ProducerId{(object >> 4) % 4u}, {{96, 96}});
        break;
    }
    Settle();
  }

 private:
  static CodecParameters Vp8() {
    return {.codec = Codec::kVp8,
            .payload_type = 96,
            .clock_rate = 90'000,
            .rtx_payload_type = 97,
            .nack = true,
            .pli = true,
            .transport_cc = true};
  }
  static RtpExtensionMap Extensions() {
    RtpExtensionMap extensions;
    extensions.Set(RtpExtension::kMid, 1);
    extensions.Set(RtpExtension::kRid, 2);
    extensions.Set(RtpExtension::kTransportSequenceNumber, 3);
    return extensions;
  }

  // SSRCs and MIDs small and few, for the fuzzer to find them.
  void AddProducer(uint32_t id) {
    endpoint_.AddProducer(TransportId{1},
                          {.id = ProducerId{id},
                           .is_video = true,
                           .mid = std::string(1, static_cast<char>('0' + id)),
                           .codecs = {Vp8()},
                           .encodings = {{.ssrc = id, .rtx_ssrc = id + 16, .rid = {}}},
                           .extensions = Extensions()});
  }
  void AddConsumer(uint32_t id) {
    endpoint_.AddConsumer(TransportId{1}, {.id = ConsumerId{id},
                                           .is_video = true,
                                           .mid = "out",
                                           .ssrc = id,
                                           .rtx_ssrc = id % 2 ? id + 16 : 0,
                                           .cname = "fuzz",
                                           .codecs = {Vp8()},
                                           .extensions = Extensions()});
    endpoint_.ConnectConsumer(now_, ConsumerId{id}, ProducerId{id}, {{96, 96}});
  }

  void Connect() {
    std::array<uint8_t, 512> room;
    const auto check = StunWriter(room, StunClass::kRequest, TransactionId{})
                           .Username(kLocal.ufrag, "peer")
                           .Priority(1)
                           .IceControlling(1)
                           .UseCandidate()
                           .Finish(kLocal.pwd);
    std::vector<uint8_t> datagram(check.begin(), check.end());
    endpoint_.HandleDatagram(now_, path_, datagram);
    DtlsTransport peer(Certificate(), DtlsRole::kClient, Fingerprint(),
                       {.srtp_profiles = {kProfile}});
    peer.Start(now_);
    for (int flight = 0; flight < 10 && !peer.srtp_keys(); ++flight) {
      while (auto sent = peer.PollTransmit()) endpoint_.HandleDatagram(now_, path_, *sent);
      Settle();
      for (const auto& answer : std::exchange(sink_.handshake, {})) {
        peer.HandleDatagram(now_, answer);
      }
    }
    Check(peer.srtp_keys() != nullptr);
    srtp_ = SrtpSender::Create(kProfile, peer.srtp_keys()->local);
    sink_.keeps = false;
    Check(endpoint_.FindTransport(TransportId{1})->state() == TransportState::kConnected);
  }

  void ReceiveRtp(std::span<const uint8_t> plain) {
    const auto header_size = RtpHeaderSize(plain);
    if (!header_size) return;
    std::vector<uint8_t> packet(plain.size() + kMaxSrtpTrailer);
    packet.resize(srtp_->ProtectRtp(plain.first(*header_size), plain.subspan(*header_size),
                                    RtpSequenceNumber(plain), packet.data()));
    endpoint_.HandleDatagram(now_, path_, packet);
  }

  void ReceiveRtcp(std::span<const uint8_t> plain) {
    std::vector<uint8_t> packet(plain.begin(), plain.end());
    packet.resize(plain.size() + kMaxSrtcpTrailer);
    packet.resize(srtp_->ProtectRtcp(packet, plain.size()));
    endpoint_.HandleDatagram(now_, path_, packet);
  }

  void Settle() {
    while (endpoint_.HandleHandshakes(now_)) {
    }
    endpoint_.HandleTimeout(now_);
    // Or the thread would spin.
    const auto next = endpoint_.PollTimeout();
    Check(!next || *next > now_);
    while (endpoint_.PollEvent()) {
    }
    Check(endpoint_.transport_count() <= kMaxTransports);
    size_t streams = 0;
    endpoint_.FindTransport(TransportId{1})->receiver().ForEachStream([&](const ReceiveStream&) {
      ++streams;
    });
    Check(streams <= 4);
  }

  const Path path_ = {0, TransportAddress::V4({198, 51, 100, 1}, 1'000)};
  Timestamp now_ = Timestamp::Millis(1'000'000);
  SeededRandom random_{1};
  Sink sink_;
  Endpoint endpoint_{{Certificate(), random_, sink_, NtpClock::FromUnixTime({})},
                     {.srtp_profiles = {kProfile}}};
  std::unique_ptr<SrtpSender> srtp_;
};

}  // namespace
}  // namespace remotemedia

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  remotemedia::Session session;
  remotemedia::ByteReader reader({data, size});
  while (reader.remaining() > 0) {
    const uint8_t action = reader.U8();
    const uint8_t object = reader.U8();
    const size_t length = reader.U8();
    session.Do(action, object, reader.Bytes(std::min(length, reader.remaining())));
  }
  return 0;
}
