#include "core/routing/stream_rewriter.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/seeded_random.h"

namespace remotemedia {
namespace {

constexpr uint32_t kClockRate = 90'000;
constexpr uint16_t kFirst = 1'000;
constexpr uint32_t kFirstTimestamp = 0xFFFF'F000;
constexpr Timestamp kStart = Timestamp::Millis(1'000'000);

class StreamRewriterTest : public testing::Test {
 protected:
  int64_t Map(int64_t number, uint32_t timestamp = 0) {
    const auto output = rewriter.Map(now, number, timestamp);
    EXPECT_TRUE(output);
    return output ? output->sequence_number : -1;
  }
  bool IsDropped(int64_t number) { return !rewriter.Map(now, number, 0); }

  StreamRewriter rewriter{kClockRate, kFirst, kFirstTimestamp};
  Timestamp now = kStart;
};

TEST_F(StreamRewriterTest, BeginsWithTheNumbersItWasGiven) {
  rewriter.Start(now, 70'000, 5);
  const auto output = rewriter.Map(now, 70'000, 5);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->sequence_number, kFirst);
  EXPECT_EQ(output->timestamp, kFirstTimestamp);
}

TEST_F(StreamRewriterTest, NothingHasANumberBeforeStart) {
  EXPECT_TRUE(IsDropped(5));
  rewriter.Skip(5);
  EXPECT_FALSE(rewriter.SourceOf(kFirst));
}

TEST_F(StreamRewriterTest, LossesStayVisible) {
  rewriter.Start(now, 10, 0);
  EXPECT_EQ(Map(10), kFirst);
  EXPECT_EQ(Map(14), kFirst + 4);
  EXPECT_EQ(Map(12), kFirst + 2);
}

TEST_F(StreamRewriterTest, WhatCameBeforeTheStartIsDropped) {
  rewriter.Start(now, 10, 0);
  EXPECT_TRUE(IsDropped(9));
  EXPECT_EQ(Map(10), kFirst);
  EXPECT_TRUE(IsDropped(9));
}

TEST_F(StreamRewriterTest, ASecondSourceGoesOnWhereTheFirstEnded) {
  rewriter.Start(now, 10, 500);
  Map(10, 500);
  Map(12, 3'500);
  now = now + Duration::Millis(100);
  rewriter.Start(now, 60'000, 7);
  EXPECT_EQ(Map(60'000, 7), kFirst + 3);
  EXPECT_EQ(rewriter.MapTimestamp(7), kFirstTimestamp + 3'000 + 9'000);
  // The first source's numbers mean nothing any more.
  EXPECT_FALSE(rewriter.SourceOf(kFirst + 2));
  EXPECT_EQ(rewriter.SourceOf(kFirst + 3), 60'000);
}

TEST_F(StreamRewriterTest, TimestampsMoveOnEvenIfNoTimeHasPassed) {
  rewriter.Start(now, 10, 500);
  Map(10, 500);
  rewriter.Start(now, 20, 500);
  EXPECT_EQ(rewriter.MapTimestamp(500), kFirstTimestamp + 1);
}

TEST_F(StreamRewriterTest, TimestampsFollowAPauseLongerThanTheyWrap) {
  rewriter.Start(now, 10, 0);
  Map(10, 0);
  const Duration pause = Duration::Seconds(3 * 24 * 3'600);
  now = now + pause;
  rewriter.Start(now, 11, 0);
  const auto ticks = static_cast<uint32_t>(pause.micros() / 1'000'000 * kClockRate);
  EXPECT_EQ(rewriter.MapTimestamp(0), kFirstTimestamp + ticks);
}

TEST_F(StreamRewriterTest, SkippedPacketsLeaveNoGap) {
  rewriter.Start(now, 10, 0);
  EXPECT_EQ(Map(10), kFirst);
  for (int64_t number = 11; number < 200; ++number) rewriter.Skip(number);
  EXPECT_EQ(Map(200), kFirst + 1);
  EXPECT_EQ(rewriter.SourceOf(kFirst + 1), 200);
  EXPECT_TRUE(IsDropped(150));
}

TEST_F(StreamRewriterTest, PacketsLateBehindASkipKeepTheirPlaces) {
  rewriter.Start(now, 10, 0);
  Map(10);
  rewriter.Skip(13);
  EXPECT_EQ(Map(14), kFirst + 3);
  EXPECT_EQ(Map(11), kFirst + 1);
  EXPECT_EQ(Map(12), kFirst + 2);
  EXPECT_EQ(rewriter.SourceOf(kFirst + 2), 12);
  EXPECT_EQ(rewriter.SourceOf(kFirst + 3), 14);
}

TEST_F(StreamRewriterTest, AGapStaysWhenLaterPacketsAreOut) {
  rewriter.Start(now, 10, 0);
  Map(10);
  EXPECT_EQ(Map(12), kFirst + 2);
  rewriter.Skip(11);
  EXPECT_EQ(Map(13), kFirst + 3);
}

TEST_F(StreamRewriterTest, TheLastNumberIsTheHighestWritten) {
  rewriter.Start(now, 10, 0);
  EXPECT_EQ(rewriter.last_sequence_number(), kFirst - 1);
  Map(12);
  Map(11);
  EXPECT_EQ(rewriter.last_sequence_number(), kFirst + 2);
  EXPECT_FALSE(rewriter.SourceOf(kFirst + 3));
}

TEST_F(StreamRewriterTest, CountsOnPastTheWrapOfSequenceNumbers) {
  rewriter.Start(now, 10, 0);
  int64_t last = 0;
  for (int64_t number = 10; number < 200'000; ++number) last = Map(number);
  EXPECT_EQ(last, kFirst + 200'000 - 11);
}

// Over any mixture of sources, losses, reordering and skips: no number is written for two packets,
// each has its source, and numbers are in the order of the packets.
TEST(StreamRewriterPropertyTest, SourceOfIsTheInverseOfMap) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    StreamRewriter rewriter(kClockRate, kFirst, kFirstTimestamp);
    std::set<int64_t> written;
    Timestamp now = kStart;
    for (int source = 0; source < 5; ++source) {
      const auto first = static_cast<int64_t>(random.Below(100'000));
      rewriter.Start(now, first, random.Next32());
      const int64_t before = rewriter.last_sequence_number();
      std::map<int64_t, int64_t> outputs;  // by source number
      std::set<int64_t> skipped;
      for (int64_t i = 0; i < 400; ++i) {
        now = now + Duration::Millis(5);
        const int64_t number = first + i - static_cast<int64_t>(random.Below(8));
        if (outputs.contains(number) || skipped.contains(number)) continue;
        if (random.Chance(0.1)) {
          rewriter.Skip(number);
          skipped.insert(number);
          continue;
        }
        const auto output = rewriter.Map(now, number, static_cast<uint32_t>(number));
        if (number < first) {
          EXPECT_FALSE(output);
          continue;
        }
        if (!output) continue;
        EXPECT_GT(output->sequence_number, before);
        EXPECT_TRUE(written.insert(output->sequence_number).second);
        outputs[number] = output->sequence_number;
        EXPECT_EQ(rewriter.SourceOf(output->sequence_number), number);
      }
      int64_t last = before;
      for (const auto& [number, output] : outputs) {
        EXPECT_GT(output, last);
        last = output;
      }
    }
  }
}

}  // namespace
}  // namespace remotemedia
