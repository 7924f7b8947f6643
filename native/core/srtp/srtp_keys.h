// The master keys DTLS-SRTP agrees on (RFC 5764 section 4.2), as DTLS hands them to SRTP.
#pragma once

#include <array>
#include <cstdint>

#include "core/crypto/secure_wipe.h"
#include "core/srtp/srtp_profile.h"

namespace remotemedia {

// Only the first SrtpKeyLength and SrtpSaltLength bytes count; the rest stays zero.
struct SrtpMasterKey {
  std::array<uint8_t, 32> key{};
  std::array<uint8_t, 14> salt{};

  ~SrtpMasterKey() {
    SecureWipe(key.data(), key.size());
    SecureWipe(salt.data(), salt.size());
  }
};

struct SrtpKeys {
  SrtpProfile profile = SrtpProfile::kAeadAes128Gcm;
  SrtpMasterKey local;   // What we send with.
  SrtpMasterKey remote;  // What the other side sends with.
};

}  // namespace remotemedia
