#include "core/crypto/libcrypto.h"

#include <openssl/crypto.h>

namespace remotemedia {

bool InitializeLibcrypto() {
  static const bool initialized =
      OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr) == 1;
  return initialized;
}

}  // namespace remotemedia
