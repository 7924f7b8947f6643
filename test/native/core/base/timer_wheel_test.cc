#include "core/base/timer_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/seeded_random.h"

namespace remotemedia {
namespace {

constexpr Duration kTurn = TimerWheel::kTick * static_cast<int64_t>(TimerWheel::kSlots);
constexpr Timestamp kStart = Timestamp::Millis(1'000'000);

std::set<TimerWheel::Key> PopAll(TimerWheel& wheel, Timestamp now) {
  std::set<TimerWheel::Key> keys;
  while (const auto key = wheel.PopDue(now)) EXPECT_TRUE(keys.insert(*key).second);
  return keys;
}

TEST(TimerWheelTest, HasNoDeadlineWhileEmpty) {
  TimerWheel wheel;
  EXPECT_FALSE(wheel.NextDeadline());
  EXPECT_FALSE(wheel.PopDue(kStart));
}

TEST(TimerWheelTest, FiresAtTheDeadlineAndNotBefore) {
  TimerWheel wheel;
  PopAll(wheel, kStart);
  wheel.Set(3, kStart + Duration::Millis(20));
  EXPECT_EQ(wheel.NextDeadline(), kStart + Duration::Millis(20));
  EXPECT_TRUE(PopAll(wheel, kStart + Duration::Micros(19'999)).empty());
  EXPECT_EQ(PopAll(wheel, kStart + Duration::Millis(20)), std::set<TimerWheel::Key>{3});
  EXPECT_FALSE(wheel.NextDeadline());
}

TEST(TimerWheelTest, RoundsUpToTheTick) {
  TimerWheel wheel;
  wheel.Set(0, kStart + Duration::Micros(1));
  EXPECT_TRUE(PopAll(wheel, kStart + Duration::Micros(999)).empty());
  EXPECT_EQ(PopAll(wheel, kStart + TimerWheel::kTick).size(), 1u);
}

TEST(TimerWheelTest, ANewDeadlineReplacesTheOld) {
  TimerWheel wheel;
  wheel.Set(0, kStart + Duration::Millis(5));
  wheel.Set(0, kStart + Duration::Millis(50));
  EXPECT_TRUE(PopAll(wheel, kStart + Duration::Millis(49)).empty());
  EXPECT_EQ(PopAll(wheel, kStart + Duration::Millis(50)).size(), 1u);
}

TEST(TimerWheelTest, ACanceledDeadlineDoesNotFire) {
  TimerWheel wheel;
  for (TimerWheel::Key key = 0; key < 3; ++key) wheel.Set(key, kStart);
  wheel.Cancel(1);
  wheel.Cancel(7);
  EXPECT_EQ(PopAll(wheel, kStart), (std::set<TimerWheel::Key>{0, 2}));
}

TEST(TimerWheelTest, ADeadlineTurnsAwayWaitsForItsTurn) {
  TimerWheel wheel;
  PopAll(wheel, kStart);
  wheel.Set(0, kStart + kTurn * 3);
  wheel.Set(1, kStart + kTurn);
  EXPECT_EQ(PopAll(wheel, kStart + kTurn), std::set<TimerWheel::Key>{1});
  EXPECT_TRUE(PopAll(wheel, kStart + kTurn * 3 - TimerWheel::kTick).empty());
  EXPECT_EQ(PopAll(wheel, kStart + kTurn * 3), std::set<TimerWheel::Key>{0});
}

TEST(TimerWheelTest, FindsEveryDeadlineAfterALongSleep) {
  TimerWheel wheel;
  PopAll(wheel, kStart);
  for (TimerWheel::Key key = 0; key < 50; ++key)
    wheel.Set(key, kStart + Duration::Millis(97 * key));
  EXPECT_EQ(PopAll(wheel, kStart + kTurn * 100).size(), 50u);
}

TEST(TimerWheelTest, ADeadlineThatHasPassedFiresOneTickAfterTheLastPop) {
  TimerWheel wheel;
  PopAll(wheel, kStart);
  wheel.Set(0, kStart - Duration::Seconds(1));
  EXPECT_TRUE(PopAll(wheel, kStart).empty());
  EXPECT_EQ(PopAll(wheel, kStart + TimerWheel::kTick).size(), 1u);
}

TEST(TimerWheelTest, ADeadlineInEternityNeverFires) {
  TimerWheel wheel;
  PopAll(wheel, kStart);
  wheel.Set(0, Timestamp::Never());
  EXPECT_TRUE(PopAll(wheel, kStart + kTurn * 1'000).empty());
  EXPECT_TRUE(wheel.NextDeadline());
}

// Against a map that holds the same deadlines.
TEST(TimerWheelTest, BehavesLikeASortedList) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    TimerWheel wheel;
    std::map<TimerWheel::Key, Timestamp> model;
    Timestamp now = kStart;
    PopAll(wheel, now);
    for (int step = 0; step < 2'000; ++step) {
      const auto key = static_cast<TimerWheel::Key>(random.Below(40));
      const uint64_t action = random.Below(10);
      if (action < 5) {
        const Timestamp deadline =
            now +
            Duration::Micros(static_cast<int64_t>(random.Below(action == 0 ? 5'000'000 : 50'000)));
        wheel.Set(key, deadline);
        // The tick of `now` is over.
        const int64_t tick = std::max((deadline.micros() + 999) / 1'000, now.micros() / 1'000 + 1);
        model[key] = Timestamp::Millis(tick);
      } else if (action == 5) {
        wheel.Cancel(key);
        model.erase(key);
      } else {
        now = now + Duration::Micros(
                        static_cast<int64_t>(random.Below(action == 6 ? 3'000'000 : 20'000)));
        std::set<TimerWheel::Key> due;
        for (const auto& [due_key, deadline] : model) {
          if (deadline <= now) due.insert(due_key);
        }
        std::erase_if(model, [&](const auto& timer) { return due.contains(timer.first); });
        ASSERT_EQ(PopAll(wheel, now), due);
      }
      const auto next = wheel.NextDeadline();
      ASSERT_EQ(next.has_value(), !model.empty());
      if (!next) continue;
      const auto earliest = std::ranges::min_element(model, {}, [](const auto& timer) {
                              return timer.second;
                            })->second;
      ASSERT_LE(*next, earliest);
      // Progress: whoever sleeps until then finds time has passed.
      ASSERT_GT(*next, now);
      ASSERT_LE(*next, now + kTurn + TimerWheel::kTick);
    }
  }
}

}  // namespace
}  // namespace remotemedia
