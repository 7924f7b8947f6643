// HMAC-SHA1 (RFC 2104): STUN MESSAGE-INTEGRITY and the AES_CM_128_HMAC_SHA1 profiles of SRTP.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace remotemedia {

inline constexpr size_t kHmacSha1Size = 20;

// For a key that is used now and then.
std::array<uint8_t, kHmacSha1Size> HmacSha1(std::span<const uint8_t> key,
                                            std::span<const uint8_t> data);

// A key that signs many messages. Only the two SHA-1 states that come after the padded key are kept
// (40 bytes), so signing neither hashes the key again nor allocates. May be used from several
// threads.
class HmacSha1Key {
 public:
  explicit HmacSha1Key(std::span<const uint8_t> key);
  ~HmacSha1Key();
  HmacSha1Key(const HmacSha1Key&) = delete;
  HmacSha1Key& operator=(const HmacSha1Key&) = delete;

  // The HMAC of `data` followed by `suffix`.
  std::array<uint8_t, kHmacSha1Size> Sign(std::span<const uint8_t> data,
                                          std::span<const uint8_t> suffix = {}) const;

 private:
  using State = std::array<uint32_t, 5>;
  static State Absorb(std::span<const uint8_t, 64> block);

  State inner_;
  State outer_;
};

}  // namespace remotemedia
