// Whole calls in virtual time: a server endpoint, clients, and the network between them.
#include "support/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/base/sequence_number.h"
#include "support/allocation_counter.h"

namespace remotemedia {
namespace {

// Packets the recorder missed or got twice between its first and its last.
struct Completeness {
  size_t missing = 0;
  size_t repeated = 0;
};

Completeness CompletenessOf(const Recorder& recorder) {
  std::set<int64_t> numbers;
  for (const RecordedPacket& packet : recorder.packets()) numbers.insert(packet.source_number);
  if (numbers.empty()) return {};
  const auto expected = static_cast<size_t>(*numbers.rbegin() - *numbers.begin() + 1);
  return {expected - numbers.size(), recorder.packets().size() - numbers.size()};
}

struct Setting {
  SrtpProfile profile;
  bool ipv6;
  DtlsRole server_role;
};

class EverySettingTest : public testing::TestWithParam<Setting> {};

INSTANTIATE_TEST_SUITE_P(
    Settings, EverySettingTest,
    testing::Values(Setting{SrtpProfile::kAeadAes128Gcm, false, DtlsRole::kServer},
                    Setting{SrtpProfile::kAeadAes256Gcm, true, DtlsRole::kServer},
                    Setting{SrtpProfile::kAesCm128HmacSha1_80, false, DtlsRole::kServer},
                    Setting{SrtpProfile::kAeadAes128Gcm, true, DtlsRole::kClient},
                    Setting{SrtpProfile::kAeadAes256Gcm, false, DtlsRole::kClient},
                    Setting{SrtpProfile::kAesCm128HmacSha1_80, true, DtlsRole::kClient}));

TEST_P(EverySettingTest, MediaFlowsBothWaysAndNothingIsLost) {
  Call call({.ipv6 = GetParam().ipv6,
             .srtp_profiles = {GetParam().profile},
             .server_role = GetParam().server_role});
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  a.host->SetBothLinks({.delay = Duration::Millis(20)});
  b.host->SetBothLinks({.delay = Duration::Millis(30)});
  ASSERT_TRUE(call.RunUntilConnected());
  EXPECT_EQ(call.ServerTransport(a).srtp_profile(), GetParam().profile);

  std::vector<std::unique_ptr<Recorder>> recorders;
  for (const bool is_video : {true, false}) {
    const MediaOptions media = {.is_video = is_video,
                                .packets_per_frame = is_video ? uint16_t{3} : uint16_t{1}};
    recorders.push_back(call.Subscribe(b, call.Publish(a, media)));
    recorders.push_back(call.Subscribe(a, call.Publish(b, media)));
  }
  for (const auto& recorder : recorders) recorder->KeepPackets();
  call.network().RunFor(Duration::Seconds(10));

  for (const auto& recorder : recorders) {
    const Completeness completeness = CompletenessOf(*recorder);
    EXPECT_EQ(completeness.missing, 0u);
    EXPECT_EQ(completeness.repeated, 0u);
    // 30 a second, but for those on their way and a keyframe to wait for at the start.
    EXPECT_GE(recorder->frame_count(), 10u * 30 - 10);
    EXPECT_LE(recorder->frame_count(), 10u * 30 + 1);
    for (const RecordedPacket& packet : recorder->packets()) {
      ASSERT_EQ(packet.payload.size(), 200u);
    }
  }
  EXPECT_EQ(call.server().counters().unknown_ssrc, 0u);
  EXPECT_EQ(call.server().counters().srtp_authentication, 0u);
  EXPECT_EQ(call.server_node().started_producers().size(), 4u);
}

LinkConditions Lossy(double loss) {
  return {.loss = loss,
          .delay = Duration::Millis(20),
          .jitter = Duration::Millis(5),
          .reorder = loss / 2,
          .duplicate = loss / 5};
}

TEST(CallTest, LostPacketsAreRepeated) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  ASSERT_TRUE(call.RunUntilConnected());
  const auto recorder = call.Subscribe(b, call.Publish(a, {.packets_per_frame = 10}));
  recorder->KeepPackets();
  call.network().RunFor(Duration::Seconds(1));
  // 5 % between the two, half of it on each hop; the way back is no better.
  a.host->SetBothLinks(Lossy(0.025));
  b.host->SetBothLinks(Lossy(0.025));
  const uint64_t lost_before = call.network().lost();
  call.network().RunFor(Duration::Seconds(60));
  EXPECT_GT(call.network().lost() - lost_before, 60u * 300 / 25);

