#include "core/base/sequence_number.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace remotemedia {
namespace {

TEST(SequenceNumberTest, TheDistanceIsTheShorterWayAround) {
  EXPECT_EQ(CircularDistance<uint16_t>(10, 15), 5);
  EXPECT_EQ(CircularDistance<uint16_t>(15, 10), -5);
  EXPECT_EQ(CircularDistance<uint16_t>(65'535, 2), 3);
  EXPECT_EQ(CircularDistance<uint16_t>(2, 65'535), -3);
  EXPECT_EQ(CircularDistance<uint32_t>(0xFFFFFFFF, 1), 2);
  EXPECT_EQ(CircularDistance<uint16_t>(0, 32'767), 32'767);
}

TEST(SequenceNumberTest, NewerMeansAheadByLessThanHalfTheCircle) {
  EXPECT_TRUE(IsNewer<uint16_t>(1, 0));
  EXPECT_TRUE(IsNewer<uint16_t>(0, 65'535));
  EXPECT_FALSE(IsNewer<uint16_t>(65'535, 0));
  EXPECT_FALSE(IsNewer<uint16_t>(7, 7));
  EXPECT_TRUE(IsNewer<uint32_t>(90'000, 0xFFFFF000));
}

TEST(UnwrapperTest, CountsOnOverManyTurns) {
  SequenceNumberUnwrapper unwrapper;
  const int64_t first = unwrapper.Unwrap(60'000);
  for (int64_t i = 1; i < 300'000; ++i) {
    ASSERT_EQ(unwrapper.Unwrap(static_cast<uint16_t>(60'000 + i)), first + i);
  }
  EXPECT_EQ(unwrapper.last(), first + 299'999);
}

TEST(UnwrapperTest, PutsLateValuesBehindTheHighestWithoutMovingIt) {
  SequenceNumberUnwrapper unwrapper;
  const int64_t first = unwrapper.Unwrap(2);
  EXPECT_EQ(unwrapper.Unwrap(65'534), first - 4);
  EXPECT_EQ(unwrapper.last(), first);
  EXPECT_EQ(unwrapper.Unwrap(3), first + 1);
}

TEST(UnwrapperTest, ValuesBeforeTheFirstStayPositive) {
  SequenceNumberUnwrapper unwrapper;
  unwrapper.Unwrap(0);
  EXPECT_GT(unwrapper.Unwrap(40'000), 0);
}

TEST(UnwrapperTest, PeekAnswersTheSameAndFollowsNothing) {
  Unwrapper<uint32_t> unwrapper;
  EXPECT_FALSE(unwrapper.started());
  const int64_t peeked = unwrapper.Peek(0xFFFFFFF0);
  EXPECT_FALSE(unwrapper.started());
  EXPECT_EQ(unwrapper.Unwrap(0xFFFFFFF0), peeked);
  EXPECT_EQ(unwrapper.Peek(0x10), peeked + 0x20);
  EXPECT_EQ(unwrapper.last(), peeked);
}

TEST(UnwrapperTest, FollowsAShuffledStream) {
  std::vector<int64_t> numbers(100'000);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int64_t>(i);
  std::mt19937 random(7);
  for (size_t i = 0; i + 50 < numbers.size(); i += 50) {
    std::shuffle(numbers.begin() + static_cast<ptrdiff_t>(i),
                 numbers.begin() + static_cast<ptrdiff_t>(i + 50), random);
  }
  SequenceNumberUnwrapper unwrapper;
  const int64_t offset = unwrapper.Unwrap(static_cast<uint16_t>(numbers[0])) - numbers[0];
  for (const int64_t number : numbers) {
    ASSERT_EQ(unwrapper.Unwrap(static_cast<uint16_t>(number)), number + offset);
  }
}

}  // namespace
}  // namespace remotemedia
