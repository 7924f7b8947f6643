#include "core/transport/endpoint.h"

#include <gtest/gtest.h>

#include <array>

#include "core/ice/stun_writer.h"
#include "core/transport/datagram_kind.h"
#include "support/call.h"

namespace remotemedia {
namespace {

const TransportAddress kStranger = TransportAddress::V4({203, 0, 113, 66}, 666);

class EndpointTest : public testing::Test {
 protected:
  EndpointTest() {
    a.host->SetBothLinks({.delay = Duration::Millis(20)});
    EXPECT_TRUE(call.RunUntilConnected());
    publication = call.Publish(a);
    recorder = call.Subscribe(b, publication);
    recorder->KeepPackets();
    call.network().RunFor(Duration::Seconds(1));
  }

  Endpoint& server() { return call.server(); }
  const Counters& counters() { return server().counters(); }
  void InjectToServer(const TransportAddress& from, std::span<const uint8_t> bytes) {
    call.network().Inject(from, call.server_host().address(), bytes);
  }
  // Media of others goes on, and nothing has been added.
  void ExpectUndisturbed() {
    const uint64_t frames = recorder->frame_count();
    call.network().RunFor(Duration::Seconds(2));
    EXPECT_GE(recorder->frame_count() - frames, 59u);
    EXPECT_EQ(server().transport_count(), 2u);
    EXPECT_EQ(server().router().producer_count(), 1u);
    EXPECT_TRUE(call.IsConnected(a));
    EXPECT_TRUE(call.IsConnected(b));
  }
  // Repeats the client's next media packet, changed by `change`, ahead of it or behind.
  void RepeatMedia(bool ahead, const std::function<void(std::vector<uint8_t>&)>& change) {
    std::vector<uint8_t> captured;
    call.network().SetTap([&](const TransportAddress& from, const TransportAddress&,
                              std::span<const uint8_t> bytes) {
      if (captured.empty() && from == a.host->address() && KindOf(bytes) == DatagramKind::kRtp) {
        captured.assign(bytes.begin(), bytes.end());
      }
    });
    ASSERT_TRUE(call.network().RunUntil([&] { return !captured.empty(); }, Duration::Seconds(1)));
    call.network().SetTap(nullptr);
    if (!ahead) call.network().RunFor(Duration::Millis(100));
    change(captured);
    InjectToServer(a.host->address(), captured);
  }