  const Completeness completeness = CompletenessOf(*recorder);
  EXPECT_GE(recorder->packet_count(), 60u * 300);
  EXPECT_LE(completeness.missing, recorder->packet_count() / 100);
  EXPECT_EQ(completeness.repeated, 0u);
}

TEST(CallTest, AnHourOfLossAndReorderingNeitherStallsNorGrows) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  ASSERT_TRUE(call.RunUntilConnected());
  a.host->SetBothLinks(Lossy(0.02));
  b.host->SetBothLinks(Lossy(0.02));
  const auto video = call.Subscribe(b, call.Publish(a, {.frames_per_second = 15}));
  const auto audio =
      call.Subscribe(b, call.Publish(a, {.is_video = false, .frames_per_second = 20}));
  call.network().RunFor(Duration::Seconds(5 * 60));
  video->TakeLongestGap();
  audio->TakeLongestGap();
  const uint64_t frames_before = video->frame_count();
  const int64_t memory_before = LiveBytes();
  call.network().RunFor(Duration::Seconds(55 * 60));

  EXPECT_LE(video->TakeLongestGap(), Duration::Millis(500));
  EXPECT_LE(audio->TakeLongestGap(), Duration::Millis(500));
  EXPECT_GE(video->frame_count() - frames_before, 55u * 60 * 15 * 99 / 100);
  EXPECT_LE(LiveBytes() - memory_before, 16 * 1'024);
  EXPECT_TRUE(call.IsConnected(b));
  EXPECT_EQ(call.server_node().History(a.id).back().second, TransportState::kConnected);
  EXPECT_EQ(call.server().counters().srtp_authentication, 0u);
}

TEST(CallTest, FiftyViewersAtOnceCostTheSenderOneKeyframe) {
  Call call;
  Call::Client& a = call.Join();
  std::vector<Call::Client*> viewers;
  for (int i = 0; i < 50; ++i) viewers.push_back(&call.Join());
  ASSERT_TRUE(call.RunUntilConnected());
  const Call::Publication publication = call.Publish(a);
  call.network().RunFor(Duration::Seconds(2));
  const Consumer& sending = *a.endpoint().router().FindConsumer(publication.sending);
  const uint64_t requests_before = sending.stats().keyframe_requests_received;

  std::vector<std::unique_ptr<Recorder>> recorders;
  for (Call::Client* viewer : viewers) recorders.push_back(call.Subscribe(*viewer, publication));
  call.network().RunFor(Duration::Millis(900));
  EXPECT_EQ(sending.stats().keyframe_requests_received, requests_before + 1);
  for (const auto& recorder : recorders) EXPECT_GE(recorder->frame_count(), 20u);
}

TEST(CallTest, ABurstOfLossIsOvercomeByAKeyframe) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  ASSERT_TRUE(call.RunUntilConnected());
  const Call::Publication publication = call.Publish(a, {.packets_per_frame = 10});
  const auto recorder = call.Subscribe(b, publication);
  call.network().RunFor(Duration::Seconds(2));
  const Consumer& sending = *a.endpoint().router().FindConsumer(publication.sending);
  const uint64_t requests_before = sending.stats().keyframe_requests_received;
  // More than anybody repeats.
  a.host->SetPlugged(false);
  call.network().RunFor(Duration::Seconds(4));
  a.host->SetPlugged(true);
  call.network().RunFor(Duration::Seconds(2));
  EXPECT_GT(sending.stats().keyframe_requests_received, requests_before);
  recorder->TakeLongestGap();
  call.network().RunFor(Duration::Seconds(2));
  EXPECT_LE(recorder->TakeLongestGap(), Duration::Millis(100));
}

TEST(CallTest, TheReceiverDoesNotNoticeASwitchOfSources) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  Call::Client& c = call.Join();
  ASSERT_TRUE(call.RunUntilConnected());
  const Call::Publication first = call.Publish(a, {.packets_per_frame = 3});
  const Call::Publication second = call.Publish(b, {.packets_per_frame = 2});
  const auto recorder = call.Subscribe(c, first);
  recorder->KeepPackets();
  const ConsumerId consumer = call.last_subscription();
  for (int i = 0; i < 10; ++i) {
    call.network().RunFor(Duration::Millis(770));
    const Call::Publication& next = i % 2 == 0 ? second : first;
    ASSERT_EQ(call.server().ConnectConsumer(call.now(), consumer, next.id, call.MappingOf(next)),
              CommandResult::kOk);
  }
  call.network().RunFor(Duration::Seconds(1));
  const auto& packets = recorder->packets();
  ASSERT_GT(packets.size(), 400u);
  for (size_t i = 1; i < packets.size(); ++i) {
    ASSERT_EQ(static_cast<uint16_t>(packets[i - 1].header.sequence_number + 1),
              packets[i].header.sequence_number);
    const auto step =
        CircularDistance(packets[i - 1].header.timestamp, packets[i].header.timestamp);
    ASSERT_GE(step, 0);
    ASSERT_LE(step, 90'000);
  }
}

