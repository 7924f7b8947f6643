#include "core/srtp/aes_cm_srtp_cipher.h"

#include <algorithm>
#include <utility>

#include "core/base/byte_writer.h"
#include "core/crypto/constant_time.h"
#include "core/srtp/rtp_framing.h"
#include "core/srtp/srtp_iv.h"

namespace remotemedia {
namespace {

constexpr SrtpProfile kProfile = SrtpProfile::kAesCm128HmacSha1_80;
constexpr size_t kTagSize = SrtpTagLength(kProfile);

using Tag = std::array<uint8_t, kTagSize>;

// RFC 3711 section 4.2: SRTP authenticates the packet and the roll-over counter, which is not sent.
Tag RtpTag(const HmacSha1Key& key, std::span<const uint8_t> authenticated, uint64_t index) {
  std::array<uint8_t, 4> roc;
  ByteWriter(roc).U32(static_cast<uint32_t>(index >> 16));
  Tag tag;
  std::copy_n(key.Sign(authenticated, roc).begin(), kTagSize, tag.begin());
  return tag;
}

// SRTCP authenticates the packet with the word that holds the index.
Tag RtcpTag(const HmacSha1Key& key, std::span<const uint8_t> authenticated) {
  Tag tag;
  std::copy_n(key.Sign(authenticated).begin(), kTagSize, tag.begin());
  return tag;
}

// What lies between the clear part of an SRTCP packet and the word with the index.
std::span<uint8_t> EncryptedPart(std::span<uint8_t> packet) {
  return packet.subspan(kRtcpClearSize,
                        packet.size() - kRtcpClearSize - kSrtcpIndexSize - kTagSize);
}

}  // namespace

std::unique_ptr<AesCmSrtpCipher> AesCmSrtpCipher::Create(const SrtpSessionKeys& keys) {
  constexpr size_t kKeySize = SrtpKeyLength(kProfile);
  auto rtp_ctr = AesCtr::Create(std::span(keys.rtp.key).first(kKeySize));
  auto rtcp_ctr = AesCtr::Create(std::span(keys.rtcp.key).first(kKeySize));
  if (!rtp_ctr || !rtcp_ctr) return nullptr;
  return std::unique_ptr<AesCmSrtpCipher>(
      new AesCmSrtpCipher(*std::move(rtp_ctr), *std::move(rtcp_ctr), keys));
}

AesCmSrtpCipher::AesCmSrtpCipher(AesCtr rtp_ctr, AesCtr rtcp_ctr, const SrtpSessionKeys& keys)
    : rtp_(std::move(rtp_ctr), keys.rtp), rtcp_(std::move(rtcp_ctr), keys.rtcp) {}

bool AesCmSrtpCipher::EncryptRtp(std::span<const uint8_t> header, std::span<const uint8_t> payload,
                                 uint64_t index, uint8_t* out) {
  if (!rtp_.ctr.Crypt(rtp_.IvFor(RtpSsrc(header), index), payload, out)) return false;
  const std::span<const uint8_t> packet(out - header.size(), header.size() + payload.size());
  const Tag tag = RtpTag(rtp_.auth, packet, index);
  std::copy(tag.begin(), tag.end(), out + payload.size());
  return true;
}

bool AesCmSrtpCipher::DecryptRtp(std::span<uint8_t> packet, size_t header_size, uint64_t index) {
  const auto authenticated = packet.first(packet.size() - kTagSize);
  const Tag tag = RtpTag(rtp_.auth, authenticated, index);
  if (!ConstantTimeEqual(tag, packet.last(kTagSize))) return false;
  const auto payload = authenticated.subspan(header_size);
  return rtp_.ctr.Crypt(rtp_.IvFor(RtpSsrc(packet), index), payload, payload.data());
}

bool AesCmSrtpCipher::EncryptRtcp(std::span<uint8_t> packet, uint32_t index) {
  const auto payload = EncryptedPart(packet);
  if (!rtcp_.ctr.Crypt(rtcp_.IvFor(RtcpSsrc(packet), index), payload, payload.data())) return false;
  const auto authenticated = packet.first(packet.size() - kTagSize);
  ByteWriter(authenticated.last(kSrtcpIndexSize)).U32(kSrtcpEncryptedBit | index);
  const Tag tag = RtcpTag(rtcp_.auth, authenticated);
  std::copy(tag.begin(), tag.end(), packet.end() - kTagSize);
  return true;
}

bool AesCmSrtpCipher::DecryptRtcp(std::span<uint8_t> packet, uint32_t index) {
  const Tag tag = RtcpTag(rtcp_.auth, packet.first(packet.size() - kTagSize));
  if (!ConstantTimeEqual(tag, packet.last(kTagSize))) return false;
  const auto payload = EncryptedPart(packet);
  return rtcp_.ctr.Crypt(rtcp_.IvFor(RtcpSsrc(packet), index), payload, payload.data());
}

AesCmSrtpCipher::Half::Half(AesCtr aes_ctr, const SrtpSessionKey& key)
    : ctr(std::move(aes_ctr)), auth(std::span(key.auth).first(SrtpAuthKeyLength(kProfile))) {
  std::copy(key.salt.begin(), key.salt.end(), salt.begin());
}

// RFC 3711 section 4.1.1: salt * 2^16 XOR SSRC * 2^64 XOR index * 2^16.
AesCmSrtpCipher::Iv AesCmSrtpCipher::Half::IvFor(uint32_t ssrc, uint64_t index) const {
  Iv iv = salt;
  MixInPacketId(std::span(iv).subspan<4, kPacketIdSize>(), ssrc, index);
  return iv;
}

}  // namespace remotemedia
