#include "core/srtp/srtp_cipher.h"

#include "core/srtp/aead_srtp_cipher.h"
#include "core/srtp/aes_cm_srtp_cipher.h"

namespace remotemedia {

std::unique_ptr<SrtpCipher> SrtpCipher::Create(SrtpProfile profile, const SrtpSessionKeys& keys) {
  if (IsAead(profile)) return AeadSrtpCipher::Create(profile, keys);
  return AesCmSrtpCipher::Create(keys);
}

}  // namespace remotemedia
