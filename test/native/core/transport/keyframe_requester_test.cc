#include "core/transport/keyframe_requester.h"

#include <gtest/gtest.h>

namespace remotemedia {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);

TEST(KeyframeRequesterTest, AsksAtOnceTheFirstTime) {
  KeyframeRequester requester;
  EXPECT_FALSE(requester.TakeDue(kStart));
  EXPECT_FALSE(requester.PollTimeout());
  requester.Request(kStart);
  EXPECT_EQ(requester.PollTimeout(), kStart);
  EXPECT_TRUE(requester.TakeDue(kStart));
  EXPECT_FALSE(requester.TakeDue(kStart));
}

TEST(KeyframeRequesterTest, RepeatsUntilTheKeyframeCame) {
  KeyframeRequester requester;
  requester.Request(kStart);
  requester.TakeDue(kStart);
  const Timestamp late = kStart + KeyframeRequester::kRetryInterval;
  EXPECT_FALSE(requester.TakeDue(late - Duration::Micros(1)));
  EXPECT_TRUE(requester.TakeDue(late));
  requester.OnKeyframe();
  EXPECT_FALSE(requester.PollTimeout());
  EXPECT_FALSE(requester.TakeDue(late + Duration::Seconds(60)));
}

TEST(KeyframeRequesterTest, ARequestTooSoonAfterTheLastWaits) {
  KeyframeRequester requester;
  requester.Request(kStart);
  requester.TakeDue(kStart);
  requester.OnKeyframe();
  const Timestamp soon = kStart + Duration::Millis(100);
  requester.Request(soon);
  EXPECT_FALSE(requester.TakeDue(soon));
  EXPECT_EQ(requester.PollTimeout(), kStart + KeyframeRequester::kMinInterval);
  EXPECT_TRUE(requester.TakeDue(kStart + KeyframeRequester::kMinInterval));
}

TEST(KeyframeRequesterTest, RequestsDoNotPutOffTheOneUnderWay) {
  KeyframeRequester requester;
  requester.Request(kStart);
  for (int ms = 0; ms < 100; ++ms) requester.Request(kStart + Duration::Millis(ms));
  EXPECT_EQ(requester.PollTimeout(), kStart);
}

}  // namespace
}  // namespace remotemedia
