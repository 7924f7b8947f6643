#include "core/crypto/constant_time.h"

#include <openssl/crypto.h>

namespace remotemedia {

bool ConstantTimeEqual(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace remotemedia
