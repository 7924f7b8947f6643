// The source of randomness of the core, handed in so that tests are repeatable.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace remotemedia {

class Random {
 public:
  virtual ~Random() = default;

  // Fills `out` with random bytes. In production they come from a CSPRNG: credentials, SSRCs and
  // STUN transaction ids are made of them.
  virtual void Fill(std::span<uint8_t> out) = 0;

  uint32_t Next32() {
    std::array<uint8_t, 4> bytes;
    Fill(bytes);
    uint32_t value;
    std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }

  uint64_t Next64() { return (static_cast<uint64_t>(Next32()) << 32) | Next32(); }
};

}  // namespace remotemedia
