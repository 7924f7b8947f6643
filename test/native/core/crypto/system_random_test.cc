#include "core/crypto/system_random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace remotemedia {
namespace {

TEST(SystemRandomTest, FillsEveryByteAndNothingBeyond) {
  SystemRandom random;
  std::array<uint8_t, 34> ever_set{};
  for (int i = 0; i < 64; ++i) {
    std::array<uint8_t, 34> bytes{};
    random.Fill(std::span(bytes).subspan(1, 32));
    for (size_t j = 0; j < bytes.size(); ++j) ever_set[j] |= bytes[j];
  }
  EXPECT_EQ(ever_set.front(), 0);
  EXPECT_EQ(ever_set.back(), 0);
  for (size_t j = 1; j < 33; ++j) EXPECT_NE(ever_set[j], 0) << "byte " << j;
}

TEST(SystemRandomTest, NumbersDoNotRepeat) {
  SystemRandom random;
  std::set<uint64_t> numbers;
  for (int i = 0; i < 1'000; ++i) numbers.insert(random.Next64());
  EXPECT_EQ(numbers.size(), 1'000u);
}

TEST(SystemRandomTest, FillingNothingIsAllowed) {
  SystemRandom random;
  random.Fill({});
  uint8_t untouched = 7;
  random.Fill({&untouched, 0});
  EXPECT_EQ(untouched, 7);
}

}  // namespace
}  // namespace remotemedia
