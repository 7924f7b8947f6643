// The certificate fingerprint of SDP's a=fingerprint line (RFC 8122 section 5).
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace remotemedia {

struct DtlsFingerprint {
  // sha-1, sha-224, sha-256, sha-384 or sha-512, in any case. md2 and md5 are refused, as RFC 8122
  // demands. sha-1 is accepted for old peers: impersonation needs a second preimage of the peer's
  // certificate, and the known attacks on SHA-1 make collisions only.
  std::string algorithm;
  // Pairs of hex digits joined by colons: "AB:CD:...". Lower case is understood too.
  std::string value;
};

// Whether the algorithm is accepted and the value is well formed and of the right length for it.
// What is not valid matches no certificate.
bool IsValidFingerprint(const DtlsFingerprint& fingerprint);

// Whether `certificate` (DER) hashes to `fingerprint`. Takes the same time wherever they differ.
bool MatchesFingerprint(const DtlsFingerprint& fingerprint, std::span<const uint8_t> certificate);

// The sha-256 fingerprint value of `certificate` (DER), in upper case as RFC 8122 wants it written.
std::string Sha256Fingerprint(std::span<const uint8_t> certificate);

}  // namespace remotemedia
