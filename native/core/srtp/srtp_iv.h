// The part of an initialization vector that differs between packets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace remotemedia {

inline constexpr size_t kPacketIdSize = 10;

// XORs the SSRC and the 48-bit packet index into those bytes of a salted IV that RFC 3711
// section 4.1.1 and RFC 7714 section 8.1 assign to them.
inline void MixInPacketId(std::span<uint8_t, kPacketIdSize> iv, uint32_t ssrc, uint64_t index) {
  for (size_t i = 0; i < 4; ++i) iv[i] ^= static_cast<uint8_t>(ssrc >> (8 * (3 - i)));
  for (size_t i = 0; i < 6; ++i) iv[4 + i] ^= static_cast<uint8_t>(index >> (8 * (5 - i)));
}

}  // namespace remotemedia
