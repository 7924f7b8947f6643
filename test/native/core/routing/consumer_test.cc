#include "core/routing/consumer.h"

#include <gtest/gtest.h>

#include <map>

#include "core/routing/producer.h"
#include "core/routing/router.h"
#include "core/rtp/rtx.h"
#include "support/fake_outlet.h"
#include "support/rtp_bytes.h"
#include "support/seeded_random.h"

namespace remotemedia {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);
constexpr uint32_t kSsrc = 0xAABBCCDD;
constexpr uint32_t kRtxSsrc = 0xAABBCCDE;

class FakeSource final : public KeyframeSource {
 public:
  void RequestKeyframe(Timestamp) override { ++requests; }
  int requests = 0;
};

CodecParameters Vp8(uint8_t payload_type, uint8_t rtx_payload_type = 0, bool nack = true) {
  return {.codec = Codec::kVp8,
          .payload_type = payload_type,
          .clock_rate = 90'000,
          .rtx_payload_type = rtx_payload_type,
          .nack = nack};
}

ProducerParameters VideoProducer(uint32_t id) {
  ProducerParameters parameters;
  parameters.id = ProducerId{id};
  parameters.is_video = true;
  parameters.codecs = {Vp8(96)};
  parameters.extensions.Set(RtpExtension::kMid, 1);
  parameters.extensions.Set(RtpExtension::kVideoOrientation, 4);
  parameters.extensions.Set(RtpExtension::kAbsSendTime, 5);
  return parameters;
}

ConsumerParameters VideoConsumer(std::vector<CodecParameters> codecs, uint32_t rtx_ssrc) {
  ConsumerParameters parameters;
  parameters.id = ConsumerId{1};
  parameters.is_video = true;
  parameters.mid = "v7";
  parameters.ssrc = kSsrc;
  parameters.rtx_ssrc = rtx_ssrc;
  parameters.codecs = std::move(codecs);
  parameters.extensions.Set(RtpExtension::kMid, 9);
  parameters.extensions.Set(RtpExtension::kVideoOrientation, 10);
  parameters.extensions.Set(RtpExtension::kAbsSendTime, 11);
  parameters.extensions.Set(RtpExtension::kTransportSequenceNumber, 12);
  return parameters;
}

class ConsumerTest : public testing::Test {
 protected:
  ConsumerTest() : producer(*router.AddProducer(VideoProducer(1))) { producer.set_source(&source); }

  Consumer& Add(ConsumerParameters parameters, std::vector<PayloadTypeMapping> payload_types) {
    Consumer& consumer = *router.AddConsumer(std::move(parameters), outlet, random);
    router.Connect(now, consumer, &producer, std::move(payload_types));
    return consumer;
  }
  Consumer& AddWithRtx() { return Add(VideoConsumer({Vp8(120, 121)}, kRtxSsrc), {{96, 120}}); }
  Consumer& AddWithoutRtx() { return Add(VideoConsumer({Vp8(120)}, 0), {{96, 120}}); }

  void Publish(std::span<const uint8_t> bytes, bool starts_keyframe = false) {
    const auto view = RtpPacketView::Parse(bytes).value();
    MediaPacket packet = MediaPacket::From(view, producer.parameters().extensions,
                                           view.header().sequence_number, producer.epoch());
    packet.starts_keyframe = starts_keyframe;
    producer.Publish(now, packet, bytes);
  }
  RtpHeader Header(uint16_t number) const {
    return {.marker = number % 2 == 0,
            .payload_type = 96,
            .sequence_number = number,
            .timestamp = number * 3'000u,
            .ssrc = 7};
  }
  void PublishKeyframe(uint16_t number) {
    Publish(RtpBytes(Header(number), kVp8KeyframeStart), true);
  }
  void PublishFrame(uint16_t number) { Publish(RtpBytes(Header(number), kVp8InterFrame)); }

  Timestamp now = kStart;
  SeededRandom random{1};
  FakeSource source;
  FakeOutlet outlet;
  Router router;
  Producer& producer;
};

