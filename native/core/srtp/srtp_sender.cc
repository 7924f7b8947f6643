#include "core/srtp/srtp_sender.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/srtp/packet_index.h"
#include "core/srtp/rtp_framing.h"

namespace remotemedia {

std::unique_ptr<SrtpSender> SrtpSender::Create(SrtpProfile profile, const SrtpMasterKey& key) {
  const auto session_keys = DeriveSrtpSessionKeys(profile, key);
  if (!session_keys) return nullptr;
  auto cipher = SrtpCipher::Create(profile, *session_keys);
  if (!cipher) return nullptr;
  return std::unique_ptr<SrtpSender>(new SrtpSender(profile, std::move(cipher)));
}

SrtpSender::SrtpSender(SrtpProfile profile, std::unique_ptr<SrtpCipher> cipher)
    : profile_(profile), cipher_(std::move(cipher)) {}

size_t SrtpSender::ProtectRtp(std::span<const uint8_t> header, std::span<const uint8_t> payload,
                              uint64_t packet_index, uint8_t* out) {
  const size_t size = header.size() + payload.size() + SrtpTagLength(profile_);
  if (size > kMaxSrtpPacket || RtpHeaderSize(header) != header.size()) return 0;
  if (packet_index > kMaxPacketIndex) return 0;
  if (static_cast<uint16_t>(packet_index) != RtpSequenceNumber(header)) return 0;
  if (header.data() != out) std::memcpy(out, header.data(), header.size());
  uint8_t* const encrypted = out + header.size();
  return cipher_->EncryptRtp({out, header.size()}, payload, packet_index, encrypted) ? size : 0;
}

size_t SrtpSender::ProtectRtcp(std::span<uint8_t> buffer, size_t size) {
  const size_t room = std::min(buffer.size(), kMaxSrtpPacket);
  const size_t trailer_size = SrtcpTrailerLength(profile_);
  if (size > room || room - size < trailer_size || !HasRtcpFraming(buffer.first(size))) return 0;
  if (next_rtcp_index_ > kMaxSrtcpIndex) return 0;
  const auto packet = buffer.first(size + trailer_size);
  return cipher_->EncryptRtcp(packet, next_rtcp_index_++) ? packet.size() : 0;
}

}  // namespace remotemedia
