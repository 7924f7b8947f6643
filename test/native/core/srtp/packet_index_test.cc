#include "core/srtp/packet_index.h"

#include <gtest/gtest.h>

namespace remotemedia {
namespace {

constexpr uint64_t Index(uint64_t roc, uint64_t sequence_number) {
  return roc << 16 | sequence_number;
}

TEST(PacketIndexTest, NearbySequenceNumbersKeepTheRollOverCounter) {
  EXPECT_EQ(EstimatePacketIndex(Index(7, 1'000), 1'001), Index(7, 1'001));
  EXPECT_EQ(EstimatePacketIndex(Index(7, 1'000), 999), Index(7, 999));
  EXPECT_EQ(EstimatePacketIndex(Index(7, 1'000), 1'000), Index(7, 1'000));
}

TEST(PacketIndexTest, ASmallNumberAfterALargeOneIsInTheNextCycle) {
  EXPECT_EQ(EstimatePacketIndex(Index(7, 65'535), 0), Index(8, 0));
  EXPECT_EQ(EstimatePacketIndex(Index(0, 65'000), 100), Index(1, 100));
}

TEST(PacketIndexTest, ALargeNumberAfterASmallOneIsInThePreviousCycle) {
  EXPECT_EQ(EstimatePacketIndex(Index(8, 0), 65'535), Index(7, 65'535));
  EXPECT_EQ(EstimatePacketIndex(Index(1, 100), 65'000), Index(0, 65'000));
}

TEST(PacketIndexTest, ExactlyHalfACycleAwayStaysInTheCycleAsTheRfcHasIt) {
  EXPECT_EQ(EstimatePacketIndex(Index(7, 0), 0x8000), Index(7, 0x8000));
  EXPECT_EQ(EstimatePacketIndex(Index(7, 0), 0x8001), Index(6, 0x8001));
  EXPECT_EQ(EstimatePacketIndex(Index(7, 0x8000), 0), Index(7, 0));
  EXPECT_EQ(EstimatePacketIndex(Index(7, 0x8001), 0), Index(8, 0));
}

TEST(PacketIndexTest, ThereIsNothingBeforeTheFirstCycle) {
  EXPECT_EQ(EstimatePacketIndex(Index(0, 10), 65'530), std::nullopt);
}

TEST(PacketIndexTest, ThereIsNothingAfterTheLastCycle) {
  EXPECT_EQ(EstimatePacketIndex(kMaxPacketIndex - 1, 65'535), kMaxPacketIndex);
  EXPECT_EQ(EstimatePacketIndex(kMaxPacketIndex, 0), std::nullopt);
}

TEST(PacketIndexTest, FollowsASenderForThreeCyclesInStepsBelowHalfACycle) {
  for (const uint64_t step : {1, 999, 0x7fff}) {
    uint64_t highest = 12;
    for (uint64_t index = highest; index < Index(3, 500); index += step) {
      ASSERT_EQ(EstimatePacketIndex(highest, static_cast<uint16_t>(index)), index) << step;
      highest = index;
    }
  }
}

}  // namespace
}  // namespace remotemedia