TEST_F(ConsumerTest, GivesThePacketTheReceiversSsrcAndPayloadType) {
  AddWithRtx();
  PublishKeyframe(500);
  ASSERT_EQ(outlet.sent.size(), 1u);
  const RtpHeader header = outlet.sent[0].header();
  EXPECT_EQ(header.ssrc, kSsrc);
  EXPECT_EQ(header.payload_type, 120);
  EXPECT_TRUE(header.marker);
  EXPECT_TRUE(std::ranges::equal(outlet.sent[0].view().payload(), kVp8KeyframeStart));
  EXPECT_EQ(outlet.sent[0].index, header.sequence_number);
  EXPECT_LT(header.sequence_number, 0x8000);
}

TEST_F(ConsumerTest, RewritesExtensionsAndDropsThoseOfTheProducersTransport) {
  AddWithRtx();
  const std::array<uint8_t, 1> orientation = {3};
  const std::array<uint8_t, 3> abs_send_time = {1, 2, 3};
  Publish(RtpBytes(Header(2), kVp8KeyframeStart,
                   {{1, TextBytes("theirs")}, {4, orientation}, {5, abs_send_time}}),
          true);
  ASSERT_EQ(outlet.sent.size(), 1u);
  std::map<uint8_t, std::vector<uint8_t>> extensions;
  outlet.sent[0].view().ForEachExtension([&](uint8_t id, std::span<const uint8_t> value) {
    extensions[id] = {value.begin(), value.end()};
  });
  EXPECT_EQ(extensions.size(), 4u);
  EXPECT_EQ(ReadExtensionText(extensions[9]), "v7");
  EXPECT_EQ(extensions[10], std::vector<uint8_t>{3});
  EXPECT_EQ(ReadAbsSendTime(extensions[11]), ToAbsSendTime(now));
  EXPECT_EQ(ReadTransportSequenceNumber(extensions[12]), 0);
}

TEST_F(ConsumerTest, NumbersPacketsTransportWide) {
  AddWithRtx();
  PublishKeyframe(1);
  PublishFrame(2);
  PublishFrame(3);
  for (uint16_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ReadTransportSequenceNumber(*outlet.sent.at(i).view().Extension(12)), i);
  }
}

TEST_F(ConsumerTest, VideoBeginsAtAKeyframeAndAsksForOne) {
  Consumer& consumer = AddWithRtx();
  EXPECT_EQ(source.requests, 1);
  PublishFrame(1);
  PublishFrame(2);
  EXPECT_TRUE(outlet.sent.empty());
  EXPECT_EQ(source.requests, 3);
  PublishKeyframe(3);
  PublishFrame(4);
  EXPECT_EQ(outlet.sent.size(), 2u);
  EXPECT_EQ(source.requests, 3);
  EXPECT_EQ(consumer.stats().packets_sent, 2u);
}

