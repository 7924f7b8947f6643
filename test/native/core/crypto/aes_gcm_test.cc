// AES-GCM against test cases 1, 2, 4, 14 and 16 of "The Galois/Counter Mode of Operation" (McGrew
// and Viega), the paper that defined it.
#include "core/crypto/aes_gcm.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

const char kPlaintext[] =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
const char kAssociatedData[] = "feedfacedeadbeeffeedfacedeadbeefabaddad2";

struct Vector {
  std::string key, nonce, associated_data, plaintext, ciphertext, tag;
};

std::vector<Vector> Vectors() {
  const std::string zero_key(32, '0');
  const std::string zero_nonce(24, '0');
  return {
      {zero_key, zero_nonce, "", "", "", "58e2fccefa7e3061367f1d57a4e7455a"},
      {zero_key, zero_nonce, "", std::string(32, '0'), "0388dace60b6a392f328c2b971b2fe78",
       "ab6e47d42cec13bdf53a67b21257bddf"},
      {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", kAssociatedData, kPlaintext,
       "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
       "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
       "5bc94fbc3221a5db94fae95ae7121a47"},
      {zero_key + zero_key, zero_nonce, "", std::string(32, '0'),
       "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
      {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
       "cafebabefacedbaddecaf888", kAssociatedData, kPlaintext,
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
       "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
       "76fc6ece0f4e1768cddf8853bb2d551b"},
  };
}

std::span<const uint8_t, AesGcm::kNonceSize> Nonce(const Bytes& bytes) {
  return std::span(bytes).first<AesGcm::kNonceSize>();
}

TEST(AesGcmTest, SealsAndOpensTheVectorsAgainAndAgainWithOneContext) {
  for (const Vector& vector : Vectors()) {
    auto gcm = AesGcm::Create(FromHex(vector.key));
    ASSERT_TRUE(gcm);
    const Bytes nonce = FromHex(vector.nonce);
    const Bytes associated_data = FromHex(vector.associated_data);
    const Bytes plaintext = FromHex(vector.plaintext);
    const Bytes sealed = FromHex(vector.ciphertext + vector.tag);
    for (int round = 0; round < 3; ++round) {
      Bytes out(sealed.size());
      ASSERT_TRUE(gcm->Seal(Nonce(nonce), associated_data, plaintext, out.data()));
      EXPECT_EQ(out, sealed);
      ASSERT_TRUE(gcm->Open(Nonce(nonce), associated_data, out));
      EXPECT_EQ(Bytes(out.begin(), out.begin() + plaintext.size()), plaintext);
    }
  }
}

TEST(AesGcmTest, SealsInPlace) {
  const Vector vector = Vectors()[2];
  auto gcm = AesGcm::Create(FromHex(vector.key));
  Bytes data = FromHex(vector.plaintext);
  const size_t size = data.size();
  data.resize(size + AesGcm::kTagSize);
  ASSERT_TRUE(gcm->Seal(Nonce(FromHex(vector.nonce)), FromHex(vector.associated_data),
                        std::span(data).first(size), data.data()));
  EXPECT_EQ(data, FromHex(vector.ciphertext + vector.tag));
}

TEST(AesGcmTest, ADamagedPacketDoesNotOpenAndTheNextOneDoes) {
  const Vector vector = Vectors()[2];
  auto gcm = AesGcm::Create(FromHex(vector.key));
  const Bytes nonce = FromHex(vector.nonce);
  const Bytes associated_data = FromHex(vector.associated_data);
  const Bytes sealed = FromHex(vector.ciphertext + vector.tag);
  for (size_t i = 0; i < sealed.size(); ++i) {
    Bytes damaged = sealed;
    damaged[i] ^= 1;
    EXPECT_FALSE(gcm->Open(Nonce(nonce), associated_data, damaged)) << "byte " << i;
    Bytes intact = sealed;
    EXPECT_TRUE(gcm->Open(Nonce(nonce), associated_data, intact));
  }
  Bytes other_data = associated_data;
  other_data.back() ^= 1;
  Bytes intact = sealed;
  EXPECT_FALSE(gcm->Open(Nonce(nonce), other_data, intact));
}

TEST(AesGcmTest, LessThanATagDoesNotOpen) {
  const Vector vector = Vectors()[0];
  auto gcm = AesGcm::Create(FromHex(vector.key));
  Bytes tag = FromHex(vector.tag);
  for (size_t size = 0; size < tag.size(); ++size) {
    EXPECT_FALSE(gcm->Open(Nonce(FromHex(vector.nonce)), {}, std::span(tag).first(size)));
  }
}

TEST(AesGcmTest, KeysOfOtherSizesAreRefused) {
  for (const size_t size : {0, 15, 17, 24, 31, 33}) {
    EXPECT_FALSE(AesGcm::Create(Bytes(size))) << size;
  }
}

}  // namespace
}  // namespace remotemedia
