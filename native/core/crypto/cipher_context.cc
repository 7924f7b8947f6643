#include "core/crypto/cipher_context.h"

#include <openssl/evp.h>

namespace remotemedia {

void CipherContextDeleter::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

}  // namespace remotemedia
