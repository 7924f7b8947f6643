#include "core/rtp/ntp_time.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace remotemedia {
namespace {

TEST(NtpClockTest, CountsFrom1900) {
  // 2024-01-01T00:00:00Z is 1,704,067,200 in Unix time and 3,913,056,000 in NTP time.
  const auto clock = NtpClock::FromUnixTime(Duration::Seconds(1'704'067'200));
  EXPECT_EQ(clock.ToNtp(Timestamp()).seconds(), 3'913'056'000u);
  EXPECT_EQ(clock.ToNtp(Timestamp()).fraction(), 0u);
  EXPECT_EQ(clock.ToNtp(Timestamp::Millis(1'500)).seconds(), 3'913'056'001u);
  EXPECT_EQ(clock.ToNtp(Timestamp::Millis(1'500)).fraction(), 0x8000'0000u);
}

TEST(NtpClockTest, ConvertsBackExactly) {
  const auto clock = NtpClock::FromUnixTime(Duration::Micros(1'704'067'200'123'457));
  for (const int64_t us : {0, 1, 999'999, 1'000'000, 123'456'789, -1, -123'456'789}) {
    EXPECT_EQ(clock.ToTimestamp(clock.ToNtp(Timestamp::Micros(us))), Timestamp::Micros(us));
  }
}

TEST(NtpClockTest, ConvertsAcrossTheWrapOf2036) {
  const NtpClock clock(Duration::Seconds((int64_t{1} << 32) - 10));
  const Timestamp after = Timestamp::Millis(20'250);
  EXPECT_EQ(clock.ToNtp(after).seconds(), 10u);
  EXPECT_EQ(clock.ToTimestamp(clock.ToNtp(after)), after);
}

TEST(CompactNtpTest, IsTheMiddleOfTheTimestamp) {
  EXPECT_EQ((NtpTime{0x1122'3344'5566'7788}).compact(), 0x3344'5566u);
}

TEST(CompactNtpTest, HoldsDurationsIn65536thsOfASecond) {
  EXPECT_EQ(ToCompactNtp(Duration::Seconds(1)), 65'536u);
  EXPECT_EQ(ToCompactNtp(Duration::Millis(500)), 32'768u);
  EXPECT_EQ(ToCompactNtp(Duration::Millis(-1)), 0u);
  EXPECT_EQ(ToCompactNtp(Duration::Seconds(100'000)), 0xFFFF'FFFFu);
  EXPECT_EQ(FromCompactNtp(65'536), Duration::Seconds(1));
}

// The example of RFC 3550 section 6.4.1, figure 2.
TEST(RoundTripTimeTest, MatchesTheExampleOfTheRfc) {
  const auto rtt = RoundTripTime(0xB710'8000, 0xB705'2000, 0x0005'4000);
  ASSERT_TRUE(rtt);
  EXPECT_EQ(*rtt, Duration::Millis(6'125));
}

TEST(RoundTripTimeTest, IsUnknownBeforeTheFirstSenderReport) {
  EXPECT_FALSE(RoundTripTime(0x1234'5678, 0, 0));
}

TEST(RoundTripTimeTest, IsNeverNegative) {
  EXPECT_EQ(RoundTripTime(0x0001'0000, 0x0001'0000, 10), Duration());
}

TEST(RoundTripTimeTest, SurvivesTheWrapOfCompactTime) {
  const auto rtt = RoundTripTime(0x0000'8000, 0xFFFF'0000, 0x0001'0000);
  EXPECT_EQ(rtt, Duration::Millis(500));
}

TEST(RoundTripTimeTest, IsMeasuredAcrossTwoClocks) {
  const auto ours = NtpClock::FromUnixTime(Duration::Seconds(1'704'067'200));
  const auto sent = Timestamp::Millis(10'000);
  const auto held = Duration::Millis(1'234);
  const auto received = sent + held + Duration::Millis(57);
  const auto rtt =
      RoundTripTime(ours.ToNtp(received).compact(), ours.ToNtp(sent).compact(), ToCompactNtp(held));
  ASSERT_TRUE(rtt);
  EXPECT_LT(std::abs((*rtt - Duration::Millis(57)).micros()), 50);
}

}  // namespace
}  // namespace remotemedia
