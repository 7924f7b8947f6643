#include "core/srtp/aead_srtp_cipher.h"

#include <algorithm>
#include <utility>

#include "core/base/byte_writer.h"
#include "core/srtp/rtp_framing.h"
#include "core/srtp/srtp_iv.h"

namespace remotemedia {
namespace {

constexpr size_t kTagSize = AesGcm::kTagSize;

// RFC 7714 section 9.2: the clear part of the packet and the word with the index behind the tag.
using RtcpAssociatedData = std::array<uint8_t, kRtcpClearSize + kSrtcpIndexSize>;

RtcpAssociatedData AssociatedData(std::span<const uint8_t> packet) {
  RtcpAssociatedData data;
  std::copy_n(packet.begin(), kRtcpClearSize, data.begin());
  std::copy_n(packet.end() - kSrtcpIndexSize, kSrtcpIndexSize, data.begin() + kRtcpClearSize);
  return data;
}

// Everything between the clear part and the word with the index: payload and tag.
std::span<uint8_t> SealedPart(std::span<uint8_t> packet) {
  return packet.subspan(kRtcpClearSize, packet.size() - kRtcpClearSize - kSrtcpIndexSize);
}

}  // namespace

std::unique_ptr<AeadSrtpCipher> AeadSrtpCipher::Create(SrtpProfile profile,
                                                       const SrtpSessionKeys& keys) {
  auto rtp = Half::Create(profile, keys.rtp);
  auto rtcp = Half::Create(profile, keys.rtcp);
  if (!rtp || !rtcp) return nullptr;
  return std::unique_ptr<AeadSrtpCipher>(new AeadSrtpCipher(*std::move(rtp), *std::move(rtcp)));
}

AeadSrtpCipher::AeadSrtpCipher(Half rtp, Half rtcp)
    : rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {}

bool AeadSrtpCipher::EncryptRtp(std::span<const uint8_t> header, std::span<const uint8_t> payload,
                                uint64_t index, uint8_t* out) {
  return rtp_.gcm.Seal(rtp_.NonceFor(RtpSsrc(header), index), header, payload, out);
}

bool AeadSrtpCipher::DecryptRtp(std::span<uint8_t> packet, size_t header_size, uint64_t index) {
  const auto header = packet.first(header_size);
  return rtp_.gcm.Open(rtp_.NonceFor(RtpSsrc(header), index), header, packet.subspan(header_size));
}

bool AeadSrtpCipher::EncryptRtcp(std::span<uint8_t> packet, uint32_t index) {
  ByteWriter(packet.last(kSrtcpIndexSize)).U32(kSrtcpEncryptedBit | index);
  const auto sealed = SealedPart(packet);
  return rtcp_.gcm.Seal(rtcp_.NonceFor(RtcpSsrc(packet), index), AssociatedData(packet),
                        sealed.first(sealed.size() - kTagSize), sealed.data());
}

bool AeadSrtpCipher::DecryptRtcp(std::span<uint8_t> packet, uint32_t index) {
  return rtcp_.gcm.Open(rtcp_.NonceFor(RtcpSsrc(packet), index), AssociatedData(packet),
                        SealedPart(packet));
}

std::optional<AeadSrtpCipher::Half> AeadSrtpCipher::Half::Create(SrtpProfile profile,
                                                                 const SrtpSessionKey& key) {
  auto gcm = AesGcm::Create(std::span(key.key).first(SrtpKeyLength(profile)));
  if (!gcm) return std::nullopt;
  Half half{*std::move(gcm), {}};
  std::copy_n(key.salt.begin(), half.salt.size(), half.salt.begin());
  return half;
}

// RFC 7714 sections 8.1 and 9.1: two zero bytes, SSRC, 48-bit index, all XORed with the salt.
AeadSrtpCipher::Nonce AeadSrtpCipher::Half::NonceFor(uint32_t ssrc, uint64_t index) const {
  Nonce nonce = salt;
  MixInPacketId(std::span(nonce).subspan<2, kPacketIdSize>(), ssrc, index);
  return nonce;
}

}  // namespace remotemedia
