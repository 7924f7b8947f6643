// Feeds SRTP receivers with sequences of arbitrary packets and of packets made with the right key.
//
// Input: a byte that chooses the profile, then packets: a byte that says what they are, the low
// byte of the roll-over counter, a 16-bit length, and that many bytes. The right key lets the
// fuzzer get past authentication, to the state kept per SSRC.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/srtp/rtp_framing.h"
#include "core/srtp/srtp_receiver.h"
#include "core/srtp/srtp_sender.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

void Check(bool condition) {
  if (!condition) std::abort();
}

class Session {
 public:
  explicit Session(SrtpProfile profile)
      : sender_(SrtpSender::Create(profile, {})), receiver_(SrtpReceiver::Create(profile, {})) {}

  void ReceiveArbitrary(std::span<const uint8_t> bytes) {
    size_t size = 0;
    Bytes rtp(bytes.begin(), bytes.end());
    if (receiver_->UnprotectRtp(rtp, &size) == SrtpStatus::kOk) Check(size < rtp.size());
    Bytes rtcp(bytes.begin(), bytes.end());
    if (receiver_->UnprotectRtcp(rtcp, &size) == SrtpStatus::kOk) Check(size < rtcp.size());
  }

  void ReceiveGenuineRtp(std::span<const uint8_t> plain, uint64_t roc) {
    const auto header_size = RtpHeaderSize(plain);
    if (!header_size) return;
    const uint64_t index = roc << 16 | RtpSequenceNumber(plain);
    Bytes packet(plain.size() + kMaxSrtpTrailer);
    const auto header = plain.first(*header_size);
    packet.resize(sender_->ProtectRtp(header, plain.subspan(*header_size), index, packet.data()));
    if (packet.empty()) return;

    Bytes received = packet;
    size_t size = 0;
    const SrtpStatus status = receiver_->UnprotectRtp(received, &size);
    // Another cycle than the receiver expects does not authenticate.
    Check(status != SrtpStatus::kMalformed);
    if (status != SrtpStatus::kOk) return;
    Check(std::equal(plain.begin(), plain.end(), received.begin(), received.begin() + size));
    Check(receiver_->UnprotectRtp(packet, &size) == SrtpStatus::kReplayed);
  }

  void ReceiveGenuineRtcp(std::span<const uint8_t> plain) {
    Bytes packet(plain.begin(), plain.end());
    packet.resize(plain.size() + kMaxSrtcpTrailer);
    packet.resize(sender_->ProtectRtcp(packet, plain.size()));
    if (packet.empty()) return;

    Bytes received = packet;
    size_t size = 0;
    Check(receiver_->UnprotectRtcp(received, &size) == SrtpStatus::kOk);
    Check(std::equal(plain.begin(), plain.end(), received.begin(), received.begin() + size));
    Check(receiver_->UnprotectRtcp(packet, &size) == SrtpStatus::kReplayed);
  }

 private:
  const std::unique_ptr<SrtpSender> sender_;
  const std::unique_ptr<SrtpReceiver> receiver_;
};

void Run(std::span<const uint8_t> input) {
  constexpr SrtpProfile kProfiles[] = {SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                       SrtpProfile::kAesCm128HmacSha1_80};
  ByteReader reader(input);
  Session session(kProfiles[reader.U8() % std::size(kProfiles)]);
  while (reader.ok() && reader.remaining() > 0) {
    const uint8_t kind = reader.U8();
    const uint8_t roc = reader.U8();
    const uint16_t size = reader.U16();
    const auto bytes = reader.Bytes(std::min<size_t>(size, reader.remaining()));
    switch (kind % 3) {
      case 0:
        session.ReceiveArbitrary(bytes);
        break;
      case 1:
        session.ReceiveGenuineRtp(bytes, roc);
        break;
      case 2:
        session.ReceiveGenuineRtcp(bytes);
        break;
    }
  }
}

}  // namespace
}  // namespace remotemedia

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  remotemedia::Run({data, size});
  return 0;
}
