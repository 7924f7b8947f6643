#include "core/rtp/receive_statistics.h"

#include <gtest/gtest.h>

namespace remotemedia {
namespace {

constexpr uint32_t kSsrc = 0xABCD;
constexpr uint32_t kClockRate = 90'000;

class ReceiveStatisticsTest : public testing::Test {
 protected:
  // A packet every 10 ms without jitter: its timestamp is its number's.
  bool Receive(int64_t number) {
    now_ = now_ + Duration::Millis(10);
    RtpHeader header;
    header.sequence_number = static_cast<uint16_t>(number);
    header.timestamp = static_cast<uint32_t>(now_.micros() * 9 / 100);
    header.ssrc = kSsrc;
    return statistics_.OnPacket(now_, header);
  }

  void ReceiveAll(int64_t first, int64_t end) {
    for (int64_t n = first; n < end; ++n) EXPECT_TRUE(Receive(n)) << n;
  }

  rtcp::ReportBlock Report() { return statistics_.MakeReportBlock(now_).value(); }

  Timestamp now_ = Timestamp::Millis(1'000);
  ReceiveStatistics statistics_{kSsrc, kClockRate};
};

TEST_F(ReceiveStatisticsTest, HasNothingToReportBeforeTheFirstPacket) {
  EXPECT_FALSE(statistics_.MakeReportBlock(now_));
  EXPECT_EQ(statistics_.packets_lost(), 0);
}

TEST_F(ReceiveStatisticsTest, ReportsNoLossOfACompleteStream) {
  ReceiveAll(10, 110);
  EXPECT_EQ(Report(), (rtcp::ReportBlock{kSsrc, 0, 0, 109, 0, 0, 0}));
  EXPECT_EQ(statistics_.packets_received(), 100);
}

TEST_F(ReceiveStatisticsTest, CountsCyclesOfTheSequenceNumber) {
  ReceiveAll(65'530, 65'540);
  EXPECT_EQ(Report().extended_highest_sequence_number, 65'539u);
  ReceiveAll(65'540, 3 * 65'536 + 5);
  EXPECT_EQ(Report().extended_highest_sequence_number, 3u * 65'536 + 4);
  EXPECT_EQ(Report().cumulative_lost, 0);
}

TEST_F(ReceiveStatisticsTest, ReportsTheFractionLostSinceThePreviousReport) {
  ReceiveAll(0, 75);
  ReceiveAll(100, 101);  // 25 of 101 are missing
  auto report = Report();
  EXPECT_EQ(report.fraction_lost, 25 * 256 / 101);
  EXPECT_EQ(report.cumulative_lost, 25);

  ReceiveAll(101, 201);
  report = Report();
  EXPECT_EQ(report.fraction_lost, 0);
  EXPECT_EQ(report.cumulative_lost, 25);

  ReceiveAll(300, 301);  // 99 of 100
  report = Report();
  EXPECT_EQ(report.fraction_lost, 99 * 256 / 100);
  EXPECT_EQ(report.cumulative_lost, 124);
}

TEST_F(ReceiveStatisticsTest, ReportsNothingLostWhenNothingWasExpected) {
  ReceiveAll(0, 10);
  Report();
  EXPECT_EQ(Report().fraction_lost, 0);
}

TEST_F(ReceiveStatisticsTest, TakesLatePacketsOffTheLoss) {
  ReceiveAll(0, 10);
  ReceiveAll(12, 20);
  EXPECT_EQ(Report().cumulative_lost, 2);
  EXPECT_TRUE(Receive(11));
  const auto report = Report();
  EXPECT_EQ(report.cumulative_lost, 1);
  EXPECT_EQ(report.fraction_lost, 0);
  EXPECT_EQ(report.extended_highest_sequence_number, 19u);
}

TEST_F(ReceiveStatisticsTest, StartsEarlierWhenAPredecessorOfTheFirstPacketArrives) {
  ReceiveAll(10, 12);
  EXPECT_TRUE(Receive(8));
  EXPECT_EQ(Report().cumulative_lost, 1);
}

TEST_F(ReceiveStatisticsTest, CountsAPacketOnce) {
  ReceiveAll(0, 10);
  EXPECT_FALSE(Receive(9));
  EXPECT_FALSE(Receive(0));
  EXPECT_FALSE(statistics_.OnRecoveredPacket(5));
  EXPECT_EQ(statistics_.packets_received(), 10);
  EXPECT_EQ(Report().cumulative_lost, 0);
}

TEST_F(ReceiveStatisticsTest, RemembersADuplicateForAThousandPackets) {
  ReceiveAll(0, 1'024);
  EXPECT_FALSE(Receive(1));
  ReceiveAll(1'024, 2'000);
  EXPECT_FALSE(Receive(977));
}

TEST_F(ReceiveStatisticsTest, CountsRecoveredPacketsAsReceived) {
  ReceiveAll(0, 10);
  ReceiveAll(12, 20);
  EXPECT_TRUE(statistics_.OnRecoveredPacket(10));
  EXPECT_FALSE(statistics_.OnRecoveredPacket(10));
  EXPECT_TRUE(statistics_.OnRecoveredPacket(11));
  const auto report = Report();
  EXPECT_EQ(report.cumulative_lost, 0);
  EXPECT_EQ(report.fraction_lost, 0);
  EXPECT_EQ(report.jitter, 0u);
  EXPECT_FALSE(Receive(11)) << "the original arrives after all";
}

TEST_F(ReceiveStatisticsTest, IgnoresRecoveredPacketsOfNoStream) {
  EXPECT_FALSE(statistics_.OnRecoveredPacket(5));
  ReceiveAll(0, 10);
  EXPECT_FALSE(statistics_.OnRecoveredPacket(20'000));
  EXPECT_EQ(Report().extended_highest_sequence_number, 9u);
}

TEST_F(ReceiveStatisticsTest, TakesALoneJumpForAStray) {
  ReceiveAll(0, 10);
  EXPECT_FALSE(Receive(30'000));
  ReceiveAll(10, 20);
  EXPECT_EQ(Report().cumulative_lost, 0);
  EXPECT_EQ(Report().extended_highest_sequence_number, 19u);
}

TEST_F(ReceiveStatisticsTest, FollowsAJumpItsSuccessorConfirms) {
  ReceiveAll(0, 10);
  EXPECT_FALSE(Receive(30'000));
  ReceiveAll(30'001, 30'010);
  const auto report = Report();
  EXPECT_EQ(report.extended_highest_sequence_number, 30'009u);
  EXPECT_EQ(report.cumulative_lost, 0);
}

TEST_F(ReceiveStatisticsTest, CountsLongOutagesAsLoss) {
  ReceiveAll(0, 10);
  ReceiveAll(3'009, 3'010);
  EXPECT_EQ(Report().cumulative_lost, 2'999);
}

TEST_F(ReceiveStatisticsTest, ConvergesToTheMeanDeviationOfArrivals) {
  // Every other packet is 2 ms late, so that the transit time changes by 2 ms each time.
  for (int n = 0; n < 200; ++n) {
    RtpHeader header;
    header.sequence_number = static_cast<uint16_t>(n);
    header.timestamp = static_cast<uint32_t>(n * 1'800);
    const auto late = Duration::Millis(n % 2 == 0 ? 0 : 2);
    statistics_.OnPacket(Timestamp::Millis(1'000 + 20 * n) + late, header);
  }
  EXPECT_NEAR(statistics_.jitter(), 180, 2);
}

TEST_F(ReceiveStatisticsTest, FollowsTheJitterFormulaOfTheRfc) {
  RtpHeader header;
  statistics_.OnPacket(Timestamp::Millis(1'000), header);
  header.sequence_number = 1;
  header.timestamp = 1'800;  // 20 ms
  statistics_.OnPacket(Timestamp::Millis(1'036), header);
  EXPECT_EQ(statistics_.jitter(), 1'440u / 16);  // 16 ms are 1,440 units; J += (|D| - J) / 16
}

TEST_F(ReceiveStatisticsTest, MeasuresJitterOnTheFirstPacketOfAFrame) {
  RtpHeader header;
  for (int n = 0; n < 100; ++n) {
    header.sequence_number = static_cast<uint16_t>(n);
    header.timestamp = static_cast<uint32_t>(n / 10 * 3'000);
    // Ten packets a frame, paced over 20 ms.
    const auto sent = Duration::Micros(n / 10 * 33'333 + 1 + n % 10 * 2'000);
    statistics_.OnPacket(Timestamp::Millis(1'000) + sent, header);
  }
  EXPECT_LE(statistics_.jitter(), 1u);
}

TEST_F(ReceiveStatisticsTest, DoesNotTakeATimestampJumpForJitter) {
  ReceiveAll(0, 10);
  RtpHeader header;
  header.sequence_number = 10;
  header.timestamp = 0xDEAD'BEEF;
  statistics_.OnPacket(now_, header);
  EXPECT_EQ(statistics_.jitter(), 0u);
}

TEST_F(ReceiveStatisticsTest, EchoesTheLastSenderReport) {
  ReceiveAll(0, 1);
  statistics_.OnSenderReport(now_, NtpTime{0x1122'3344'5566'7788});
  now_ = now_ + Duration::Millis(250);
  const auto report = Report();
  EXPECT_EQ(report.last_sr, 0x3344'5566u);
  EXPECT_EQ(report.delay_since_last_sr, 65'536u / 4);
}

}  // namespace
}  // namespace remotemedia
