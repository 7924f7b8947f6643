#include "core/crypto/aes_gcm.h"

#include <openssl/evp.h>

#include <limits>
#include <utility>

namespace remotemedia {
namespace {

constexpr size_t kMaxSize = std::numeric_limits<int>::max();

}  // namespace

std::optional<AesGcm> AesGcm::Create(std::span<const uint8_t> key) {
  if (key.size() != 16 && key.size() != 32) return std::nullopt;
  CipherContext context(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
  if (!context || EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.data(), nullptr) != 1) {
    return std::nullopt;
  }
  return AesGcm(std::move(context));
}

AesGcm::AesGcm(CipherContext context) : context_(std::move(context)) {}

bool AesGcm::Seal(std::span<const uint8_t, kNonceSize> nonce,
                  std::span<const uint8_t> associated_data, std::span<const uint8_t> plaintext,
                  uint8_t* out) {
  if (associated_data.size() > kMaxSize || plaintext.size() > kMaxSize) return false;
  const int aad_size = static_cast<int>(associated_data.size());
  const int size = static_cast<int>(plaintext.size());
  EVP_CIPHER_CTX* context = context_.get();
  int written;
  return EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
         EVP_EncryptUpdate(context, nullptr, &written, associated_data.data(), aad_size) == 1 &&
         (size == 0 || EVP_EncryptUpdate(context, out, &written, plaintext.data(), size) == 1) &&
         EVP_EncryptFinal_ex(context, out + size, &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, out + size) == 1;
}

bool AesGcm::Open(std::span<const uint8_t, kNonceSize> nonce,
                  std::span<const uint8_t> associated_data, std::span<uint8_t> sealed) {
  if (sealed.size() < kTagSize) return false;
  if (associated_data.size() > kMaxSize || sealed.size() > kMaxSize) return false;
  const int aad_size = static_cast<int>(associated_data.size());
  const int size = static_cast<int>(sealed.size() - kTagSize);
  uint8_t* data = sealed.data();
  EVP_CIPHER_CTX* context = context_.get();
  int written;
  return EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
         EVP_DecryptUpdate(context, nullptr, &written, associated_data.data(), aad_size) == 1 &&
         (size == 0 || EVP_DecryptUpdate(context, data, &written, data, size) == 1) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, data + size) == 1 &&
         EVP_DecryptFinal_ex(context, data + size, &written) == 1;
}

}  // namespace remotemedia