TEST(CallTest, APeerThatFallsSilentIsDisconnectedAndComesBack) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  ASSERT_TRUE(call.RunUntilConnected());
  const auto recorder = call.Subscribe(a, call.Publish(b));
  const auto other = call.Subscribe(b, call.Publish(a));
  call.network().RunFor(Duration::Seconds(5));
  b.host->SetPlugged(false);
  const Timestamp silent = call.now();
  ASSERT_TRUE(call.network().RunUntil(
      [&] { return call.server_node().IsIn(b.id, TransportState::kDisconnected); },
      Duration::Seconds(20)));
  EXPECT_GE(call.now() - silent, Duration::Millis(7'900));
  EXPECT_LE(call.now() - silent, Duration::Seconds(9));
  EXPECT_TRUE(call.server_node().IsIn(a.id, TransportState::kConnected));

  const uint64_t sent = call.ServerTransport(b).stats().packets_sent;
  call.network().RunFor(Duration::Seconds(5));
  EXPECT_EQ(call.ServerTransport(b).stats().packets_sent, sent);
  b.host->SetPlugged(true);
  ASSERT_TRUE(call.network().RunUntil([&] { return call.IsConnected(b); }, Duration::Seconds(3)));
  const uint64_t frames = recorder->frame_count();
  const uint64_t other_frames = other->frame_count();
  call.network().RunFor(Duration::Seconds(5));
  EXPECT_GE(recorder->frame_count() - frames, 130u);
  EXPECT_GE(other->frame_count() - other_frames, 130u);
}

TEST(CallTest, AGoodbyeIsUnderstoodAtOnceAndNothingIsSentAfterIt) {
  for (const bool server_leaves : {false, true}) {
    Call call;
    Call::Client& a = call.Join();
    Call::Client& b = call.Join();
    a.host->SetBothLinks({.delay = Duration::Millis(10)});
    b.host->SetBothLinks({.delay = Duration::Millis(10)});
    ASSERT_TRUE(call.RunUntilConnected());
    const auto recorder = call.Subscribe(b, call.Publish(a));
    call.network().RunFor(Duration::Seconds(2));
    if (server_leaves) {
      EXPECT_EQ(call.server().RemoveTransport(call.now(), a.id), CommandResult::kOk);
      call.network().RunFor(Duration::Millis(25));
      EXPECT_TRUE(a.node->IsIn(a.id, TransportState::kClosed));
      EXPECT_EQ(call.server().FindTransport(a.id), nullptr);
      const uint64_t sent = a.transport().stats().packets_sent;
      call.network().RunFor(Duration::Seconds(5));
      EXPECT_EQ(a.transport().stats().packets_sent, sent);
    } else {
      // b, which receives media, goes.
      recorder->consumer().producer()->Detach(&recorder->consumer());
      recorder->consumer().SetProducer(call.now(), nullptr, {});
      EXPECT_EQ(b.endpoint().RemoveTransport(call.now(), b.id), CommandResult::kOk);
      call.network().RunFor(Duration::Millis(25));
      EXPECT_TRUE(call.server_node().IsIn(b.id, TransportState::kClosed));
      const uint64_t sent = call.ServerTransport(b).stats().packets_sent;
      call.network().RunFor(Duration::Seconds(5));
      EXPECT_EQ(call.ServerTransport(b).stats().packets_sent, sent);
    }
  }
}

TEST(CallTest, ANewAddressOfTheClientIsFollowed) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  ASSERT_TRUE(call.RunUntilConnected());
  const auto from_b = call.Subscribe(a, call.Publish(b));
  const auto to_b = call.Subscribe(b, call.Publish(a));
  call.network().RunFor(Duration::Seconds(3));
  const TransportAddress moved = TransportAddress::V4({198, 51, 100, 9}, 1'234);
  b.host->Rebind(moved);
  // Until the next consent check, at most 2.4 s.
  call.network().RunFor(Duration::Seconds(4));
  EXPECT_EQ(call.server_node().last_change(b.id)->path->remote, moved);
  EXPECT_TRUE(call.IsConnected(b));
  const uint64_t from_frames = from_b->frame_count();
  const uint64_t to_frames = to_b->frame_count();
  call.network().RunFor(Duration::Seconds(10));
  EXPECT_GE(from_b->frame_count() - from_frames, 299u);
  EXPECT_GE(to_b->frame_count() - to_frames, 299u);
}

TEST(CallTest, AnIceRestartLosesNothing) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  b.host->SetBothLinks({.delay = Duration::Millis(25)});
  ASSERT_TRUE(call.RunUntilConnected());
  const auto from_b = call.Subscribe(a, call.Publish(b));
  const auto to_b = call.Subscribe(b, call.Publish(a));
  from_b->KeepPackets();
  to_b->KeepPackets();
  call.network().RunFor(Duration::Seconds(2));
  for (int i = 0; i < 3; ++i) {
    call.SetServerCredentials(b.id, call.NewCredentials());
    b.local = call.NewCredentials();
    ASSERT_EQ(call.server().RestartIce(call.now(), b.id, call.ServerCredentials(b.id)),
              CommandResult::kOk);
    call.server().ConnectTransport(call.now(), b.id, call.ClientParametersOf(b));
    // The answer is a while on its way.
    call.network().RunFor(Duration::Millis(150));
    ASSERT_EQ(b.endpoint().RestartIce(call.now(), b.id, b.local), CommandResult::kOk);
    b.endpoint().ConnectTransport(call.now(), b.id, call.ServerParametersFor(b));
    call.network().RunFor(Duration::Seconds(15));
  }
  EXPECT_TRUE(call.IsConnected(b));
  EXPECT_EQ(call.server_node().History(b.id).back().second, TransportState::kConnected);
  for (const Recorder* recorder : {from_b.get(), to_b.get()}) {
    EXPECT_EQ(CompletenessOf(*recorder).missing, 0u);
    EXPECT_GE(recorder->frame_count(), 46u * 30);
  }
}

