// AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).
#pragma once

#include <array>
#include <memory>

#include "core/crypto/aes_gcm.h"
#include "core/srtp/srtp_cipher.h"

namespace remotemedia {

class AeadSrtpCipher final : public SrtpCipher {
 public:
  // `profile` is one of the AEAD profiles. Null when libcrypto refuses.
  static std::unique_ptr<AeadSrtpCipher> Create(SrtpProfile profile, const SrtpSessionKeys& keys);

  bool EncryptRtp(std::span<const uint8_t> header, std::span<const uint8_t> payload, uint64_t index,
                  uint8_t* out) override;
  bool DecryptRtp(std::span<uint8_t> packet, size_t header_size, uint64_t index) override;
  bool EncryptRtcp(std::span<uint8_t> packet, uint32_t index) override;
  bool DecryptRtcp(std::span<uint8_t> packet, uint32_t index) override;

 private:
  using Nonce = std::array<uint8_t, AesGcm::kNonceSize>;

  // One key and what its nonces start from.
  struct Half {
    static std::optional<Half> Create(SrtpProfile profile, const SrtpSessionKey& key);
    Nonce NonceFor(uint32_t ssrc, uint64_t index) const;

    AesGcm gcm;
    Nonce salt;
  };

  AeadSrtpCipher(Half rtp, Half rtcp);

  Half rtp_;
  Half rtcp_;
};

}  // namespace remotemedia