  Call call;
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  Call::Publication publication;
  std::unique_ptr<Recorder> recorder;
};

TEST_F(EndpointTest, RandomBytesAreDroppedAndCounted) {
  SeededRandom random(7);
  const uint64_t before = counters().datagrams_received;
  std::vector<uint8_t> bytes(600);
  for (int i = 0; i < 2'000; ++i) {
    random.Fill(bytes);
    InjectToServer(kStranger, std::span(bytes).first(random.Below(bytes.size())));
  }
  call.network().RunFor(Duration::Millis(1));
  EXPECT_GE(counters().datagrams_received - before, 2'000u);
  EXPECT_GE(counters().unknown_source + counters().unauthenticated_stun, 2'000u);
  ExpectUndisturbed();
}

TEST_F(EndpointTest, RandomBytesFromAPeersAddressAreDroppedAndCounted) {
  SeededRandom random(8);
  std::vector<uint8_t> bytes(600);
  for (int i = 0; i < 2'000; ++i) {
    random.Fill(bytes);
    bytes[0] = static_cast<uint8_t>(128 + bytes[0] % 64);
    InjectToServer(a.host->address(), std::span(bytes).first(1 + random.Below(bytes.size() - 1)));
  }
  call.network().RunFor(Duration::Millis(1));
  EXPECT_EQ(counters().srtp_authentication + counters().malformed_rtp + counters().malformed_rtcp +
                counters().srtp_replay,
            2'000u);
  ExpectUndisturbed();
}

TEST_F(EndpointTest, StunWithAWrongPasswordIsDroppedAndCounted) {
  std::array<uint8_t, 512> room;
  const TransactionId id = {1, 2, 3};
  const auto check = StunWriter(room, StunClass::kRequest, id)
                         .Username(call.ServerCredentials(a.id).ufrag, a.local.ufrag)
                         .Priority(1)
                         .IceControlling(1)
                         .UseCandidate()
                         .Finish("not the password of the server");
  const uint64_t before = counters().unauthenticated_stun;
  const uint64_t delivered = call.network().delivered();
  InjectToServer(kStranger, check);
  call.network().RunFor(Duration());
  EXPECT_EQ(counters().unauthenticated_stun, before + 1);
  EXPECT_EQ(call.network().delivered(), delivered + 1) << "no answer";
  EXPECT_FALSE(call.ServerTransport(a).ice().IsValidPath({0, kStranger}));
  ExpectUndisturbed();
}

TEST_F(EndpointTest, AClientHelloFromAStrangerIsDroppedAndCounted) {
  std::vector<uint8_t> hello(200, 0);
  hello[0] = 22;
  hello[1] = 254;
  hello[2] = 253;
  const uint64_t before = counters().unknown_source;
  for (int i = 0; i < 5'000; ++i) InjectToServer(kStranger, hello);
  call.network().RunFor(Duration::Millis(1));
  EXPECT_EQ(counters().unknown_source, before + 5'000);
  EXPECT_EQ(counters().dtls_overflow, 0u);
  ExpectUndisturbed();
}

TEST_F(EndpointTest, HandshakesWaitInABoundedQueueAndTakeTurns) {
  std::vector<uint8_t> hello(200, 0);
  hello[0] = 22;
  for (int i = 0; i < 5'000; ++i) {
    server().HandleDatagram(call.now(), {0, a.host->address()}, hello);
  }
  EXPECT_EQ(counters().dtls_overflow, 5'000u - 8) << "one peer has few of the places";
  int turns = 1;
  while (server().HandleHandshakes(call.now())) ++turns;
  EXPECT_EQ(turns, 8 / 4);
  ExpectUndisturbed();
}

TEST_F(EndpointTest, SrtpWithABadTagIsDroppedAndCounted) {
  RepeatMedia(true, [](std::vector<uint8_t>& bytes) { bytes.back() ^= 1; });
  ExpectUndisturbed();
  EXPECT_EQ(counters().srtp_authentication, 1u);
}

TEST_F(EndpointTest, AReplayedPacketIsDroppedAndCounted) {
  RepeatMedia(false, [](std::vector<uint8_t>&) {});
  ExpectUndisturbed();
  EXPECT_EQ(counters().srtp_replay, 1u);
  const auto& packets = recorder->packets();
  for (size_t i = 1; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i].source_number, packets[i - 1].source_number + 1);
  }
}

TEST_F(EndpointTest, MediaFromAnotherAddressThanThePeersIsDropped) {
  const uint64_t before = counters().unknown_source;
  RepeatMedia(true, [](std::vector<uint8_t>&) {});
  call.network().RunFor(Duration::Seconds(1));
  EXPECT_EQ(counters().unknown_source, before);
  std::vector<uint8_t> rtp(100, 0x80);
  InjectToServer(kStranger, rtp);
  ExpectUndisturbed();
  EXPECT_EQ(counters().unknown_source, before + 1);
}

TEST_F(EndpointTest, RtpOfAnUnknownSsrcIsDroppedAndCounted) {
  a.endpoint().AddConsumer(a.id, {.id = ConsumerId{900},
                                  .mid = "nobody's",
                                  .ssrc = 99,
                                  .cname = "client",
                                  .codecs = {TestVp8()},
                                  .extensions = TestExtensions()});
  a.endpoint().ConnectConsumer(call.now(), ConsumerId{900}, publication.source,
                               call.MappingOf(publication));
  ExpectUndisturbed();
  EXPECT_GE(counters().unknown_ssrc, 50u);
}

TEST_F(EndpointTest, MediaBeforeTheHandshakeIsCounted) {
  const TransportId id{77};
  const IceCredentials local = call.NewCredentials();
  ASSERT_EQ(server().AddTransport(call.now(), {.id = id, .local = local}), CommandResult::kOk);
  std::array<uint8_t, 512> room;
  InjectToServer(kStranger, StunWriter(room, StunClass::kRequest, TransactionId{9})
                                .Username(local.ufrag, "peer")
                                .Priority(1)
                                .IceControlling(1)
                                .UseCandidate()
                                .Finish(local.pwd));
  call.network().RunFor(Duration::Millis(1));
  InjectToServer(kStranger, std::vector<uint8_t>(100, 0x80));
  call.network().RunFor(Duration::Millis(1));
  EXPECT_EQ(counters().no_keys, 1u);
  EXPECT_EQ(server().RemoveTransport(call.now(), id), CommandResult::kOk);
  // Its path is forgotten with it.
  const uint64_t before = counters().unknown_source;
  InjectToServer(kStranger, std::vector<uint8_t>(100, 0x80));
  ExpectUndisturbed();
  EXPECT_EQ(counters().unknown_source, before + 1);
}

TEST_F(EndpointTest, ACommandForNobodyChangesNothing) {
  const Timestamp now = call.now();
  const TransportId nobody{999};
  EXPECT_EQ(server().ConnectTransport(now, nobody, {}), CommandResult::kNoSuchTransport);
  EXPECT_EQ(server().RestartIce(now, nobody, call.NewCredentials()),
            CommandResult::kNoSuchTransport);
  EXPECT_EQ(server().RemoveTransport(now, nobody), CommandResult::kNoSuchTransport);
  EXPECT_EQ(server().AddProducer(nobody, {}), CommandResult::kNoSuchTransport);
  EXPECT_EQ(server().AddConsumer(nobody, {}), CommandResult::kNoSuchTransport);
  EXPECT_EQ(server().RemoveProducer(now, ProducerId{999}), CommandResult::kNoSuchProducer);
  EXPECT_EQ(server().ConnectConsumer(now, ConsumerId{999}, publication.id, {}),
            CommandResult::kNoSuchConsumer);
  EXPECT_EQ(server().ConnectConsumer(now, call.last_subscription(), ProducerId{999}, {}),
            CommandResult::kNoSuchProducer);
  EXPECT_EQ(server().RemoveConsumer(now, ConsumerId{999}), CommandResult::kNoSuchConsumer);
  ExpectUndisturbed();
}

TEST_F(EndpointTest, AnIdOrUfragThatIsTakenIsRefused) {
  const Timestamp now = call.now();
  EXPECT_EQ(server().AddTransport(now, {.id = a.id, .local = call.NewCredentials()}),
            CommandResult::kIdInUse);
  EXPECT_EQ(
      server().AddTransport(now, {.id = TransportId{999}, .local = call.ServerCredentials(a.id)}),
      CommandResult::kUfragInUse);
  EXPECT_EQ(server().RestartIce(now, a.id, call.ServerCredentials(b.id)),
            CommandResult::kUfragInUse);
  ProducerParameters producer;
  producer.id = publication.id;
  EXPECT_EQ(server().AddProducer(a.id, producer), CommandResult::kIdInUse);
  ConsumerParameters consumer;
  consumer.id = call.last_subscription();
  EXPECT_EQ(server().AddConsumer(a.id, consumer), CommandResult::kIdInUse);
  EXPECT_EQ(a.endpoint().AddSyntheticProducer(now, {.id = publication.source, .codec = TestVp8()}),
            CommandResult::kIdInUse);
  ExpectUndisturbed();
}

TEST_F(EndpointTest, ARemovedTransportTakesItsProducersAndConsumersAlong) {
  EXPECT_EQ(server().RemoveTransport(call.now(), a.id), CommandResult::kOk);
  EXPECT_EQ(server().router().producer_count(), 0u);
  EXPECT_EQ(server().router().consumer_count(), 1u);
  EXPECT_EQ(server().RemoveTransport(call.now(), b.id), CommandResult::kOk);
  EXPECT_EQ(server().router().consumer_count(), 0u);
  EXPECT_EQ(server().transport_count(), 0u);
  call.network().RunFor(Duration::Seconds(1));
}

TEST_F(EndpointTest, AConsumerOfNothingSendsNothing) {
  server().ConnectConsumer(call.now(), call.last_subscription(), ProducerId{}, {});
  call.network().RunFor(Duration::Millis(100));
  const uint64_t frames = recorder->frame_count();
  call.network().RunFor(Duration::Seconds(1));
  EXPECT_EQ(recorder->frame_count(), frames);
  EXPECT_EQ(server().RemoveProducer(call.now(), publication.id), CommandResult::kOk);
  EXPECT_EQ(server().RemoveConsumer(call.now(), call.last_subscription()), CommandResult::kOk);
}

TEST_F(EndpointTest, TransportsComeAndGoWithoutATrace) {
  for (uint32_t i = 0; i < 2'000; ++i) {
    const TransportId id{5'000 + i};
    server().AddTransport(call.now(), {.id = id, .local = call.NewCredentials()});
    server().AddSyntheticProducer(call.now(), {.id = ProducerId{5'000}, .codec = TestOpus()});
    server().RemoveProducer(call.now(), ProducerId{5'000});
    EXPECT_EQ(server().RemoveTransport(call.now(), id), CommandResult::kOk);
  }
  ExpectUndisturbed();
}

TEST(EventQueueTest, HoldsABoundedNumberAndSaysWhatItLost) {
  EventQueue queue;
  for (uint32_t i = 0; i < EventQueue::kMaxEvents + 5; ++i) {
    queue.Push(ProducerStarted{ProducerId{i}});
  }
  EXPECT_EQ(queue.TakeDropped(), 5u);
  EXPECT_EQ(queue.TakeDropped(), 0u);
  for (uint32_t i = 0; i < EventQueue::kMaxEvents; ++i) {
    const auto event = queue.Poll();
    ASSERT_TRUE(event);
    EXPECT_EQ(std::get<ProducerStarted>(*event).producer, ProducerId{i});
  }
  EXPECT_FALSE(queue.Poll());
}

TEST(DatagramKindTest, TheFirstByteTells) {
  const auto kind_of = [](uint8_t first, uint8_t second = 96) {
    const std::array<uint8_t, 12> bytes = {first, second};
    return KindOf(bytes);
  };
  EXPECT_EQ(KindOf({}), DatagramKind::kUnknown);
  EXPECT_EQ(kind_of(0), DatagramKind::kStun);
  EXPECT_EQ(kind_of(3), DatagramKind::kStun);
  EXPECT_EQ(kind_of(4), DatagramKind::kUnknown);
  EXPECT_EQ(kind_of(19), DatagramKind::kUnknown);
  EXPECT_EQ(kind_of(20), DatagramKind::kDtls);
  EXPECT_EQ(kind_of(63), DatagramKind::kDtls);
  EXPECT_EQ(kind_of(64), DatagramKind::kUnknown);
  EXPECT_EQ(kind_of(127), DatagramKind::kUnknown);
  EXPECT_EQ(kind_of(128), DatagramKind::kRtp);
  EXPECT_EQ(kind_of(191, 96 | 0x80), DatagramKind::kRtp);
  EXPECT_EQ(kind_of(128, 200), DatagramKind::kRtcp);
  EXPECT_EQ(kind_of(128, 206), DatagramKind::kRtcp);
  EXPECT_EQ(kind_of(192), DatagramKind::kUnknown);
}

}  // namespace
}  // namespace remotemedia
