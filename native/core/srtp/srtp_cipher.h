// The cryptographic transform of one direction of an SRTP session, behind one interface so that
// another implementation (several packets at once, hardware) can take its place.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/srtp/srtp_kdf.h"
#include "core/srtp/srtp_profile.h"

namespace remotemedia {

// Encrypts and authenticates packets whose framing the caller has checked; knows nothing of
// replays. Belongs to one thread. False is a tag that does not match or a failure of libcrypto; the
// output is then unspecified.
class SrtpCipher {
 public:
  // Null when libcrypto refuses.
  static std::unique_ptr<SrtpCipher> Create(SrtpProfile profile, const SrtpSessionKeys& keys);

  virtual ~SrtpCipher() = default;

  // Writes the encrypted payload and the tag to `out`; `payload` is elsewhere or already at `out`.
  // `header` is at out - header.size(). `index` has 48 bits.
  virtual bool EncryptRtp(std::span<const uint8_t> header, std::span<const uint8_t> payload,
                          uint64_t index, uint8_t* out) = 0;
  // Decrypts in place what lies between the header and the tag.
  virtual bool DecryptRtp(std::span<uint8_t> packet, size_t header_size, uint64_t index) = 0;

  // `packet` has room for the trailer, which is filled in or checked. `index` has 31 bits.
  virtual bool EncryptRtcp(std::span<uint8_t> packet, uint32_t index) = 0;
  virtual bool DecryptRtcp(std::span<uint8_t> packet, uint32_t index) = 0;
};

}  // namespace remotemedia
