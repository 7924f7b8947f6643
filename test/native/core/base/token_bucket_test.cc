#include "core/base/token_bucket.h"

#include <gtest/gtest.h>

namespace remotemedia {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);

int TakeAll(TokenBucket& bucket, Timestamp now) {
  int taken = 0;
  while (bucket.Take(now)) ++taken;
  return taken;
}

TEST(TokenBucketTest, StartsFull) {
  TokenBucket bucket(10, 5);
  EXPECT_EQ(TakeAll(bucket, kStart), 5);
}

TEST(TokenBucketTest, RefillsAtItsRate) {
  TokenBucket bucket(10, 5);
  TakeAll(bucket, kStart);
  EXPECT_FALSE(bucket.Take(kStart + Duration::Millis(99)));
  EXPECT_EQ(TakeAll(bucket, kStart + Duration::Millis(301)), 3);
}

TEST(TokenBucketTest, HoldsNoMoreThanTheBurst) {
  TokenBucket bucket(10, 5);
  TakeAll(bucket, kStart);
  EXPECT_EQ(TakeAll(bucket, kStart + Duration::Seconds(60)), 5);
}

TEST(TokenBucketTest, NeverGivesMoreThanRateAndBurstTogether) {
  TokenBucket bucket(400, 128);
  int taken = 0;
  for (int ms = 0; ms <= 10'000; ++ms) taken += TakeAll(bucket, kStart + Duration::Millis(ms));
  EXPECT_GE(taken, 4'000 + 127);
  EXPECT_LE(taken, 4'000 + 128);
}

TEST(TokenBucketTest, TimeThatGoesBackGivesNothing) {
  TokenBucket bucket(10, 1);
  ASSERT_TRUE(bucket.Take(kStart));
  EXPECT_FALSE(bucket.Take(kStart - Duration::Seconds(10)));
  EXPECT_FALSE(bucket.Take(kStart));
}

}  // namespace
}  // namespace remotemedia
