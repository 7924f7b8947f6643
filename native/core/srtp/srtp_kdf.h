// Derives the session keys of SRTP and SRTCP from a master key (RFC 3711 section 4.3, RFC 7714
// section 11) with a key derivation rate of zero, the only one DTLS-SRTP allows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/crypto/secure_wipe.h"
#include "core/srtp/srtp_keys.h"

namespace remotemedia {

// Only as many bytes count as the profile says; the rest stays zero.
struct SrtpSessionKey {
  std::array<uint8_t, 32> key{};
  std::array<uint8_t, 20> auth{};
  std::array<uint8_t, 14> salt{};

  ~SrtpSessionKey() {
    SecureWipe(key.data(), key.size());
    SecureWipe(auth.data(), auth.size());
    SecureWipe(salt.data(), salt.size());
  }
};

struct SrtpSessionKeys {
  SrtpSessionKey rtp;
  SrtpSessionKey rtcp;
};

// Nothing when libcrypto refuses.
std::optional<SrtpSessionKeys> DeriveSrtpSessionKeys(SrtpProfile profile,
                                                     const SrtpMasterKey& master);

}  // namespace remotemedia