// Audio and video of one peer start together; receivers put them in step by sender reports.
TEST(CallTest, SenderReportsKeepAudioAndVideoInStep) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  a.host->SetBothLinks({.delay = Duration::Millis(40), .jitter = Duration::Millis(30)});
  b.host->SetBothLinks({.delay = Duration::Millis(25), .jitter = Duration::Millis(30)});
  ASSERT_TRUE(call.RunUntilConnected());
  // Seldom, so that each picture has one sound that is near.
  const auto video = call.Subscribe(b, call.Publish(a, {.frames_per_second = 5}));
  const auto audio =
      call.Subscribe(b, call.Publish(a, {.is_video = false, .frames_per_second = 5}));
  video->KeepPackets();
  audio->KeepPackets();
  call.network().RunFor(Duration::Seconds(30));

  // When a packet was made, as its receiver works out.
  const auto made_at = [](Recorder& recorder, const RecordedPacket& packet) {
    const auto info = recorder.consumer().MakeSenderInfo(packet.time, NtpClock::FromUnixTime({}));
    EXPECT_TRUE(info);
    const double rate = recorder.consumer().parameters().codecs.front().clock_rate;
    const auto ticks = CircularDistance(info->rtp_timestamp, packet.header.timestamp);
    return packet.time + Duration::Micros(static_cast<int64_t>(ticks * 1e6 / rate));
  };
  // Both make one at the same moment.
  for (size_t back = 5; back < 100; ++back) {
    const RecordedPacket& picture = video->packets()[video->packets().size() - back];
    const Timestamp picture_time = made_at(*video, picture);
    Duration nearest = Duration::Seconds(1);
    for (const RecordedPacket& sound : audio->packets()) {
      const Duration skew = made_at(*audio, sound) - picture_time;
      nearest = std::min(nearest, std::max(skew, Duration() - skew));
    }
    EXPECT_LE(nearest, Duration::Millis(10));
  }
}

TEST(CallTest, RoundTripTimeIsReportedNearTheTruth) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  b.host->SetBothLinks({.delay = Duration::Millis(60)});
  ASSERT_TRUE(call.RunUntilConnected());
  const auto recorder = call.Subscribe(b, call.Publish(a));
  call.network().RunFor(Duration::Seconds(20));
  const ConsumerStats& stats =
      call.server().router().FindConsumer(call.last_subscription())->stats();
  ASSERT_TRUE(stats.round_trip_time);
  EXPECT_GE(*stats.round_trip_time, Duration::Millis(119));
  EXPECT_LE(*stats.round_trip_time, Duration::Millis(122));
}

TEST(CallTest, ALinkTooNarrowLosesPacketsAndNothingElse) {
  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  ASSERT_TRUE(call.RunUntilConnected());
  const auto recorder =
      call.Subscribe(b, call.Publish(a, {.packets_per_frame = 5, .payload_bytes = 1'000}));
  call.network().RunFor(Duration::Seconds(2));
  b.host->downlink().bits_per_second = 600'000;
  call.network().RunFor(Duration::Seconds(10));
  EXPECT_TRUE(call.IsConnected(b));
  b.host->downlink().bits_per_second = 0;
  call.network().RunFor(Duration::Seconds(2));
  const uint64_t packets = recorder->packet_count();
  call.network().RunFor(Duration::Seconds(4));
  EXPECT_GE(recorder->packet_count() - packets, 4u * 150 - 5);
}

}  // namespace
}  // namespace remotemedia
