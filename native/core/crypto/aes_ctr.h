// AES in counter mode (NIST SP 800-38A): the cipher and the key derivation function of RFC 3711.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/crypto/cipher_context.h"

namespace remotemedia {

// Lives as long as its key: the key schedule is computed once, a packet sets only its IV. One
// thread.
class AesCtr {
 public:
  static constexpr size_t kIvSize = 16;

  // `key` has 16 or 32 bytes. Nothing for other sizes or when libcrypto refuses.
  static std::optional<AesCtr> Create(std::span<const uint8_t> key);

  // XORs `in` with the keystream that starts at counter block `iv` and writes it to `out`:
  // encryption and decryption alike. `in` is elsewhere or already at `out`.
  bool Crypt(std::span<const uint8_t, kIvSize> iv, std::span<const uint8_t> in, uint8_t* out);

 private:
  explicit AesCtr(CipherContext context);

  CipherContext context_;
};

}  // namespace remotemedia
