// AES-CTR against NIST SP 800-38A appendix F.5.
#include "core/crypto/aes_ctr.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

const Bytes kCounter = FromHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
const Bytes kPlaintext = FromHex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

struct Vector {
  Bytes key;
  Bytes ciphertext;
};

const Vector kVectors[] = {
    {FromHex("2b7e151628aed2a6abf7158809cf4f3c"),
     FromHex("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
             "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee")},
    {FromHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
     FromHex("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
             "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6")},
};

std::span<const uint8_t, AesCtr::kIvSize> Iv() {
  return std::span(kCounter).first<AesCtr::kIvSize>();
}

TEST(AesCtrTest, EncryptsTheVectorsElsewhereAndInPlace) {
  for (const Vector& vector : kVectors) {
    auto ctr = AesCtr::Create(vector.key);
    ASSERT_TRUE(ctr);
    Bytes out(kPlaintext.size());
    ASSERT_TRUE(ctr->Crypt(Iv(), kPlaintext, out.data()));
    EXPECT_EQ(out, vector.ciphertext);
    Bytes in_place = kPlaintext;
    ASSERT_TRUE(ctr->Crypt(Iv(), in_place, in_place.data()));
    EXPECT_EQ(in_place, vector.ciphertext);
  }
}

TEST(AesCtrTest, AnIvStartsTheKeystreamAnewAfterAPartialBlock) {
  auto ctr = AesCtr::Create(kVectors[0].key);
  Bytes first(5);
  ASSERT_TRUE(ctr->Crypt(Iv(), std::span(kPlaintext).first(5), first.data()));
  Bytes whole(kPlaintext.size());
  ASSERT_TRUE(ctr->Crypt(Iv(), kPlaintext, whole.data()));
  EXPECT_EQ(whole, kVectors[0].ciphertext);
}

TEST(AesCtrTest, NothingToEncryptIsAllowed) {
  auto ctr = AesCtr::Create(kVectors[0].key);
  uint8_t untouched = 7;
  EXPECT_TRUE(ctr->Crypt(Iv(), {}, &untouched));
  EXPECT_EQ(untouched, 7);
}

TEST(AesCtrTest, KeysOfOtherSizesAreRefused) {
  for (const size_t size : {0, 15, 17, 24, 31, 33}) {
    EXPECT_FALSE(AesCtr::Create(Bytes(size))) << size;
  }
}

}  // namespace
}  // namespace remotemedia
