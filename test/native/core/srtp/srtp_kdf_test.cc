#include "core/srtp/srtp_kdf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

SrtpMasterKey MasterKey(const char* key, const char* salt) {
  SrtpMasterKey master;
  const Bytes key_bytes = FromHex(key);
  const Bytes salt_bytes = FromHex(salt);
  std::copy(key_bytes.begin(), key_bytes.end(), master.key.begin());
  std::copy(salt_bytes.begin(), salt_bytes.end(), master.salt.begin());
  return master;
}

template <size_t kSize>
Bytes First(const std::array<uint8_t, kSize>& bytes, size_t size) {
  return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

TEST(SrtpKdfTest, DerivesTheKeysOfRfc3711AppendixB3) {
  const auto keys = DeriveSrtpSessionKeys(
      SrtpProfile::kAesCm128HmacSha1_80,
      MasterKey("E1F97A0D3E018BE0D64FA32C06DE4139", "0EC675AD498AFEEBB6960B3AABE6"));
  ASSERT_TRUE(keys);
  EXPECT_EQ(First(keys->rtp.key, 16), FromHex("C61E7A93744F39EE10734AFE3FF7A087"));
  EXPECT_EQ(First(keys->rtp.salt, 14), FromHex("30CBBC08863D8C85D49DB34A9AE1"));
  // The first 20 of the 94 bytes the appendix lists.
  EXPECT_EQ(First(keys->rtp.auth, 20), FromHex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

// RFC 7714 has no vectors for key derivation. These are the keystream that `openssl enc
// -aes-128-ctr` and `-aes-256-ctr` give for the IVs of RFC 3711 section 4.3.3.
TEST(SrtpKdfTest, A96BitSaltIsPaddedWithZeros) {
  const auto keys = DeriveSrtpSessionKeys(
      SrtpProfile::kAeadAes128Gcm,
      MasterKey("000102030405060708090a0b0c0d0e0f", "a0a1a2a3a4a5a6a7a8a9aaab"));
  ASSERT_TRUE(keys);
  EXPECT_EQ(First(keys->rtp.key, 16), FromHex("077c6143cb221bc355ff23d5f984a16e"));
  EXPECT_EQ(First(keys->rtp.salt, 12), FromHex("9af3e95364ebac9c99c5a7c4"));
  EXPECT_EQ(First(keys->rtcp.key, 16), FromHex("615dcd9042600666f6fd4d9e4fe4519f"));
  EXPECT_EQ(First(keys->rtcp.salt, 12), FromHex("fcca937b9112a500dac72269"));
}

TEST(SrtpKdfTest, A256BitKeyDerivesWithAes256) {
  const auto keys = DeriveSrtpSessionKeys(
      SrtpProfile::kAeadAes256Gcm,
      MasterKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                "a0a1a2a3a4a5a6a7a8a9aaab"));
  ASSERT_TRUE(keys);
  EXPECT_EQ(First(keys->rtp.key, 32),
            FromHex("b7a435ce454463b760dc82c838468a115c699625af4b93a0f8220a2a6119c5d0"));
  EXPECT_EQ(First(keys->rtp.salt, 12), FromHex("944bd21c268a962cd09c674a"));
  EXPECT_EQ(First(keys->rtcp.key, 32),
            FromHex("3c90f52a0a13ff8a853397cadc245b9eac76b36edb4a6062bf624aa1174eebf2"));
  EXPECT_EQ(First(keys->rtcp.salt, 12), FromHex("258c540cf38ddd40848ceaed"));
}

TEST(SrtpKdfTest, BytesThatDoNotBelongToTheProfileNeitherCountNorAppear) {
  SrtpMasterKey master = MasterKey("000102030405060708090a0b0c0d0e0f", "a0a1a2a3a4a5a6a7a8a9aaab");
  const auto keys = DeriveSrtpSessionKeys(SrtpProfile::kAeadAes128Gcm, master);
  master.key[16] = 1;
  master.salt[12] = 1;
  const auto same = DeriveSrtpSessionKeys(SrtpProfile::kAeadAes128Gcm, master);
  ASSERT_TRUE(keys && same);
  EXPECT_EQ(keys->rtp.key, same->rtp.key);
  EXPECT_EQ(keys->rtp.salt, same->rtp.salt);
  EXPECT_EQ(std::count(keys->rtp.key.begin() + 16, keys->rtp.key.end(), 0), 16);
  EXPECT_EQ(std::count(keys->rtp.salt.begin() + 12, keys->rtp.salt.end(), 0), 2);
  EXPECT_EQ(std::count(keys->rtp.auth.begin(), keys->rtp.auth.end(), 0), 20);
}

}  // namespace
}  // namespace remotemedia
