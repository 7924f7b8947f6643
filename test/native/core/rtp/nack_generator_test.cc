#include "core/rtp/nack_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace remotemedia {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Numbers = std::vector<uint16_t>;

class NackGeneratorTest : public testing::Test {
 protected:
  void Receive(int64_t number) { nacks_.OnPacket(now_, static_cast<uint16_t>(number), false); }
  void Recover(int64_t number) { nacks_.OnPacket(now_, static_cast<uint16_t>(number), true); }
  void ReceiveAll(int64_t first, int64_t end) {
    for (int64_t n = first; n < end; ++n) Receive(n);
  }

  Numbers Due() {
    std::array<uint16_t, 2'000> out;
    const size_t count = nacks_.GetDue(now_, out);
    return {out.begin(), out.begin() + count};
  }

  Numbers DueAfter(Duration delay) {
    now_ = now_ + delay;
    return Due();
  }

  // Runs the generator's own timers until it is idle, and answers all it asked for.
  Numbers RunUntilIdle() {
    Numbers all;
    while (const auto timeout = nacks_.PollTimeout()) {
      now_ = std::max(now_, *timeout);
      for (const uint16_t number : Due()) all.push_back(number);
    }
    return all;
  }

  static constexpr Duration kTolerance = NackGenerator::kReorderingTolerance;

