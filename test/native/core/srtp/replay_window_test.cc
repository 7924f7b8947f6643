#include "core/srtp/replay_window.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace remotemedia {
namespace {

constexpr uint64_t kSize = 128;
using Window = ReplayWindow<kSize>;

TEST(ReplayWindowTest, EveryIndexIsFreshOnceIncludingTheVeryFirst) {
  Window window;
  for (const uint64_t index : {0, 1, 2, 5, 4, 3}) {
    EXPECT_TRUE(window.IsFresh(index)) << index;
    window.Accept(index);
    EXPECT_FALSE(window.IsFresh(index)) << index;
  }
  EXPECT_EQ(window.highest(), 5u);
}

TEST(ReplayWindowTest, AskingChangesNothing) {
  Window window;
  window.Accept(10);
  EXPECT_TRUE(window.IsFresh(1'000));
  EXPECT_TRUE(window.IsFresh(9));
  EXPECT_TRUE(window.IsFresh(9));
  EXPECT_EQ(window.highest(), 10u);
}

TEST(ReplayWindowTest, TheOldestIndexInsideIsAcceptedAndTheNextOlderIsNotAtAnyAlignment) {
  for (uint64_t highest = 1'000; highest < 1'000 + 64; ++highest) {
    Window window;
    window.Accept(highest);
    EXPECT_TRUE(window.IsFresh(highest - (kSize - 1))) << highest;
    EXPECT_FALSE(window.IsFresh(highest - kSize)) << highest;
    window.Accept(highest - (kSize - 1));
    EXPECT_FALSE(window.IsFresh(highest - (kSize - 1))) << highest;
    EXPECT_TRUE(window.IsFresh(highest - (kSize - 2))) << highest;
  }
}

TEST(ReplayWindowTest, IndicesReceivedStayKnownUntilTheyFallOut) {
  Window window;
  window.Accept(500);
  for (uint64_t highest = 501; highest < 500 + kSize; ++highest) {
    window.Accept(highest);
    EXPECT_FALSE(window.IsFresh(500)) << highest;
  }
}

TEST(ReplayWindowTest, AJumpForgetsNothingItShouldKnowAndKeepsNothingStale) {
  for (uint64_t jump = 1; jump < 4 * kSize; ++jump) {
    Window window;
    for (uint64_t index = 300; index < 300 + kSize; ++index) window.Accept(index);
    const uint64_t old_highest = window.highest();
    const uint64_t highest = old_highest + jump;
    window.Accept(highest);
    for (uint64_t index = highest - kSize + 1; index < highest; ++index) {
      EXPECT_EQ(window.IsFresh(index), index > old_highest) << "jump " << jump << ' ' << index;
    }
  }
}

TEST(ReplayWindowTest, AJumpOverTheWholeIndexSpaceLeavesAnEmptyWindow) {
  Window window;
  for (uint64_t index = 0; index < kSize; ++index) window.Accept(index);
  const uint64_t highest = (uint64_t{1} << 48) - 1;
  window.Accept(highest);
  EXPECT_FALSE(window.IsFresh(highest));
  EXPECT_FALSE(window.IsFresh(highest - kSize));
  for (uint64_t back = 1; back < kSize; ++back) EXPECT_TRUE(window.IsFresh(highest - back));
}

TEST(ReplayWindowTest, AgreesWithASetThatRemembersEverything) {
  std::mt19937_64 random(1);
  Window window;
  std::set<uint64_t> received;
  uint64_t highest = 0;
  for (int i = 0; i < 50'000; ++i) {
    const uint64_t base = highest < 200 ? 0 : highest - 200;
    const uint64_t index = base + random() % (i % 100 == 0 ? 1'000 : 210);
    const bool fresh = (index > highest || highest - index < kSize) && !received.contains(index);
    ASSERT_EQ(window.IsFresh(index), fresh) << index << " after " << highest;
    if (!fresh) continue;
    window.Accept(index);
    received.insert(index);
    highest = std::max(highest, index);
  }
}

}  // namespace
}  // namespace remotemedia
