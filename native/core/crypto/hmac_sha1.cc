#include "core/crypto/hmac_sha1.h"

// OpenSSL 3 deprecates the SHA_CTX functions in favor of EVP, whose contexts cannot be copied
// without an allocation: that would be two a packet here. SHA_CTX is a plain struct and lives on
// the stack.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>

#include "core/crypto/secure_wipe.h"

namespace remotemedia {
namespace {

constexpr size_t kBlockSize = 64;
constexpr uint8_t kInnerPad = 0x36;
constexpr uint8_t kOuterPad = 0x5c;

static_assert(kHmacSha1Size == SHA_DIGEST_LENGTH);
static_assert(kBlockSize == SHA_CBLOCK);

// A hash that has taken in exactly one block and arrived at `state`.
SHA_CTX Resume(const std::array<uint32_t, 5>& state) {
  SHA_CTX sha{};
  sha.h0 = state[0];
  sha.h1 = state[1];
  sha.h2 = state[2];
  sha.h3 = state[3];
  sha.h4 = state[4];
  sha.Nl = kBlockSize * 8;
  return sha;
}

}  // namespace

std::array<uint8_t, kHmacSha1Size> HmacSha1(std::span<const uint8_t> key,
                                            std::span<const uint8_t> data) {
  return HmacSha1Key(key).Sign(data);
}

HmacSha1Key::HmacSha1Key(std::span<const uint8_t> key) {
  std::array<uint8_t, kBlockSize> block{};
  if (key.size() > kBlockSize) {
    SHA1(key.data(), key.size(), block.data());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  for (uint8_t& byte : block) byte ^= kInnerPad;
  inner_ = Absorb(block);
  for (uint8_t& byte : block) byte ^= kInnerPad ^ kOuterPad;
  outer_ = Absorb(block);
  SecureWipe(block.data(), block.size());
}

HmacSha1Key::~HmacSha1Key() {
  SecureWipe(inner_.data(), sizeof(inner_));
  SecureWipe(outer_.data(), sizeof(outer_));
}

std::array<uint8_t, kHmacSha1Size> HmacSha1Key::Sign(std::span<const uint8_t> data,
                                                     std::span<const uint8_t> suffix) const {
  std::array<uint8_t, kHmacSha1Size> digest;
  SHA_CTX sha = Resume(inner_);
  SHA1_Update(&sha, data.data(), data.size());
  SHA1_Update(&sha, suffix.data(), suffix.size());
  SHA1_Final(digest.data(), &sha);
  sha = Resume(outer_);
  SHA1_Update(&sha, digest.data(), digest.size());
  SHA1_Final(digest.data(), &sha);
  return digest;
}

HmacSha1Key::State HmacSha1Key::Absorb(std::span<const uint8_t, kBlockSize> block) {
  SHA_CTX sha;
  SHA1_Init(&sha);
  SHA1_Update(&sha, block.data(), block.size());
  State state = {sha.h0, sha.h1, sha.h2, sha.h3, sha.h4};
  SecureWipe(&sha, sizeof(sha));
  return state;
}

}  // namespace remotemedia
