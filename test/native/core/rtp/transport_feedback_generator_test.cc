#include "core/rtp/transport_feedback_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <vector>

#include "core/rtp/rtcp_reader.h"

namespace remotemedia {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint32_t kSenderSsrc = 1;
constexpr uint32_t kMediaSsrc = 0xBBBB;

struct Report {
  rtcp::TransportFeedbackHeader header;
  std::vector<rtcp::PacketStatus> statuses;
  size_t size = 0;

  std::vector<uint16_t> Received() const {
    std::vector<uint16_t> numbers;
    for (const auto& status : statuses) {
      if (status.arrival) numbers.push_back(status.sequence_number);
    }
    return numbers;
  }
};

class TransportFeedbackGeneratorTest : public testing::Test {
 protected:
  static constexpr Duration kInterval = TransportFeedbackGenerator::kInterval;

  void Receive(int64_t number) {
    generator_.OnPacket(now_, static_cast<uint16_t>(number), kMediaSsrc);
  }
  void ReceiveAll(int64_t first, int64_t end, Duration spacing) {
    for (int64_t n = first; n < end; ++n) {
      Receive(n);
      now_ = now_ + spacing;
    }
  }

  // All reports due now.
  std::vector<Report> Poll() {
    std::vector<Report> reports;
    while (true) {
      std::array<uint8_t, 1'200> buffer;
      RtcpWriter writer(buffer);
      if (!generator_.Poll(now_, writer)) return reports;
      Report report;
      report.size = writer.size();
      RtcpReader reader(writer.written());
      const auto feedback = std::get<rtcp::TransportFeedback>(reader.Next().value());
      report.header = feedback.header;
      rtcp::TransportFeedbackReader statuses(feedback);
      while (const auto status = statuses.Next()) report.statuses.push_back(*status);
      EXPECT_FALSE(reader.Next());
      EXPECT_EQ(reader.malformed(), 0u);
      reports.push_back(report);
    }
  }

  std::vector<Report> PollAfterInterval() {
    now_ = now_ + kInterval;
    return Poll();
  }

  Timestamp now_ = Timestamp::Millis(640'000);
  TransportFeedbackGenerator generator_{kSenderSsrc};
};

TEST_F(TransportFeedbackGeneratorTest, HasNothingToReportBeforeTheFirstPacket) {
  EXPECT_FALSE(generator_.PollTimeout());
  EXPECT_THAT(Poll(), IsEmpty());
}

TEST_F(TransportFeedbackGeneratorTest, ReportsOneIntervalAfterTheFirstPacketNotReported) {
  const Timestamp first = now_;
  ReceiveAll(10, 20, Duration::Millis(1));
  EXPECT_EQ(generator_.PollTimeout(), first + kInterval);
  EXPECT_THAT(Poll(), IsEmpty());

  now_ = first + kInterval;
  const auto reports = Poll();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].header.sender_ssrc, kSenderSsrc);
  EXPECT_EQ(reports[0].header.media_ssrc, kMediaSsrc);
  EXPECT_EQ(reports[0].header.base_sequence_number, 10);
  EXPECT_EQ(reports[0].Received().size(), 10u);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(reports[0].statuses[i].arrival, first + Duration::Millis(i));
  }
  EXPECT_FALSE(generator_.PollTimeout());
  EXPECT_THAT(PollAfterInterval(), IsEmpty());
}

TEST_F(TransportFeedbackGeneratorTest, CountsItsReports) {
  for (int i = 0; i < 300; ++i) {
    Receive(i);
    const auto reports = PollAfterInterval();
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].header.feedback_count, static_cast<uint8_t>(i));
  }
}

TEST_F(TransportFeedbackGeneratorTest, ContinuesWhereTheLastReportEnded) {
  ReceiveAll(65'530, 65'534, Duration::Millis(1));
  PollAfterInterval();
  Receive(65'537);  // 65,534 to 65,536 are lost
  const auto reports = PollAfterInterval();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].header.base_sequence_number, 65'534);
  EXPECT_EQ(reports[0].statuses.size(), 4u);
  EXPECT_THAT(reports[0].Received(), ElementsAre(1));
}

TEST_F(TransportFeedbackGeneratorTest, ReportsReorderedPacketsInOrderOfTheirNumbers) {
  const Timestamp start = now_;
  for (const int n : {10, 13, 11, 12}) {
    Receive(n);
    now_ = now_ + Duration::Millis(2);
  }
  const auto reports = PollAfterInterval();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_THAT(reports[0].Received(), ElementsAre(10, 11, 12, 13));
  EXPECT_EQ(reports[0].statuses[3].arrival, start + Duration::Millis(2));
  EXPECT_EQ(reports[0].statuses[1].arrival, start + Duration::Millis(4));
}

TEST_F(TransportFeedbackGeneratorTest, RepeatsEverythingSinceALatePacket) {
  ReceiveAll(10, 12, Duration::Millis(1));
  ReceiveAll(13, 16, Duration::Millis(1));
  EXPECT_THAT(PollAfterInterval()[0].Received(), ElementsAre(10, 11, 13, 14, 15));

  Receive(12);
  ASSERT_TRUE(generator_.PollTimeout());
  const auto reports = PollAfterInterval();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].header.base_sequence_number, 12);
  EXPECT_THAT(reports[0].Received(), ElementsAre(12, 13, 14, 15));
}

