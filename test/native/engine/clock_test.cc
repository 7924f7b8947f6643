#include "engine/clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace remotemedia {
namespace {

TEST(ClockTest, NeverGoesBack) {
  Timestamp last = Now();
  for (int i = 0; i < 1'000; ++i) {
    const Timestamp now = Now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(ClockTest, TellsTheCalendarTimeOfTimestamps) {
  constexpr int64_t kFrom1900To1970 = 2'208'988'800;
  const int64_t before = std::time(nullptr);
  const auto seconds = int64_t{ReadNtpClock().ToNtp(Now()).seconds()};
  const int64_t after = std::time(nullptr);
  // time() may lag behind the finer clock by a tick of the system.
  EXPECT_GE(seconds, before + kFrom1900To1970);
  EXPECT_LE(seconds, after + kFrom1900To1970 + 1);
}

}  // namespace
}  // namespace remotemedia
