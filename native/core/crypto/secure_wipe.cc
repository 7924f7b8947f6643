#include "core/crypto/secure_wipe.h"

#include <openssl/crypto.h>

namespace remotemedia {

void SecureWipe(void* data, size_t size) { OPENSSL_cleanse(data, size); }

}  // namespace remotemedia