TEST_F(ConsumerTest, AudioBeginsAnywhere) {
  ProducerParameters audio;
  audio.id = ProducerId{2};
  audio.codecs = {{.codec = Codec::kOpus, .payload_type = 111, .clock_rate = 48'000}};
  Producer& voice = *router.AddProducer(audio);
  ConsumerParameters parameters;
  parameters.id = ConsumerId{2};
  parameters.ssrc = 5;
  parameters.codecs = audio.codecs;
  Consumer& consumer = *router.AddConsumer(parameters, outlet, random);
  router.Connect(now, consumer, &voice, {{111, 111}});
  RtpHeader header = Header(9);
  header.payload_type = 111;
  const auto bytes = RtpBytes(header, kVp8InterFrame);
  voice.Publish(now, MediaPacket::From(*RtpPacketView::Parse(bytes), {}, 9, 0), bytes);
  EXPECT_EQ(outlet.sent.size(), 1u);
}

TEST_F(ConsumerTest, ANewEpochWaitsForAKeyframeAndLeavesNoGap) {
  AddWithRtx();
  PublishKeyframe(1);
  producer.StartEpoch();
  PublishFrame(40'000);
  EXPECT_EQ(outlet.sent.size(), 1u);
  PublishKeyframe(40'001);
  ASSERT_EQ(outlet.sent.size(), 2u);
  EXPECT_EQ(outlet.sent[1].index, outlet.sent[0].index + 1);
}

TEST_F(ConsumerTest, PaddingAndPayloadsOfOthersLeaveNoGap) {
  AddWithRtx();
  PublishKeyframe(1);
  Publish(PaddingBytes(Header(2)));
  RtpHeader other = Header(3);
  other.payload_type = 98;
  Publish(RtpBytes(other, kVp8InterFrame));
  PublishFrame(4);
  ASSERT_EQ(outlet.sent.size(), 2u);
  EXPECT_EQ(outlet.sent[1].index, outlet.sent[0].index + 1);
}

TEST_F(ConsumerTest, RepeatsALostPacketByRtx) {
  Consumer& consumer = AddWithRtx();
  PublishKeyframe(1);
  PublishFrame(2);
  const uint16_t lost = outlet.sent[1].header().sequence_number;
  consumer.HandleNack(now, lost);
  ASSERT_EQ(outlet.sent.size(), 3u);
  const RtpHeader rtx = outlet.sent[2].header();
  EXPECT_EQ(rtx.ssrc, kRtxSsrc);
  EXPECT_EQ(rtx.payload_type, 121);
  EXPECT_EQ(outlet.sent[2].index, rtx.sequence_number);
  std::vector<uint8_t> bytes = outlet.sent[2].bytes;
  const auto restored = RestoreFromRtx(bytes, 120, kSsrc);
  ASSERT_TRUE(restored);
  const auto view = RtpPacketView::Parse(*restored);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header(), outlet.sent[1].header());
  EXPECT_TRUE(std::ranges::equal(view->payload(), kVp8InterFrame));
  EXPECT_EQ(consumer.stats().packets_retransmitted, 1u);
  EXPECT_EQ(consumer.stats().nacks_received, 1u);

  consumer.HandleNack(now, lost);
  ASSERT_EQ(outlet.sent.size(), 4u);
  EXPECT_EQ(outlet.sent[3].index, outlet.sent[2].index + 1);
}

// SRTP's nonce is made of SSRC and index: under the same, the same bits or the key is lost.
void ExpectNoNonceServesTwoTexts(const std::vector<SentPacket>& sent) {
  std::map<std::pair<uint32_t, uint64_t>, std::vector<uint8_t>> texts;
  for (const SentPacket& packet : sent) {
    const auto [text, added] =
        texts.try_emplace({packet.header().ssrc, packet.index}, packet.bytes);
    EXPECT_TRUE(added || text->second == packet.bytes);
  }
}

TEST_F(ConsumerTest, RepeatsALostPacketToTheBitWithoutRtx) {
  Consumer& consumer = AddWithoutRtx();
  PublishKeyframe(1);
  PublishFrame(2);
  now = now + Duration::Millis(80);
  consumer.HandleNack(now, outlet.sent[1].header().sequence_number);
  ASSERT_EQ(outlet.sent.size(), 3u);
  EXPECT_EQ(outlet.sent[2].index, outlet.sent[1].index);
  EXPECT_EQ(outlet.sent[2].bytes, outlet.sent[1].bytes);
}

TEST_F(ConsumerTest, RepeatsALostPacketToTheBitWithAnRtxPayloadTypeButNoRtxSsrc) {
  Consumer& consumer = Add(VideoConsumer({Vp8(120, 121)}, 0), {{96, 120}});
  PublishKeyframe(1);
  PublishFrame(2);
  now = now + Duration::Millis(80);
  consumer.HandleNack(now, outlet.sent[1].header().sequence_number);
  ASSERT_EQ(outlet.sent.size(), 3u);
  ExpectNoNonceServesTwoTexts(outlet.sent);
}

TEST_F(ConsumerTest, RepeatsNothingThatWasNeverSentOrIsOfAnotherSource) {
  Consumer& consumer = AddWithRtx();
  consumer.HandleNack(now, 5);
  PublishKeyframe(1);
  const uint16_t first = outlet.sent[0].header().sequence_number;
  consumer.HandleNack(now, static_cast<uint16_t>(first + 1));
  consumer.HandleNack(now, static_cast<uint16_t>(first - 1));
  producer.StartEpoch();
  PublishKeyframe(100);
  consumer.HandleNack(now, first);
  EXPECT_EQ(outlet.sent.size(), 2u);
  EXPECT_EQ(consumer.stats().nacks_received, 4u);
}

TEST_F(ConsumerTest, LimitsWhatOneReceiverMayHaveRepeated) {
  Consumer& consumer = AddWithRtx();
  PublishKeyframe(1);
  const uint16_t number = outlet.sent[0].header().sequence_number;
  for (int i = 0; i < 10'000; ++i) consumer.HandleNack(now, number);
  EXPECT_EQ(consumer.stats().packets_retransmitted, 128u);
  now = now + Duration::Seconds(1);
  for (int i = 0; i < 10'000; ++i) consumer.HandleNack(now, number);
  EXPECT_EQ(consumer.stats().packets_retransmitted, 256u);
}

TEST_F(ConsumerTest, PassesKeyframeRequestsOn) {
  Consumer& consumer = AddWithRtx();
  consumer.HandleKeyframeRequest(now);
  EXPECT_EQ(source.requests, 2);
  router.Connect(now, consumer, nullptr, {});
  consumer.HandleKeyframeRequest(now);
  EXPECT_EQ(source.requests, 2);
  EXPECT_EQ(consumer.stats().keyframe_requests_received, 2u);
}

// The receiver's roll-over counter follows packets it gets. Those it could not be sent must not use
// numbers up: after half a cycle of them it would decrypt nothing any more (RFC 3711 3.3.1).
TEST_F(ConsumerTest, GoesOnWithoutAGapAfterItsOutletWasClosedForLong) {
  AddWithRtx();
  PublishKeyframe(1);
  PublishFrame(2);
  outlet.is_open = false;
  uint16_t number = 3;
  for (; number < 60'000; ++number) PublishFrame(number);
  outlet.is_open = true;
  PublishFrame(number++);
  EXPECT_EQ(outlet.sent.size(), 2u) << "a receiver cannot go on without a keyframe";
  PublishKeyframe(number);
  ASSERT_EQ(outlet.sent.size(), 3u);
  EXPECT_EQ(outlet.sent[2].index, outlet.sent[1].index + 1);
}

TEST_F(ConsumerTest, UsesNoNumbersBeforeItsOutletOpens) {
  outlet.is_open = false;
  AddWithRtx();
  for (uint16_t number = 1; number < 60'000; ++number) PublishKeyframe(number);
  outlet.is_open = true;
  PublishKeyframe(60'000);
  ASSERT_EQ(outlet.sent.size(), 1u);
  EXPECT_LT(outlet.sent[0].index, 0x8000u);
}

TEST_F(ConsumerTest, ReportsNothingBeforeTheSourceToldItsClock) {
  Consumer& consumer = AddWithRtx();
  const NtpClock clock = NtpClock::FromUnixTime({});
  PublishKeyframe(1);
  EXPECT_FALSE(consumer.MakeSenderInfo(now, clock));
  producer.set_clock_mapping({now - Duration::Millis(500), 3'000});
  const auto info = consumer.MakeSenderInfo(now, clock);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->ntp, clock.ToNtp(now));
  EXPECT_EQ(info->rtp_timestamp, outlet.sent[0].header().timestamp + 45'000);
  EXPECT_EQ(info->packet_count, 1u);
  EXPECT_EQ(info->octet_count, kVp8KeyframeStart.size());
}

TEST_F(ConsumerTest, RemembersWhatTheReceiverReports) {
  Consumer& consumer = AddWithRtx();
  consumer.HandleReportBlock({.fraction_lost = 64, .cumulative_lost = 7, .jitter = 90},
                             Duration::Millis(42));
  consumer.HandleReportBlock({.fraction_lost = 32, .cumulative_lost = 8, .jitter = 80},
                             std::nullopt);
  EXPECT_EQ(consumer.stats().fraction_lost, 32);
  EXPECT_EQ(consumer.stats().packets_lost, 8);
  EXPECT_EQ(consumer.stats().jitter, 80u);
  EXPECT_EQ(consumer.stats().round_trip_time, Duration::Millis(42));
}

}  // namespace
}  // namespace remotemedia
