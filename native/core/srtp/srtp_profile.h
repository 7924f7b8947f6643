// The SRTP protection profiles we speak and the sizes that follow from each (RFC 3711, 5764, 7714).
#pragma once

#include <cstddef>
#include <cstdint>

namespace remotemedia {

enum class SrtpProfile : uint8_t {
  kAeadAes128Gcm,
  kAeadAes256Gcm,
  kAesCm128HmacSha1_80,
};

// What protection adds to a packet at most, in bytes, whatever the profile.
inline constexpr size_t kMaxSrtpTrailer = 16;
inline constexpr size_t kMaxSrtcpTrailer = 20;

// The word behind an RTCP packet: the E-bit ("is encrypted") and the 31-bit SRTCP index.
inline constexpr size_t kSrtcpIndexSize = 4;
inline constexpr uint32_t kSrtcpEncryptedBit = 0x8000'0000;
inline constexpr uint32_t kMaxSrtcpIndex = 0x7fff'ffff;

constexpr bool IsAead(SrtpProfile profile) { return profile != SrtpProfile::kAesCm128HmacSha1_80; }

// Master and session key, in bytes.
constexpr size_t SrtpKeyLength(SrtpProfile profile) {
  return profile == SrtpProfile::kAeadAes256Gcm ? 32 : 16;
}

// Master and session salt, in bytes.
constexpr size_t SrtpSaltLength(SrtpProfile profile) { return IsAead(profile) ? 12 : 14; }

// Session authentication key, in bytes; AEAD needs none.
constexpr size_t SrtpAuthKeyLength(SrtpProfile profile) { return IsAead(profile) ? 0 : 20; }

// Authentication tag of SRTP and SRTCP, in bytes.
constexpr size_t SrtpTagLength(SrtpProfile profile) { return IsAead(profile) ? 16 : 10; }

// What protection adds to an RTCP packet, in bytes.
constexpr size_t SrtcpTrailerLength(SrtpProfile profile) {
  return SrtpTagLength(profile) + kSrtcpIndexSize;
}

}  // namespace remotemedia
