#include "core/crypto/constant_time.h"

#include <gtest/gtest.h>

#include <array>

namespace remotemedia {
namespace {

TEST(ConstantTimeEqualTest, EqualBytesAreEqual) {
  const std::array<uint8_t, 3> a = {1, 2, 3};
  const std::array<uint8_t, 3> b = {1, 2, 3};
  EXPECT_TRUE(ConstantTimeEqual(a, b));
  EXPECT_TRUE(ConstantTimeEqual({}, {}));
}

TEST(ConstantTimeEqualTest, OneDifferentBitAnywhereMakesADifference) {
  const std::array<uint8_t, 20> a{};
  for (size_t bit = 0; bit < a.size() * 8; ++bit) {
    auto b = a;
    b[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(ConstantTimeEqual(a, b)) << "bit " << bit;
  }
}

TEST(ConstantTimeEqualTest, APrefixIsNotEqual) {
  const std::array<uint8_t, 3> a = {1, 2, 3};
  EXPECT_FALSE(ConstantTimeEqual(a, std::span(a).first(2)));
  EXPECT_FALSE(ConstantTimeEqual({}, a));
}

}  // namespace
}  // namespace remotemedia
