#include "core/crypto/aes_ctr.h"

#include <openssl/evp.h>

#include <limits>
#include <utility>

namespace remotemedia {

std::optional<AesCtr> AesCtr::Create(std::span<const uint8_t> key) {
  if (key.size() != 16 && key.size() != 32) return std::nullopt;
  CipherContext context(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr();
  if (!context || EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.data(), nullptr) != 1) {
    return std::nullopt;
  }
  return AesCtr(std::move(context));
}

AesCtr::AesCtr(CipherContext context) : context_(std::move(context)) {}

bool AesCtr::Crypt(std::span<const uint8_t, kIvSize> iv, std::span<const uint8_t> in,
                   uint8_t* out) {
  if (in.size() > std::numeric_limits<int>::max()) return false;
  const int size = static_cast<int>(in.size());
  int written;
  return EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data()) == 1 &&
         (size == 0 || EVP_EncryptUpdate(context_.get(), out, &written, in.data(), size) == 1);
}

}  // namespace remotemedia