  Timestamp now_ = Timestamp::Millis(5'000);
  NackGenerator nacks_;
};

TEST_F(NackGeneratorTest, AsksForNothingInACompleteStream) {
  ReceiveAll(65'000, 66'000);
  EXPECT_FALSE(nacks_.PollTimeout());
  EXPECT_THAT(DueAfter(Duration::Seconds(1)), IsEmpty());
  EXPECT_FALSE(nacks_.TakeKeyframeNeeded());
}

TEST_F(NackGeneratorTest, AsksForAGapOnceItIsNoReordering) {
  ReceiveAll(0, 10);
  Receive(12);
  EXPECT_EQ(nacks_.PollTimeout(), now_ + kTolerance);
  EXPECT_THAT(DueAfter(kTolerance - Duration::Micros(1)), IsEmpty());
  EXPECT_THAT(DueAfter(Duration::Micros(1)), ElementsAre(10, 11));
}

TEST_F(NackGeneratorTest, DoesNotAskForPacketsThatCameInAnotherOrder) {
  Receive(0);
  Receive(3);
  Receive(1);
  Receive(2);
  EXPECT_FALSE(nacks_.PollTimeout());
  EXPECT_THAT(DueAfter(kTolerance), IsEmpty());
}

TEST_F(NackGeneratorTest, AsksAcrossTheWrap) {
  Receive(65'534);
  Receive(65'537);
  EXPECT_THAT(DueAfter(kTolerance), ElementsAre(65'535, 0));
}

TEST_F(NackGeneratorTest, AsksAgainAfterTheRoundTripTimeAndAQuarter) {
  nacks_.OnRtt(Duration::Millis(200));
  Receive(0);
  Receive(2);
  EXPECT_THAT(DueAfter(kTolerance), ElementsAre(1));
  EXPECT_THAT(DueAfter(Duration::Millis(249)), IsEmpty());
  EXPECT_THAT(DueAfter(Duration::Millis(1)), ElementsAre(1));
}

TEST_F(NackGeneratorTest, DoesNotAskFasterThanTheMinimumOnShortPaths) {
  nacks_.OnRtt(Duration::Millis(1));
  Receive(0);
  Receive(2);
  EXPECT_THAT(DueAfter(kTolerance), ElementsAre(1));
  EXPECT_EQ(nacks_.PollTimeout(), now_ + NackGenerator::kMinRetryInterval);
  EXPECT_THAT(DueAfter(NackGenerator::kMinRetryInterval), ElementsAre(1));
}

TEST_F(NackGeneratorTest, StopsAskingWhenTheRetransmissionArrives) {
  Receive(0);
  Receive(3);
  EXPECT_THAT(DueAfter(kTolerance), ElementsAre(1, 2));
  Recover(1);
  EXPECT_THAT(DueAfter(Duration::Millis(200)), ElementsAre(2));
  Recover(2);
  EXPECT_FALSE(nacks_.PollTimeout());
  EXPECT_FALSE(nacks_.TakeKeyframeNeeded());
}

TEST_F(NackGeneratorTest, GivesUpAfterTheLastRequestAndNeedsAKeyframe) {
  nacks_.OnRtt(Duration::Millis(20));
  Receive(0);
  Receive(2);
  EXPECT_EQ(RunUntilIdle(), Numbers(NackGenerator::kMaxRequests, 1));
  EXPECT_EQ(nacks_.missing(), 0u);
  EXPECT_TRUE(nacks_.TakeKeyframeNeeded());
  EXPECT_FALSE(nacks_.TakeKeyframeNeeded()) << "it is told once";
}

TEST_F(NackGeneratorTest, GivesUpOnPacketsThatHaveBecomeTooOld) {
  nacks_.OnRtt(Duration::Millis(400));
  const Timestamp noticed = now_;
  Receive(0);
  Receive(2);
  EXPECT_EQ(RunUntilIdle(), Numbers(3, 1));
  EXPECT_EQ(now_, noticed + NackGenerator::kMaxAge);
  EXPECT_TRUE(nacks_.TakeKeyframeNeeded());
}

TEST_F(NackGeneratorTest, NeedsNoKeyframeWhenOneCameAfterTheLoss) {
  Receive(0);
  Receive(2);
  Receive(3);
  nacks_.OnKeyframe(3);
  RunUntilIdle();
  EXPECT_FALSE(nacks_.TakeKeyframeNeeded());

  Receive(5);
  RunUntilIdle();
  EXPECT_TRUE(nacks_.TakeKeyframeNeeded()) << "4 belongs to the keyframe or comes after it";
}

TEST_F(NackGeneratorTest, HandsOutWhatIsDueInPortions) {
  Receive(0);
  Receive(6);
  now_ = now_ + kTolerance;
  std::array<uint16_t, 3> out;
  EXPECT_EQ(nacks_.GetDue(now_, out), 3u);
  EXPECT_THAT(out, ElementsAre(1, 2, 3));
  EXPECT_LE(nacks_.PollTimeout(), now_);
  EXPECT_EQ(nacks_.GetDue(now_, out), 2u);
  EXPECT_EQ(out[0], 4);
  EXPECT_EQ(nacks_.GetDue(now_, out), 0u);
}

TEST_F(NackGeneratorTest, RestartsAfterAJumpEitherWay) {
  for (const int64_t target : {1'500, -2'000}) {
    nacks_ = NackGenerator();
    Receive(0);
    Receive(2);
    Receive(target);
    EXPECT_TRUE(nacks_.TakeKeyframeNeeded()) << target;
    EXPECT_EQ(nacks_.missing(), 0u);
    Receive(target + 2);
    EXPECT_THAT(DueAfter(kTolerance), ElementsAre(static_cast<uint16_t>(target + 1)));
  }
}

TEST_F(NackGeneratorTest, IsNotRestartedByARecoveredPacket) {
  Recover(7'000);
  Receive(0);
  Receive(2);
  Recover(20'000);
  EXPECT_EQ(nacks_.missing(), 1u);
  EXPECT_FALSE(nacks_.TakeKeyframeNeeded());
}

TEST_F(NackGeneratorTest, TakesARecoveredPacketAheadOfTheOthersAsReceived) {
  Receive(0);
  Recover(2);
  Receive(3);
  EXPECT_THAT(DueAfter(kTolerance), ElementsAre(1));
}

TEST_F(NackGeneratorTest, DropsTheOldestBeyondItsBound) {
  Receive(0);
  Receive(600);
  EXPECT_FALSE(nacks_.TakeKeyframeNeeded());
  Receive(1'200);
  EXPECT_EQ(nacks_.missing(), static_cast<size_t>(NackGenerator::kMaxMissing));
  EXPECT_TRUE(nacks_.TakeKeyframeNeeded());
  const Numbers due = DueAfter(kTolerance);
  ASSERT_EQ(due.size(), static_cast<size_t>(NackGenerator::kMaxMissing));
  EXPECT_EQ(due.front(), 199);  // 198 of the 1,198 missing ones are gone: 1 to 198
  EXPECT_EQ(due.back(), 1'199);
}

TEST_F(NackGeneratorTest, RepairsAStreamWithTenPercentLoss) {
  nacks_.OnRtt(Duration::Millis(40));
  std::vector<bool> received(20'000);
  std::vector<std::pair<Timestamp, uint16_t>> retransmissions;
  uint32_t random = 1;
  const auto is_lost = [&] { return (random = random * 1'664'525 + 1'013'904'223) >> 8 & 1; };
  const auto deliver = [&] {
    for (auto& [time, number] : retransmissions) {
      if (time > now_ || received[number]) continue;
      received[number] = true;
      Recover(number);
    }
    std::erase_if(retransmissions, [&](const auto& r) { return r.first <= now_; });
  };
  for (int n = 0; n < 20'000; ++n) {
    now_ = now_ + Duration::Millis(2);
    const bool lost = n % 10 == 3;
    if (!lost) {
      received[n] = true;
      Receive(n);
    }
    // Half of the retransmissions are lost again.
    for (const uint16_t number : Due()) {
      if (!is_lost()) retransmissions.emplace_back(now_ + Duration::Millis(40), number);
    }
    deliver();
  }
  const auto delivered = std::count(received.begin(), received.end(), true);
  EXPECT_GE(delivered, 19'990);
}

}  // namespace
}  // namespace remotemedia