TEST_F(TransportFeedbackGeneratorTest, StartsEarlierWhenAPredecessorOfTheFirstPacketArrives) {
  Receive(10);
  Receive(8);
  const auto reports = PollAfterInterval();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_THAT(reports[0].Received(), ElementsAre(8, 10));
}

TEST_F(TransportFeedbackGeneratorTest, KeepsTheFirstArrivalOfADuplicate) {
  const Timestamp first = now_;
  Receive(10);
  now_ = now_ + Duration::Millis(5);
  Receive(10);
  EXPECT_EQ(PollAfterInterval()[0].statuses[0].arrival, first);
  Receive(10);
  EXPECT_FALSE(generator_.PollTimeout());
}

TEST_F(TransportFeedbackGeneratorTest, ReportsAGapOfThousands) {
  Receive(10);
  PollAfterInterval();
  Receive(30'000);
  const auto reports = PollAfterInterval();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].statuses.size(), 29'990u);
  EXPECT_THAT(reports[0].Received(), ElementsAre(30'000));
}

TEST_F(TransportFeedbackGeneratorTest, StartsOverWithTheSender) {
  ReceiveAll(40'000, 40'010, Duration::Millis(1));
  PollAfterInterval();
  ReceiveAll(20'000, 20'005, Duration::Millis(1));
  const auto reports = PollAfterInterval();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].header.base_sequence_number, 20'000);
  EXPECT_EQ(reports[0].Received().size(), 5u);
}

TEST_F(TransportFeedbackGeneratorTest, ReportsBeforeItsMemoryIsFull) {
  const Timestamp start = now_;
  ReceiveAll(0, TransportFeedbackGenerator::kMaxPending + 1, Duration::Micros(10));
  EXPECT_LT(generator_.PollTimeout(), start + Duration::Millis(10));
  size_t received = 0;
  for (const auto& report : Poll()) received += report.Received().size();
  EXPECT_EQ(received, static_cast<size_t>(TransportFeedbackGenerator::kMaxPending) + 1);
}

TEST_F(TransportFeedbackGeneratorTest, WaitsForAWriterWithRoom) {
  Receive(10);
  now_ = now_ + kInterval;
  std::array<uint8_t, 16> buffer;
  RtcpWriter small(buffer);
  EXPECT_FALSE(generator_.Poll(now_, small));
  EXPECT_TRUE(small.empty());
  const auto reports = Poll();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].header.feedback_count, 0);
}

TEST_F(TransportFeedbackGeneratorTest, StartsAnotherPacketAfterAPauseTooLongForADelta) {
  // Not polled in time, as when the machine was suspended.
  Receive(10);
  now_ = now_ + Duration::Millis(9'000);
  Receive(11);
  const auto reports = Poll();
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_THAT(reports[0].Received(), ElementsAre(10));
  EXPECT_THAT(reports[1].Received(), ElementsAre(11));
  EXPECT_EQ(reports[1].header.feedback_count, 1);
}

// What matters in the end: over minutes of a bursty, lossy, reordering path the sender learns when
// each packet arrived, within a delta's resolution and soon, and of no packet that did not.
TEST_F(TransportFeedbackGeneratorTest, TellsTheSenderTheArrivalOfEveryPacket) {
  struct InFlight {
    Timestamp arrival;
    uint16_t number;
  };
  constexpr int kPackets = 60'000;
  uint32_t random = 7;
  const auto next_random = [&](uint32_t bound) {
    random = random * 1'664'525 + 1'013'904'223;
    return (random >> 8) % bound;
  };
  std::vector<InFlight> packets;
  Timestamp sent = now_;
  for (int i = 0; i < kPackets; ++i) {
    sent = sent + Duration::Micros(i % 10 == 9 ? 20'000 : 100);  // frames of ten packets
    const bool is_lost = next_random(100) < 5 || (i > 30'000 && i < 30'600);
    if (is_lost) continue;
    const bool is_late = next_random(100) < 3;
    const auto delay = Duration::Micros(20'000 + next_random(3'000) + (is_late ? 70'000 : 0));
    packets.push_back({sent + delay, static_cast<uint16_t>(60'000 + i)});
  }
  std::sort(packets.begin(), packets.end(),
            [](const InFlight& a, const InFlight& b) { return a.arrival < b.arrival; });

  std::map<uint16_t, Timestamp> truth;
  std::map<uint16_t, Timestamp> learnt;
  size_t largest = 0;
  const auto poll = [&] {
    for (const auto& report : Poll()) {
      largest = std::max(largest, report.size);
      for (const auto& status : report.statuses) {
        if (status.arrival) learnt[status.sequence_number] = *status.arrival;
      }
    }
  };
  for (const InFlight& packet : packets) {
    while (generator_.PollTimeout() && *generator_.PollTimeout() <= packet.arrival) {
      now_ = *generator_.PollTimeout();
      poll();
    }
    now_ = packet.arrival;
    generator_.OnPacket(now_, packet.number, kMediaSsrc);
    truth[packet.number] = packet.arrival;
  }
  now_ = now_ + kInterval;
  poll();

  ASSERT_EQ(learnt.size(), truth.size());
  for (const auto& [number, arrival] : truth) {
    ASSERT_TRUE(learnt.contains(number)) << number;
    EXPECT_LE(std::abs((learnt[number] - arrival).micros()), 125) << number;
  }
  EXPECT_LE(largest, rtcp::TransportFeedback::kMaxPacketSize);
}

}  // namespace
}  // namespace remotemedia
