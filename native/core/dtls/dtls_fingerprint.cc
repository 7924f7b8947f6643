#include "core/dtls/dtls_fingerprint.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace remotemedia {
namespace {

struct Digest {
  std::array<uint8_t, EVP_MAX_MD_SIZE> bytes;
  size_t size;
};

char LowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

const EVP_MD* FindAlgorithm(std::string_view name) {
  std::string lower;
  for (const char c : name) lower += LowerCase(c);
  if (lower == "sha-256") return EVP_sha256();
  if (lower == "sha-1") return EVP_sha1();
  if (lower == "sha-224") return EVP_sha224();
  if (lower == "sha-384") return EVP_sha384();
  if (lower == "sha-512") return EVP_sha512();
  return nullptr;
}

std::optional<uint8_t> HexDigit(char c) {
  c = LowerCase(c);
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

std::optional<Digest> ParseValue(std::string_view text, size_t size) {
  if (text.size() != 3 * size - 1) return std::nullopt;
  Digest digest{{}, size};
  for (size_t i = 0; i < size; ++i) {
    const auto high = HexDigit(text[3 * i]);
    const auto low = HexDigit(text[3 * i + 1]);
    if (!high || !low || (i + 1 < size && text[3 * i + 2] != ':')) return std::nullopt;
    digest.bytes[i] = static_cast<uint8_t>((*high << 4) | *low);
  }
  return digest;
}

std::optional<Digest> Parse(const DtlsFingerprint& fingerprint) {
  const EVP_MD* const algorithm = FindAlgorithm(fingerprint.algorithm);
  if (algorithm == nullptr) return std::nullopt;
  return ParseValue(fingerprint.value, static_cast<size_t>(EVP_MD_get_size(algorithm)));
}

std::optional<Digest> Hash(const EVP_MD* algorithm, std::span<const uint8_t> data) {
  Digest digest{};
  unsigned size = 0;
  if (EVP_Digest(data.data(), data.size(), digest.bytes.data(), &size, algorithm, nullptr) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  digest.size = size;
  return digest;
}

}  // namespace

bool IsValidFingerprint(const DtlsFingerprint& fingerprint) {
  return Parse(fingerprint).has_value();
}

bool MatchesFingerprint(const DtlsFingerprint& fingerprint, std::span<const uint8_t> certificate) {
  const auto expected = Parse(fingerprint);
  if (!expected) return false;
  const auto actual = Hash(FindAlgorithm(fingerprint.algorithm), certificate);
  return actual && actual->size == expected->size &&
         CRYPTO_memcmp(actual->bytes.data(), expected->bytes.data(), expected->size) == 0;
}

std::string Sha256Fingerprint(std::span<const uint8_t> certificate) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  const auto digest = Hash(EVP_sha256(), certificate);
  std::string text;
  for (size_t i = 0; digest && i < digest->size; ++i) {
    if (i > 0) text += ':';
    text += kDigits[digest->bytes[i] >> 4];
    text += kDigits[digest->bytes[i] & 15];
  }
  return text;
}

}  // namespace remotemedia
