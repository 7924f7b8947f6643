#include "core/transport/media_receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <variant>

#include "core/base/byte_writer.h"
#include "core/routing/router.h"
#include "core/rtp/rtcp_reader.h"
#include "core/rtp/rtx.h"
#include "support/fake_outlet.h"
#include "support/rtp_bytes.h"
#include "support/seeded_random.h"

namespace remotemedia {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);
constexpr uint32_t kFeedbackSsrc = 0xFEEDBACC;
constexpr uint8_t kMidId = 1;
constexpr uint8_t kRidId = 2;
constexpr uint8_t kRepairedRidId = 3;
constexpr uint8_t kTransportId = 4;

ProducerParameters Video(uint32_t id, std::string mid) {
  ProducerParameters parameters;
  parameters.id = ProducerId{id};
  parameters.is_video = true;
  parameters.mid = std::move(mid);
  parameters.codecs = {{.codec = Codec::kVp8,
                        .payload_type = 96,
                        .clock_rate = 90'000,
                        .rtx_payload_type = 97,
                        .nack = true,
                        .pli = true,
                        .transport_cc = true}};
  parameters.extensions.Set(RtpExtension::kMid, kMidId);
  parameters.extensions.Set(RtpExtension::kRid, kRidId);
  parameters.extensions.Set(RtpExtension::kRepairedRid, kRepairedRidId);
  parameters.extensions.Set(RtpExtension::kTransportSequenceNumber, kTransportId);
  return parameters;
}

