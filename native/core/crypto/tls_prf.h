// The pseudorandom function of TLS and DTLS 1.2 (RFC 5246 section 5).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace remotemedia {

enum class TlsPrfHash : uint8_t { kSha256, kSha384 };

// Fills `out` with PRF(secret, label, seed). False when libcrypto refuses.
bool TlsPrf(TlsPrfHash hash, std::span<const uint8_t> secret, std::string_view label,
            std::span<const uint8_t> seed, std::span<uint8_t> out);

}  // namespace remotemedia
