#include "core/srtp/srtp_kdf.h"

#include <algorithm>
#include <span>

#include "core/crypto/aes_ctr.h"

namespace remotemedia {
namespace {

// RFC 3711 section 4.3.1 and 4.3.2.
enum Label : uint8_t {
  kRtpKey = 0,
  kRtpAuth = 1,
  kRtpSalt = 2,
  kRtcpKey = 3,
  kRtcpAuth = 4,
  kRtcpSalt = 5,
};

// AES-CM as the pseudo-random function (RFC 3711 section 4.3.3). A 96-bit salt counts as one of 112
// bits that ends in zeros. `out` is all zeros, so encrypting it leaves the keystream.
bool Derive(AesCtr& prf, std::span<const uint8_t> salt, Label label, std::span<uint8_t> out) {
  constexpr size_t kLabelPosition = 7;
  std::array<uint8_t, AesCtr::kIvSize> iv{};
  std::copy(salt.begin(), salt.end(), iv.begin());
  iv[kLabelPosition] ^= label;
  return prf.Crypt(iv, out, out.data());
}

}  // namespace

std::optional<SrtpSessionKeys> DeriveSrtpSessionKeys(SrtpProfile profile,
                                                     const SrtpMasterKey& master) {
  const size_t key_size = SrtpKeyLength(profile);
  const size_t auth_size = SrtpAuthKeyLength(profile);
  const size_t salt_size = SrtpSaltLength(profile);
  const auto salt = std::span(master.salt).first(salt_size);
  auto prf = AesCtr::Create(std::span(master.key).first(key_size));
  if (!prf) return std::nullopt;

  std::optional<SrtpSessionKeys> keys(std::in_place);
  const bool derived = Derive(*prf, salt, kRtpKey, std::span(keys->rtp.key).first(key_size)) &&
                       Derive(*prf, salt, kRtpAuth, std::span(keys->rtp.auth).first(auth_size)) &&
                       Derive(*prf, salt, kRtpSalt, std::span(keys->rtp.salt).first(salt_size)) &&
                       Derive(*prf, salt, kRtcpKey, std::span(keys->rtcp.key).first(key_size)) &&
                       Derive(*prf, salt, kRtcpAuth, std::span(keys->rtcp.auth).first(auth_size)) &&
                       Derive(*prf, salt, kRtcpSalt, std::span(keys->rtcp.salt).first(salt_size));
  if (!derived) keys.reset();
  return keys;
}

}  // namespace remotemedia
