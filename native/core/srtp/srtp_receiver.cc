#include "core/srtp/srtp_receiver.h"

#include <utility>

#include "core/base/byte_reader.h"
#include "core/srtp/packet_index.h"
#include "core/srtp/rtp_framing.h"

namespace remotemedia {

std::unique_ptr<SrtpReceiver> SrtpReceiver::Create(SrtpProfile profile, const SrtpMasterKey& key) {
  const auto session_keys = DeriveSrtpSessionKeys(profile, key);
  if (!session_keys) return nullptr;
  auto cipher = SrtpCipher::Create(profile, *session_keys);
  if (!cipher) return nullptr;
  return std::unique_ptr<SrtpReceiver>(new SrtpReceiver(profile, std::move(cipher)));
}

SrtpReceiver::SrtpReceiver(SrtpProfile profile, std::unique_ptr<SrtpCipher> cipher)
    : profile_(profile), cipher_(std::move(cipher)) {}

SrtpStatus SrtpReceiver::UnprotectRtp(std::span<uint8_t> packet, size_t* size) {
  const size_t tag_size = SrtpTagLength(profile_);
  if (packet.size() < tag_size || packet.size() > kMaxSrtpPacket) return SrtpStatus::kMalformed;
  const auto rtp = packet.first(packet.size() - tag_size);
  const auto header_size = RtpHeaderSize(rtp);
  if (!header_size) return SrtpStatus::kMalformed;

  const uint32_t ssrc = RtpSsrc(rtp);
  const uint16_t sequence_number = RtpSequenceNumber(rtp);
  const RtpWindow* window = rtp_.Find(ssrc);
  const auto index =
      window ? EstimatePacketIndex(window->highest(), sequence_number) : sequence_number;
  if (!index || (window && !window->IsFresh(*index))) return SrtpStatus::kReplayed;
  if (!cipher_->DecryptRtp(packet, *header_size, *index)) return SrtpStatus::kAuthFailed;

  rtp_.Use(ssrc).Accept(*index);
  *size = rtp.size();
  return SrtpStatus::kOk;
}

SrtpStatus SrtpReceiver::UnprotectRtcp(std::span<uint8_t> packet, size_t* size) {
  const size_t trailer_size = SrtcpTrailerLength(profile_);
  if (packet.size() < trailer_size || packet.size() > kMaxSrtpPacket) return SrtpStatus::kMalformed;
  const auto rtcp = packet.first(packet.size() - trailer_size);
  if (!HasRtcpFraming(rtcp)) return SrtpStatus::kMalformed;
  // Under AES-CM the tag is last, under AEAD the word with the index.
  const size_t word_offset = rtcp.size() + (IsAead(profile_) ? SrtpTagLength(profile_) : 0);
  const uint32_t word = ByteReader(packet.subspan(word_offset)).U32();
  if ((word & kSrtcpEncryptedBit) == 0) return SrtpStatus::kMalformed;

  const uint32_t index = word & kMaxSrtcpIndex;
  const uint32_t ssrc = RtcpSsrc(rtcp);
  const RtcpWindow* window = rtcp_.Find(ssrc);
  if (window && !window->IsFresh(index)) return SrtpStatus::kReplayed;
  if (!cipher_->DecryptRtcp(packet, index)) return SrtpStatus::kAuthFailed;

  rtcp_.Use(ssrc).Accept(index);
  *size = rtcp.size();
  return SrtpStatus::kOk;
}

}  // namespace remotemedia
