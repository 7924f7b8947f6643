#include "core/crypto/tls_prf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

namespace remotemedia {
namespace {

struct KdfDeleter {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

OSSL_PARAM Octets(const char* name, const void* data, size_t size) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(data), size);
}

}  // namespace

bool TlsPrf(TlsPrfHash hash, std::span<const uint8_t> secret, std::string_view label,
            std::span<const uint8_t> seed, std::span<uint8_t> out) {
  const std::unique_ptr<EVP_KDF, KdfDeleter> kdf(EVP_KDF_fetch(nullptr, "TLS1-PRF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, KdfDeleter> context(EVP_KDF_CTX_new(kdf.get()));
  if (!context) return false;
  char digest[] = "SHA2-256";
  if (hash == TlsPrfHash::kSha384) std::copy_n("SHA2-384", sizeof(digest), digest);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      Octets(OSSL_KDF_PARAM_SECRET, secret.data(), secret.size()),
      Octets(OSSL_KDF_PARAM_SEED, label.data(), label.size()),
      Octets(OSSL_KDF_PARAM_SEED, seed.data(), seed.size()),
      OSSL_PARAM_construct_end(),
  };
  return EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1;
}

}  // namespace remotemedia
