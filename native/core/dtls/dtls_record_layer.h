// The DTLS 1.2 record layer of an association whose handshake is over (RFC 6347 section 4.1, RFC
// 5288).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/srtp/replay_window.h"

struct ssl_st;

namespace remotemedia {

enum class DtlsContentType : uint8_t {
  kChangeCipherSpec = 20,
  kAlert = 21,
  kHandshake = 22,
  kApplicationData = 23,
};

struct DtlsRecord {
  DtlsContentType type;
  std::vector<uint8_t> content;
};

// Takes over from OpenSSL, which for DTLS keeps 40 KB per connection for as long as it lives, most
// of it buffers of the handshake. What is left to do (alerts, repeated flights) needs keys, a
// counter and a replay window: 200 bytes. AES-GCM only, which is all we negotiate.
class DtlsRecordLayer {
 public:
  // `ssl` has completed its handshake and writes nothing from here on. nullopt for a cipher suite
  // that is not AES-GCM and when libcrypto fails.
  static std::optional<DtlsRecordLayer> TakeOver(ssl_st* ssl);

  ~DtlsRecordLayer();
  DtlsRecordLayer(const DtlsRecordLayer&) = default;
  DtlsRecordLayer& operator=(const DtlsRecordLayer&) = default;

  // Finds the next record of `datagram` that is authentic and was not received before, and cuts off
  // everything up to its end. nullopt when there is none; all others are skipped.
  std::optional<DtlsRecord> Open(std::span<const uint8_t>& datagram);

  // A datagram of one record. nullopt when libcrypto fails.
  std::optional<std::vector<uint8_t>> Seal(DtlsContentType type, std::span<const uint8_t> content);

 private:
  static constexpr size_t kMaxKeyLength = 32;
  static constexpr size_t kFixedNonceLength = 4;

  struct Key {
    std::span<const uint8_t> bytes() const { return std::span(key).first(length); }
    std::array<uint8_t, kMaxKeyLength> key{};
    size_t length = 0;
    std::array<uint8_t, kFixedNonceLength> fixed_nonce{};
  };

  DtlsRecordLayer() = default;

  Key local_;
  Key remote_;
  uint64_t next_sequence_;
  ReplayWindow<128> received_;
};

}  // namespace remotemedia
