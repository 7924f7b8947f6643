// AES in Galois/Counter Mode (NIST SP 800-38D) with 96-bit nonces and 128-bit tags.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/crypto/cipher_context.h"

namespace remotemedia {

// Lives as long as its key: the key schedule is computed once, a packet sets only its nonce. One
// thread.
class AesGcm {
 public:
  static constexpr size_t kNonceSize = 12;
  static constexpr size_t kTagSize = 16;

  // `key` has 16 or 32 bytes. Nothing for other sizes or when libcrypto refuses.
  static std::optional<AesGcm> Create(std::span<const uint8_t> key);

  // Writes the ciphertext and the tag to `out`; `plaintext` is elsewhere or already at `out`.
  bool Seal(std::span<const uint8_t, kNonceSize> nonce, std::span<const uint8_t> associated_data,
            std::span<const uint8_t> plaintext, uint8_t* out);

  // Decrypts `sealed`, the ciphertext and its tag, in place. False when the tag does not match; the
  // ciphertext is then replaced by bytes that must not be used.
  bool Open(std::span<const uint8_t, kNonceSize> nonce, std::span<const uint8_t> associated_data,
            std::span<uint8_t> sealed);

 private:
  explicit AesGcm(CipherContext context);

  CipherContext context_;
};

}  // namespace remotemedia
