// HMAC-SHA1 against the vectors of RFC 2202 section 3.
#include "core/crypto/hmac_sha1.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

struct Vector {
  Bytes key;
  Bytes data;
  std::string digest;
};

Bytes Text(const std::string& text) { return Bytes(text.begin(), text.end()); }

std::vector<Vector> Rfc2202() {
  return {
      {Bytes(20, 0x0b), Text("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00"},
      {Text("Jefe"), Text("what do ya want for nothing?"),
       "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
      {Bytes(20, 0xaa), Bytes(50, 0xdd), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
      {FromHex("0102030405060708090a0b0c0d0e0f10111213141516171819"), Bytes(50, 0xcd),
       "4c9007f4026250c6bc8414f9bf50c86c2d7235da"},
      {Bytes(20, 0x0c), Text("Test With Truncation"), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"},
      {Bytes(80, 0xaa), Text("Test Using Larger Than Block-Size Key - Hash Key First"),
       "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
      {Bytes(80, 0xaa),
       Text("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"),
       "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
  };
}

Bytes ToBytes(const std::array<uint8_t, kHmacSha1Size>& digest) {
  return Bytes(digest.begin(), digest.end());
}

TEST(HmacSha1Test, MatchesTheVectorsOfRfc2202) {
  for (const Vector& vector : Rfc2202()) {
    EXPECT_EQ(ToBytes(HmacSha1(vector.key, vector.data)), FromHex(vector.digest));
  }
}

TEST(HmacSha1Test, AKeySignsSeveralMessagesAndEachInTwoParts) {
  for (const Vector& vector : Rfc2202()) {
    const HmacSha1Key key(vector.key);
    const std::span<const uint8_t> data = vector.data;
    for (size_t cut = 0; cut <= data.size(); ++cut) {
      EXPECT_EQ(ToBytes(key.Sign(data.first(cut), data.subspan(cut))), FromHex(vector.digest));
    }
  }
}

TEST(HmacSha1Test, AShorterKeyCountsAsPaddedWithZerosToOneBlockAndNoFurther) {
  const Bytes data = Text("data");
  Bytes key(63, 0x42);
  const auto shorter = HmacSha1(key, data);
  key.push_back(0);
  EXPECT_EQ(HmacSha1(key, data), shorter);
  key.push_back(0);
  EXPECT_NE(HmacSha1(key, data), shorter);
}

TEST(HmacSha1Test, AnEmptyKeyAndAnEmptyMessageAreAllowed) {
  // RFC 2104 with nothing at all; a value published for many implementations.
  EXPECT_EQ(ToBytes(HmacSha1({}, {})), FromHex("fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"));
}

}  // namespace
}  // namespace remotemedia
