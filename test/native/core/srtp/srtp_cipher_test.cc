// The transforms with session keys given directly, as the vectors of the RFCs give them.
#include "core/srtp/srtp_cipher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

SrtpSessionKeys SessionKeys(const char* key, const char* salt) {
  SrtpSessionKeys keys;
  const Bytes key_bytes = FromHex(key);
  const Bytes salt_bytes = FromHex(salt);
  for (SrtpSessionKey* half : {&keys.rtp, &keys.rtcp}) {
    std::copy(key_bytes.begin(), key_bytes.end(), half->key.begin());
    std::copy(salt_bytes.begin(), salt_bytes.end(), half->salt.begin());
  }
  return keys;
}

// RFC 7714 sections 16 and 17 share key, salt and packets.
constexpr char kSalt[] = "517569642070726f2071756f";
constexpr char kRtpHeader[] = "8040f17b 8041f8d3 5501a0b2";
constexpr char kRtpPayload[] =
    "47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573";
constexpr uint64_t kRtpIndex = 0xf17b;
constexpr char kRtcp[] =
    "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61"
    "deadbeef deadbeef deadbeef deadbeef deadbeef";
constexpr uint32_t kRtcpIndex = 0x5d4;

struct Rfc7714Vector {
  SrtpProfile profile;
  const char* key;
  const char* srtp;   // Encrypted payload and tag.
  const char* srtcp;  // The whole packet.
};

const Rfc7714Vector kRfc7714Vectors[] = {
    {SrtpProfile::kAeadAes128Gcm, "000102030405060708090a0b0c0d0e0f",
     "f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833"
     "899d7f27 beb16a91 52cf765e e4390cce",
     "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda"
     "4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4"},
    {SrtpProfile::kAeadAes256Gcm,
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b"
     "7aa3db36 dfffd6b0 f9bb7878 d7a76c13",
     "81c8000d 4d617273 d50ae4d1 f5ce5d30 4ba297e4 7d470c28 2c3ece5d bffe0a50 a2eaa5c1 110555be"
     "8415f658 c61de047 6f1b6fad 1d1eb30c 4446839f 57ff6f6c b26ac3be 800005d4"},
};

TEST(SrtpCipherTest, EncryptsTheSrtpPacketsOfRfc7714Section16) {
  for (const auto& vector : kRfc7714Vectors) {
    const auto cipher = SrtpCipher::Create(vector.profile, SessionKeys(vector.key, kSalt));
    ASSERT_TRUE(cipher);
    Bytes packet = FromHex(kRtpHeader);
    const size_t header_size = packet.size();
    const Bytes payload = FromHex(kRtpPayload);
    packet.resize(header_size + payload.size() + kMaxSrtpTrailer);
    ASSERT_TRUE(cipher->EncryptRtp(std::span(packet).first(header_size), payload, kRtpIndex,
                                   packet.data() + header_size));
    EXPECT_EQ(packet, FromHex(std::string(kRtpHeader) + vector.srtp));
  }
}

TEST(SrtpCipherTest, DecryptsTheSrtpPacketsOfRfc7714Section16) {
  for (const auto& vector : kRfc7714Vectors) {
    const auto cipher = SrtpCipher::Create(vector.profile, SessionKeys(vector.key, kSalt));
    Bytes packet = FromHex(std::string(kRtpHeader) + vector.srtp);
    ASSERT_TRUE(cipher->DecryptRtp(packet, 12, kRtpIndex));
    packet.resize(packet.size() - SrtpTagLength(vector.profile));
    EXPECT_EQ(packet, FromHex(std::string(kRtpHeader) + kRtpPayload));
  }
}

TEST(SrtpCipherTest, EncryptsTheSrtcpPacketsOfRfc7714Section17) {
  for (const auto& vector : kRfc7714Vectors) {
    const auto cipher = SrtpCipher::Create(vector.profile, SessionKeys(vector.key, kSalt));
    Bytes packet = FromHex(kRtcp);
    packet.resize(packet.size() + SrtcpTrailerLength(vector.profile));
    ASSERT_TRUE(cipher->EncryptRtcp(packet, kRtcpIndex));
    EXPECT_EQ(packet, FromHex(vector.srtcp));
  }
}

TEST(SrtpCipherTest, DecryptsTheSrtcpPacketsOfRfc7714Section17) {
  for (const auto& vector : kRfc7714Vectors) {
    const auto cipher = SrtpCipher::Create(vector.profile, SessionKeys(vector.key, kSalt));
    Bytes packet = FromHex(vector.srtcp);
    ASSERT_TRUE(cipher->DecryptRtcp(packet, kRtcpIndex));
    packet.resize(packet.size() - SrtcpTrailerLength(vector.profile));
    EXPECT_EQ(packet, FromHex(kRtcp));
  }
}

// With SSRC and index zero, a payload of zeros encrypts to the keystream.
TEST(SrtpCipherTest, AesCmMakesTheKeystreamOfRfc3711AppendixB2) {
  const auto cipher = SrtpCipher::Create(
      SrtpProfile::kAesCm128HmacSha1_80,
      SessionKeys("2B7E151628AED2A6ABF7158809CF4F3C", "F0F1F2F3F4F5F6F7F8F9FAFBFCFD"));
  ASSERT_TRUE(cipher);
  constexpr size_t kBlock = 16;
  constexpr size_t kHeader = 12;
  const Bytes zeros(0xff02 * kBlock);
  Bytes packet(kHeader + zeros.size() + kMaxSrtpTrailer);
  packet[0] = 0x80;
  ASSERT_TRUE(
      cipher->EncryptRtp(std::span(packet).first(kHeader), zeros, 0, packet.data() + kHeader));

  const auto block = [&](size_t number) {
    const auto bytes = std::span(packet).subspan(kHeader + number * kBlock, kBlock);
    return Bytes(bytes.begin(), bytes.end());
  };
  EXPECT_EQ(block(0x0000), FromHex("E03EAD0935C95E80E166B16DD92B4EB4"));
  EXPECT_EQ(block(0x0001), FromHex("D23513162B02D0F72A43A2FE4A5F97AB"));
  EXPECT_EQ(block(0x0002), FromHex("41E95B3BB0A2E8DD477901E4FCA894C0"));
  EXPECT_EQ(block(0xfeff), FromHex("EC8CDF7398607CB0F2D21675EA9EA1E4"));
  EXPECT_EQ(block(0xff00), FromHex("362B7C3C6773516318A077D7FC5073AE"));
  EXPECT_EQ(block(0xff01), FromHex("6A2CC3787889374FBEB4C81B17BA6C44"));
}

}  // namespace
}  // namespace remotemedia
