#include "core/transport/media_sender.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/byte_writer.h"
#include "core/routing/router.h"
#include "core/routing/synthetic_source.h"
#include "core/rtp/rtcp_reader.h"
#include "support/fake_outlet.h"
#include "support/seeded_random.h"

namespace remotemedia {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);
constexpr NtpClock kClock = NtpClock::FromUnixTime(Duration::Seconds(1'700'000'000));
constexpr CodecParameters kVp8 = {
    .codec = Codec::kVp8, .payload_type = 96, .clock_rate = 90'000, .nack = true};

class MediaSenderTest : public testing::Test {
 protected:
  MediaSenderTest() {
    ProducerParameters producer_parameters;
    producer_parameters.is_video = true;
    producer_parameters.codecs = {kVp8};
    Producer& producer = *router.AddProducer(producer_parameters);
    for (uint32_t ssrc = 10; ssrc < 12; ++ssrc) {
      ConsumerParameters parameters;
      parameters.id = ConsumerId{ssrc};
      parameters.is_video = true;
      parameters.ssrc = ssrc;
      parameters.cname = "server";
      parameters.codecs = {kVp8};
      consumers.push_back(router.AddConsumer(parameters, outlet, random));
      sender.AddConsumer(*consumers.back());
    }
    // The second one has no source.
    router.Connect(kStart, *consumers[0], &producer, {{96, 96}});
    source.emplace(kStart, producer, SyntheticSourceParameters{.is_video = true, .codec = kVp8},
                   random);
  }

  std::vector<rtcp::SenderReport> Reports(Timestamp now) {
    std::vector<rtcp::SenderReport> reports;
    sender.WriteReports(now, [&](auto&& write) {
      std::array<uint8_t, 1'200> room;
      RtcpWriter writer(room);
      EXPECT_TRUE(write(writer));
      RtcpReader reader(writer.written());
      while (const auto packet = reader.Next()) {
        if (const auto* report = std::get_if<rtcp::SenderReport>(&*packet)) {
          reports.push_back({report->sender_ssrc, report->info, {}});
        }
      }
      return true;
    });
    return reports;
  }

  SeededRandom random{1};
  FakeOutlet outlet;
  Router router;
  MediaSender sender{kClock};
  std::vector<Consumer*> consumers;
  std::optional<SyntheticSource> source;
};

TEST_F(MediaSenderTest, ReportsOnThoseThatSend) {
  EXPECT_TRUE(Reports(kStart).empty());
  source->HandleTimeout(kStart);
  const Timestamp now = kStart + Duration::Millis(100);
  const auto reports = Reports(now);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].sender_ssrc, 10u);
  EXPECT_EQ(reports[0].info.ntp, kClock.ToNtp(now));
  EXPECT_EQ(reports[0].info.rtp_timestamp, outlet.sent[0].header().timestamp + 9'000);
  EXPECT_EQ(reports[0].info.packet_count, 1u);
}

TEST_F(MediaSenderTest, GivesFeedbackToTheConsumerItIsAbout) {
  source->HandleTimeout(kStart);
  std::array<uint8_t, 100> room;
  RtcpWriter writer(room);
  const std::array<uint16_t, 2> lost = {
      outlet.sent[0].header().sequence_number,
      static_cast<uint16_t>(outlet.sent[0].header().sequence_number + 1)};
  ASSERT_TRUE(writer.AddNack(1, 10, lost));
  ASSERT_TRUE(writer.AddNack(1, 99, lost));
  RtcpReader reader(writer.written());
  while (const auto packet = reader.Next())
    sender.HandleNack(kStart, std::get<rtcp::Nack>(*packet));
  EXPECT_EQ(consumers[0]->stats().nacks_received, 2u);
  EXPECT_EQ(consumers[0]->stats().packets_retransmitted, 1u);
  EXPECT_EQ(consumers[1]->stats().nacks_received, 0u);

  sender.HandleKeyframeRequest(kStart, 11);
  sender.HandleKeyframeRequest(kStart, 99);
  EXPECT_EQ(consumers[0]->stats().keyframe_requests_received, 0u);
  EXPECT_EQ(consumers[1]->stats().keyframe_requests_received, 1u);
}

TEST_F(MediaSenderTest, WorksOutTheRoundTripTimeFromReportBlocks) {
  std::array<uint8_t, 200> room;
  RtcpWriter writer(room);
  const std::array<rtcp::ReportBlock, 2> blocks = {
      rtcp::ReportBlock{.ssrc = 99},
      rtcp::ReportBlock{.ssrc = 10,
                        .cumulative_lost = 3,
                        .last_sr = kClock.ToNtp(kStart).compact(),
                        .delay_since_last_sr = ToCompactNtp(Duration::Millis(500))}};
  ASSERT_TRUE(writer.AddReceiverReport(1, blocks));
  RtcpReader reader(writer.written());
  const auto packet = reader.Next();
  ASSERT_TRUE(packet);
  const auto rtt = sender.HandleReportBlocks(kStart + Duration::Millis(570),
                                             std::get<rtcp::ReceiverReport>(*packet).report_blocks);
  ASSERT_TRUE(rtt);
  EXPECT_NEAR(static_cast<double>(rtt->micros()), 70'000, 100);
  EXPECT_EQ(consumers[0]->stats().round_trip_time, rtt);
  EXPECT_EQ(consumers[0]->stats().packets_lost, 3);
  EXPECT_FALSE(consumers[1]->stats().round_trip_time);
}

TEST_F(MediaSenderTest, ForgetsARemovedConsumer) {
  source->HandleTimeout(kStart);
  sender.RemoveConsumer(*consumers[0]);
  EXPECT_TRUE(Reports(kStart).empty());
  sender.HandleKeyframeRequest(kStart, 10);
  EXPECT_EQ(consumers[0]->stats().keyframe_requests_received, 0u);
}

}  // namespace
}  // namespace remotemedia