ProducerParameters Audio(uint32_t id, std::string mid) {
  ProducerParameters parameters = Video(id, std::move(mid));
  parameters.is_video = false;
  parameters.codecs = {
      {.codec = Codec::kOpus, .payload_type = 111, .clock_rate = 48'000, .nack = true}};
  return parameters;
}

struct Extensions {
  std::string mid = {};
  std::string rid = {};
  std::string repaired_rid = {};
  std::optional<uint16_t> transport_sequence_number = {};
};

class MediaReceiverTest : public testing::Test, private MediaReceiver::Owner {
 protected:
  Producer& Add(ProducerParameters parameters) {
    Producer& producer = *router.AddProducer(std::move(parameters));
    receiver.AddProducer(producer);
    return producer;
  }

  void Receive(uint32_t ssrc, uint16_t number, const Extensions& extensions = {},
               uint8_t payload_type = 96, std::span<const uint8_t> payload = kVp8InterFrame) {
    std::vector<ExtensionValue> values;
    if (!extensions.mid.empty()) values.push_back({kMidId, TextBytes(extensions.mid)});
    if (!extensions.rid.empty()) values.push_back({kRidId, TextBytes(extensions.rid)});
    if (!extensions.repaired_rid.empty()) {
      values.push_back({kRepairedRidId, TextBytes(extensions.repaired_rid)});
    }
    std::array<uint8_t, kTransportSequenceNumberSize> stamp;
    if (extensions.transport_sequence_number) {
      stamp = WriteTransportSequenceNumber(*extensions.transport_sequence_number);
      values.push_back({kTransportId, stamp});
    }
    std::vector<uint8_t> bytes = RtpBytes({.payload_type = payload_type,
                                           .sequence_number = number,
                                           .timestamp = number * 3'000u,
                                           .ssrc = ssrc},
                                          payload, values);
    receiver.HandleRtp(now, now, bytes);
  }
  void ReceiveKeyframe(uint32_t ssrc, uint16_t number) {
    Receive(ssrc, number, {}, 96, kVp8KeyframeStart);
  }
  void ReceiveRtx(uint32_t rtx_ssrc, uint16_t rtx_number, uint16_t number,
                  const Extensions& extensions = {}) {
    std::array<uint8_t, kRtxOverhead + kVp8InterFrame.size()> payload;
    WriteRtxPayload(payload, number, kVp8InterFrame);
    Receive(rtx_ssrc, rtx_number, extensions, 97, payload);
  }

  // What consumers get of the producer.
  void Watch(Producer& producer) {
    ConsumerParameters parameters;
    parameters.id = ConsumerId{static_cast<uint32_t>(producer.id())};
    parameters.ssrc = 1;
    parameters.codecs = producer.parameters().codecs;
    parameters.codecs[0].codec = Codec::kOther;  // begins anywhere
    const uint8_t payload_type = parameters.codecs[0].payload_type;
    Consumer& consumer = *router.AddConsumer(parameters, outlet, random);
    router.Connect(now, consumer, &producer, {{payload_type, payload_type}});
  }
  std::vector<int64_t> Forwarded() const {
    std::vector<int64_t> numbers;
    for (const SentPacket& packet : outlet.sent) {
      numbers.push_back(static_cast<int64_t>(packet.index - outlet.sent[0].index));
    }
    return numbers;
  }

  // Everything due now, one compound packet for each call of `handle`.
  template <typename T>
  std::vector<T> TakeFeedback() {
    std::vector<T> found;
    feedback_order.clear();
    receiver.WriteFeedback(now, [&](auto&& write) {
      feedback_bytes.emplace_back(1'200);
      RtcpWriter writer(feedback_bytes.back());
      if (!write(writer)) return false;
      RtcpReader reader(writer.written());
      while (const auto packet = reader.Next()) {
        feedback_order.push_back(packet->index());
        if (const auto* wanted = std::get_if<T>(&*packet)) found.push_back(*wanted);
      }
      return true;
    });
    return found;
  }

  void OnFeedbackWanted(Timestamp) override { ++feedback_wanted; }

  Timestamp now = kStart;
  SeededRandom random{1};
  Counters counters;
  EventQueue events;
  FakeOutlet outlet;
  Router router;
  MediaReceiver receiver{kFeedbackSsrc, NtpClock::FromUnixTime({}), *this, counters, events};
  int feedback_wanted = 0;
  std::vector<size_t> feedback_order;
  std::set<uint16_t> reported;
  std::deque<std::vector<uint8_t>> feedback_bytes;  // what the packets found point into
};

TEST_F(MediaReceiverTest, FindsAStreamByTheSsrcThatWasSignaled) {
  ProducerParameters parameters = Video(1, "0");
  parameters.encodings = {{.ssrc = 5, .rtx_ssrc = 6, .rid = {}}};
  Watch(Add(parameters));
  Receive(5, 100);
  EXPECT_EQ(outlet.sent.size(), 1u);
  EXPECT_TRUE(events.Poll());
}

TEST_F(MediaReceiverTest, LearnsAStreamByItsMid) {
  Watch(Add(Video(1, "0")));
  Producer& second = Add(Video(2, "1"));
  Watch(second);
  Receive(5, 100, {.mid = "1"});
  Receive(5, 101);
  EXPECT_EQ(outlet.sent.size(), 2u);
  const auto event = events.Poll();
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<ProducerStarted>(*event).producer, second.id());
  EXPECT_FALSE(events.Poll());
}

TEST_F(MediaReceiverTest, LearnsAStreamByThePayloadTypeOnlyOneHas) {
  Watch(Add(Video(1, "0")));
  Watch(Add(Audio(2, "1")));
  Receive(5, 100, {}, 111);
  EXPECT_EQ(outlet.sent.size(), 1u);
  EXPECT_EQ(counters.unknown_ssrc, 0u);
}

TEST_F(MediaReceiverTest, CountsAPacketThatFitsSeveral) {
  Watch(Add(Video(1, "0")));
  Watch(Add(Video(2, "1")));
  Receive(5, 100);
  EXPECT_TRUE(outlet.sent.empty());
  EXPECT_EQ(counters.unknown_ssrc, 1u);
}

TEST_F(MediaReceiverTest, CountsPacketsOfNobody) {
  Watch(Add(Video(1, "0")));
  Receive(5, 100, {.mid = "nobody"});
  Receive(6, 100, {}, 50);
  Receive(0, 100, {.mid = "0"});
  EXPECT_EQ(counters.unknown_ssrc, 3u);
  std::vector<uint8_t> rubbish(20, 0xFF);
  receiver.HandleRtp(now, now, rubbish);
  EXPECT_EQ(counters.malformed_rtp, 1u);
  EXPECT_TRUE(outlet.sent.empty());
}

TEST_F(MediaReceiverTest, APayloadTypeAloneTakesNothingAwayFromAKnownStream) {
  Watch(Add(Video(1, "0")));
  Receive(5, 100);
  Receive(6, 7'000);
  EXPECT_EQ(outlet.sent.size(), 1u);
  EXPECT_EQ(counters.unknown_ssrc, 1u);
}

TEST_F(MediaReceiverTest, APayloadTypeNobodyNegotiatedTakesNothingAwayFromAKnownStream) {
  Producer& producer = Add(Video(1, "0"));
  Watch(producer);
  Receive(5, 100, {.mid = "0"});
  Receive(6, 7'000, {.mid = "0"}, 49);
  Receive(5, 101);
  EXPECT_EQ(outlet.sent.size(), 2u);
  EXPECT_EQ(producer.epoch(), 0u);
  EXPECT_EQ(counters.unknown_ssrc, 1u);
}

TEST_F(MediaReceiverTest, LearnsLayersByTheirRid) {
  ProducerParameters parameters = Video(1, "0");
  parameters.encodings = {{.ssrc = 0, .rtx_ssrc = 0, .rid = "hi"},
                          {.ssrc = 0, .rtx_ssrc = 0, .rid = "lo"}};
  Add(parameters);
  Receive(5, 100, {.mid = "0", .rid = "lo"});
  Receive(6, 100, {.mid = "0", .rid = "hi"});
  ReceiveRtx(7, 1, 99, {.mid = "0", .repaired_rid = "lo"});
  std::map<std::string, std::pair<uint32_t, uint32_t>> ssrcs;
  receiver.ForEachStream([&](const ReceiveStream& stream) {
    ssrcs[stream.rid()] = {stream.ssrc(), stream.rtx_ssrc()};
  });
  EXPECT_EQ(ssrcs["lo"], std::pair(5u, 7u));
  EXPECT_EQ(ssrcs["hi"], std::pair(6u, 0u));
  Receive(8, 100, {.mid = "0", .rid = "unheard of"});
  EXPECT_EQ(counters.unknown_ssrc, 1u);
}

TEST_F(MediaReceiverTest, AChangeOfSsrcStartsANewEpoch) {
  Producer& producer = Add(Video(1, "0"));
  Watch(producer);
  Receive(5, 100, {.mid = "0"});
  Receive(9, 40'000, {.mid = "0"});
  EXPECT_EQ(producer.epoch(), 1u);
  EXPECT_EQ(Forwarded(), (std::vector<int64_t>{0, 1}));
  // The old SSRC is nobody's now.
  Receive(5, 101);
  EXPECT_EQ(counters.unknown_ssrc, 1u);
}

TEST_F(MediaReceiverTest, RemembersNoMoreSsrcsThanALimit) {
  for (uint32_t i = 0; i < MediaReceiver::kMaxSsrcs + 10; ++i) {
    Add(Video(i + 1, "m" + std::to_string(i)));
    Receive(1'000 + i, 1, {.mid = "m" + std::to_string(i)});
  }
  EXPECT_EQ(counters.unknown_ssrc, 10u);
}

TEST_F(MediaReceiverTest, DuplicatesAreNotForwarded) {
  Watch(Add(Video(1, "0")));
  Receive(5, 100);
  Receive(5, 101);
  Receive(5, 100);
  Receive(5, 101);
  EXPECT_EQ(Forwarded(), (std::vector<int64_t>{0, 1}));
  receiver.ForEachStream(
      [](const ReceiveStream& stream) { EXPECT_EQ(stream.stats().packets_duplicated, 2u); });
}

TEST_F(MediaReceiverTest, AStrayPacketIsNotForwarded) {
  Producer& producer = Add(Video(1, "0"));
  Watch(producer);
  Receive(5, 100);
  Receive(5, 30'000);
  Receive(5, 101);
  EXPECT_EQ(Forwarded(), (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(producer.epoch(), 0u);
}

TEST_F(MediaReceiverTest, AStreamThatJumpsStartsANewEpoch) {
  for (const int jump : {30'000, 3'100, -1'100, -2'000, -20'000}) {
    SCOPED_TRACE(jump);
    const auto id = static_cast<uint32_t>(jump + 100'000);
    Producer& producer = Add(Video(id, "m" + std::to_string(jump)));
    Watch(producer);
    outlet.sent.clear();
    Receive(id, 25'000, {.mid = "m" + std::to_string(jump)});
    for (int i = 0; i < 3; ++i) Receive(id, static_cast<uint16_t>(25'000 + jump + i));
    EXPECT_EQ(producer.epoch(), 1u);
    // The first of the jump only hints at it.
    EXPECT_EQ(Forwarded(), (std::vector<int64_t>{0, 1, 2}));
  }
}

TEST_F(MediaReceiverTest, ALossIsAskedForAndRepairedByRtx) {
  Watch(Add(Video(1, "0")));
  Receive(5, 100, {.mid = "0"});
  TakeFeedback<rtcp::Pli>();  // the consumer's
  ReceiveKeyframe(5, 102);
  ASSERT_TRUE(receiver.PollTimeout());
  now = *receiver.PollTimeout();
  EXPECT_LE(now, kStart + Duration::Millis(10));
  const auto nacks = TakeFeedback<rtcp::Nack>();
  ASSERT_EQ(nacks.size(), 1u);
  EXPECT_EQ(nacks[0].sender_ssrc, kFeedbackSsrc);
  EXPECT_EQ(nacks[0].media_ssrc, 5u);
  std::vector<uint16_t> numbers;
  nacks[0].ForEachSequenceNumber([&](uint16_t number) { numbers.push_back(number); });
  EXPECT_EQ(numbers, std::vector<uint16_t>{101});

  ReceiveRtx(6, 1, 101, {.mid = "0"});
  ReceiveRtx(6, 2, 101);
  EXPECT_EQ(Forwarded(), (std::vector<int64_t>{0, 2, 1}));
  EXPECT_TRUE(std::ranges::equal(outlet.sent[2].view().payload(), kVp8InterFrame));
  receiver.ForEachStream([](const ReceiveStream& stream) {
    EXPECT_EQ(stream.stats().packets_recovered, 1u);
    EXPECT_EQ(stream.stats().packets_duplicated, 1u);
    EXPECT_EQ(stream.stats().nacks_sent, 1u);
  });
  now = now + Duration::Seconds(1);
  EXPECT_TRUE(TakeFeedback<rtcp::Nack>().empty());
}

TEST_F(MediaReceiverTest, RtxBeforeItsStreamRepairsNothing) {
  ProducerParameters parameters = Video(1, "0");
  parameters.encodings = {{.ssrc = 5, .rtx_ssrc = 6, .rid = {}}};
  Watch(Add(parameters));
  ReceiveRtx(6, 1, 101);
  EXPECT_TRUE(outlet.sent.empty());
}

TEST_F(MediaReceiverTest, ALossForGoodAsksForAKeyframe) {
  Watch(Add(Video(1, "0")));
  Receive(5, 100, {.mid = "0"});
  TakeFeedback<rtcp::Pli>();  // of the consumer that began
  ReceiveKeyframe(5, 101);
  Receive(5, 103);
  now = now + Duration::Seconds(2);
  const auto requests = TakeFeedback<rtcp::Pli>();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].media_ssrc, 5u);
}

TEST_F(MediaReceiverTest, AudioLostForGoodAsksForNoKeyframe) {
  Watch(Add(Audio(1, "0")));
  Receive(5, 100, {.mid = "0"}, 111);
  Receive(5, 102, {}, 111);
  TakeFeedback<rtcp::Nack>();
  now = now + Duration::Seconds(2);
  EXPECT_TRUE(TakeFeedback<rtcp::Pli>().empty());
  now = now + Duration::Seconds(2);
  EXPECT_TRUE(TakeFeedback<rtcp::Pli>().empty());
}

TEST_F(MediaReceiverTest, FiftyRequestsMakeOneKeyframeRequest) {
  Producer& producer = Add(Video(1, "0"));
  Receive(5, 100, {.mid = "0"});
  for (int i = 0; i < 50; ++i) producer.RequestKeyframe(now);
  EXPECT_EQ(feedback_wanted, 50);
  EXPECT_EQ(TakeFeedback<rtcp::Pli>().size(), 1u);
  EXPECT_TRUE(TakeFeedback<rtcp::Pli>().empty());
  // Nothing came: once more.
  now = now + KeyframeRequester::kRetryInterval;
  EXPECT_EQ(TakeFeedback<rtcp::Pli>().size(), 1u);
  ReceiveKeyframe(5, 101);
  now = now + KeyframeRequester::kRetryInterval;
  EXPECT_TRUE(TakeFeedback<rtcp::Pli>().empty());
}

TEST_F(MediaReceiverTest, AsksByFirWhereThereIsNoPli) {
  ProducerParameters parameters = Video(1, "0");
  parameters.codecs[0].pli = false;
  parameters.codecs[0].fir = true;
  Producer& producer = Add(parameters);
  Receive(5, 100, {.mid = "0"});
  for (uint8_t i = 0; i < 2; ++i) {
    producer.RequestKeyframe(now);
    const auto requests = TakeFeedback<rtcp::Fir>();
    ASSERT_EQ(requests.size(), 1u);
    ASSERT_EQ(requests[0].entries.size(), 1u);
    EXPECT_EQ(requests[0].entries[0], (rtcp::FirEntry{5, i}));
    now = now + KeyframeRequester::kRetryInterval;
  }
}

TEST_F(MediaReceiverTest, AKeyframeAskedForBeforeTheFirstPacketIsRequestedWithIt) {
  Producer& producer = Add(Video(1, "0"));
  producer.RequestKeyframe(now);
  EXPECT_TRUE(TakeFeedback<rtcp::Pli>().empty());
  EXPECT_FALSE(receiver.PollTimeout());
  Receive(5, 100, {.mid = "0"});
  EXPECT_EQ(TakeFeedback<rtcp::Pli>().size(), 1u);
}

TEST_F(MediaReceiverTest, ReportsTheArrivalOfEveryStampedPacket) {
  Add(Video(1, "0"));
  for (uint16_t i = 0; i < 1'000; ++i) {
    // Of unknown streams too: the sender's estimate counts on all.
    Receive(i % 3 == 0 ? 77 : 5, i,
            {.mid = i % 3 == 0 ? "nobody" : "0",
             .transport_sequence_number = static_cast<uint16_t>(65'000 + i)});
    now = now + Duration::Millis(2);
    while (receiver.PollTimeout() && *receiver.PollTimeout() <= now) {
      for (const auto& feedback : TakeFeedback<rtcp::TransportFeedback>()) {
        rtcp::TransportFeedbackReader reader(feedback);
        while (const auto status = reader.Next()) {
          if (status->arrival) reported.insert(status->sequence_number);
        }
      }
    }
  }
  now = now + Duration::Millis(60);
  for (const auto& feedback : TakeFeedback<rtcp::TransportFeedback>()) {
    rtcp::TransportFeedbackReader reader(feedback);
    while (const auto status = reader.Next()) {
      if (status->arrival) reported.insert(status->sequence_number);
    }
  }
  EXPECT_EQ(reported.size(), 1'000u);
}

// It is padded, and only the last packet of a compound may be (RFC 3550 section 6.4.1).
TEST_F(MediaReceiverTest, TransportFeedbackComesLast) {
  Producer& producer = Add(Video(1, "0"));
  Receive(5, 100, {.mid = "0", .transport_sequence_number = 1});
  Receive(5, 102, {.mid = "0", .transport_sequence_number = 2});
  producer.RequestKeyframe(now);
  now = now + Duration::Millis(60);
  EXPECT_EQ(TakeFeedback<rtcp::TransportFeedback>().size(), 1u);
  ASSERT_EQ(feedback_order.size(), 3u);
  EXPECT_EQ(feedback_order.back(), rtcp::Packet(rtcp::TransportFeedback{}).index());
}

TEST_F(MediaReceiverTest, RelatesTheSendersClockToOurs) {
  Producer& producer = Add(Video(1, "0"));
  Receive(5, 100, {.mid = "0"});
  const NtpClock theirs = NtpClock::FromUnixTime(Duration::Seconds(5'000));
  // The second report travels faster: what it says holds for the third, which is late.
  for (const int delay_ms : {80, 30, 200}) {
    const Timestamp sent = now;
    now = now + Duration::Millis(delay_ms);
    receiver.HandleSenderReport(now, {5, {theirs.ToNtp(sent), 90'000, 1, 1}, {}});
    ASSERT_TRUE(producer.clock_mapping());
    const Duration expected = Duration::Millis(delay_ms == 80 ? 80 : 30);
    const Duration error = producer.clock_mapping()->time - (sent + expected);
    EXPECT_LE(std::abs(error.micros()), 1'000);
    now = now + Duration::Seconds(1);
  }
}

TEST_F(MediaReceiverTest, ReportsEveryStreamThatWasHeard) {
  Add(Video(1, "0"));
  Add(Audio(2, "1"));
  EXPECT_TRUE(receiver.MakeReportBlocks(now).empty());
  Receive(5, 100, {.mid = "0"});
  Receive(5, 104);
  const auto blocks = receiver.MakeReportBlocks(now);
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(blocks[0].ssrc, 5u);
  EXPECT_EQ(blocks[0].cumulative_lost, 3);
}

TEST_F(MediaReceiverTest, ForgetsARemovedProducer) {
  Producer& producer = Add(Video(1, "0"));
  Receive(5, 100, {.mid = "0"});
  receiver.RemoveProducer(producer.id());
  Receive(5, 101, {.mid = "0"});
  EXPECT_EQ(counters.unknown_ssrc, 1u);
  producer.RequestKeyframe(now);
  EXPECT_EQ(feedback_wanted, 0);
  receiver.RemoveProducer(ProducerId{99});
}

}  // namespace
}  // namespace remotemedia
