// AES_CM_128_HMAC_SHA1_80 (RFC 3711 sections 4.1.1 and 4.2.1).
#pragma once

#include <array>
#include <memory>

#include "core/crypto/aes_ctr.h"
#include "core/crypto/hmac_sha1.h"
#include "core/srtp/srtp_cipher.h"

namespace remotemedia {

class AesCmSrtpCipher final : public SrtpCipher {
 public:
  // Null when libcrypto refuses.
  static std::unique_ptr<AesCmSrtpCipher> Create(const SrtpSessionKeys& keys);

  bool EncryptRtp(std::span<const uint8_t> header, std::span<const uint8_t> payload, uint64_t index,
                  uint8_t* out) override;
  bool DecryptRtp(std::span<uint8_t> packet, size_t header_size, uint64_t index) override;
  bool EncryptRtcp(std::span<uint8_t> packet, uint32_t index) override;
  bool DecryptRtcp(std::span<uint8_t> packet, uint32_t index) override;

 private:
  using Iv = std::array<uint8_t, AesCtr::kIvSize>;

  // The keys of SRTP or of SRTCP.
  struct Half {
    Half(AesCtr aes_ctr, const SrtpSessionKey& key);
    Iv IvFor(uint32_t ssrc, uint64_t index) const;

    AesCtr ctr;
    HmacSha1Key auth;
    Iv salt{};
  };

  AesCmSrtpCipher(AesCtr rtp_ctr, AesCtr rtcp_ctr, const SrtpSessionKeys& keys);

  Half rtp_;
  Half rtcp_;
};

}  // namespace remotemedia
