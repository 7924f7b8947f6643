#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>

#include "core/crypto/libcrypto.h"
#include "engine/socket_testing.h"

namespace remotemedia {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const CodecParameters kVp8 = {.codec = Codec::kVp8,
                              .payload_type = 96,
                              .clock_rate = 90'000,
                              .rtx_payload_type = 97,
                              .nack = true,
                              .pli = true};

EngineOptions Loopback(IoBackend io = IoBackend::kPlatform) {
  return {.listen = {Address("127.0.0.1")},
          .endpoint = {.srtp_profiles = {SrtpProfile::kAeadAes128Gcm}},
          .io = io};
}

// An engine with an owner who waits for its events.
class OwnedEngine {
 public:
  explicit OwnedEngine(EngineOptions options) {
    InitializeLibcrypto();
    Restart(std::move(options));
  }

  void Restart(EngineOptions options) {
    auto started = Engine::Start(std::move(options), [this] {
      const std::lock_guard lock(mutex_);
      notified_ = true;
      condition_.notify_one();
    });
    if (auto* engine = std::get_if<std::unique_ptr<Engine>>(&started)) engine_ = std::move(*engine);
  }

  Engine* operator->() { return engine_.get(); }

  // Waits until `done()`, looking again whenever events have come.
  template <typename F>
  bool WaitUntil(F&& done) {
    while (true) {
      dropped_ += engine_->TakeEvents(events_);
      if (done()) return true;
      std::unique_lock lock(mutex_);
      if (!condition_.wait_for(lock, std::chrono::seconds(20), [&] { return notified_; })) {
        return false;
      }
      notified_ = false;
    }
  }

  // All events of a type so far.
  template <typename T>
  std::vector<T> All() const {
    std::vector<T> found;
    for (const EngineEvent& event : events_) {
      if (const auto* match = std::get_if<T>(&event)) found.push_back(*match);
    }
    return found;
  }

  // Waits until `matches` answers true for an event of type T.
  template <typename T, typename F>
  bool WaitFor(F&& matches) {
    return WaitUntil([&] { return std::ranges::any_of(All<T>(), matches); });
  }

  bool WaitForState(TransportState state) {
    return WaitFor<TransportStateChanged>([&](const auto& e) { return e.state == state; });
  }

  EngineSnapshot Stats() {
    const uint32_t request = ++last_request_;
    engine_->Submit(command::RequestEngineStats{request});
    EXPECT_TRUE(WaitFor<EngineStatsEvent>([&](const auto& e) { return e.request_id == request; }));
    return All<EngineStatsEvent>().back().stats;
  }

  uint64_t dropped() const { return dropped_; }
  size_t event_count() const { return events_.size(); }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool notified_ = false;
  std::vector<EngineEvent> events_;
  uint64_t dropped_ = 0;
  uint32_t last_request_ = 0;
  std::unique_ptr<Engine> engine_;  // last: its thread uses the others
};

size_t OpenDescriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(open), end(open)));
}

class EngineTest : public testing::TestWithParam<IoBackend> {
 protected:
  // Connects the client's transport 1 with the server's transport 1.
  void Connect() {
    const IceCredentials server = {"server", std::string(24, 's')};
    const IceCredentials client = {"client", std::string(24, 'c')};
    server_->Submit(command::AddTransport{TransportId{1}, IceRole::kLite, server});
    client_->Submit(command::AddTransport{TransportId{1}, IceRole::kControlling, client});
    server_->Submit(
        command::ConnectTransport{TransportId{1},
                                  {.ice = client,
                                   .candidates = {},
                                   .dtls_role = DtlsRole::kServer,
                                   .fingerprint = {"sha-256", client_->fingerprint()}}});
    client_->Submit(command::ConnectTransport{
        TransportId{1},
        {.ice = server,
         .candidates = {{.address = server_->addresses().front(), .priority = 1}},
         .dtls_role = DtlsRole::kClient,
         .fingerprint = {"sha-256", server_->fingerprint()}}});
    ASSERT_TRUE(server_.WaitForState(TransportState::kConnected));
    ASSERT_TRUE(client_.WaitForState(TransportState::kConnected));
  }

  // The client sends made-up video, which the server receives as producer 1.
  void SendVideo() {
    client_->Submit(command::AddSyntheticProducer{{.id = ProducerId{1},
                                                   .is_video = true,
                                                   .codec = kVp8,
                                                   .packets_per_frame = 10,
                                                   .frames_per_second = 100,
                                                   .payload_bytes = 1'000}});
    ConsumerParameters consumer;
    consumer.id = ConsumerId{1};
    consumer.is_video = true;
    consumer.ssrc = 1'234;
    consumer.rtx_ssrc = 1'235;
    consumer.cname = "client";
    consumer.codecs = {kVp8};
    client_->Submit(command::AddConsumer{TransportId{1}, consumer});
    client_->Submit(command::ConnectConsumer{ConsumerId{1}, ProducerId{1}, {{96, 96}}});
    ProducerParameters producer;
    producer.id = ProducerId{1};
    producer.is_video = true;
    producer.codecs = {kVp8};
    producer.encodings = {{.ssrc = 1'234, .rtx_ssrc = 1'235, .rid = ""}};
    server_->Submit(command::AddProducer{TransportId{1}, producer});
  }

  TransportSnapshot ServerTransport(uint32_t request) {
    server_->Submit(command::RequestTransportStats{request, TransportId{1}});
    EXPECT_TRUE(server_.WaitFor<TransportStatsEvent>(
        [&](const auto& e) { return e.request_id == request; }));
    return server_.All<TransportStatsEvent>().back().stats.value();
  }

  OwnedEngine server_{Loopback(GetParam())};
  OwnedEngine client_{Loopback(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(All, EngineTest,
                         testing::Values(IoBackend::kPlatform, IoBackend::kPortable));

TEST_P(EngineTest, ConnectsWithAnotherEngineAndForwardsMedia) {
  Connect();
  SendVideo();
  ASSERT_TRUE(server_.WaitFor<ProducerStarted>([](const auto&) { return true; }));

  TransportSnapshot transport = ServerTransport(1);
  for (uint32_t request = 2; transport.producers.at(0).packets_received < 100; ++request) {
    ASSERT_LT(request, 1'000'000u);
    transport = ServerTransport(request);
  }
  EXPECT_EQ(transport.state, TransportState::kConnected);
  EXPECT_EQ(transport.srtp_profile, SrtpProfile::kAeadAes128Gcm);
  ASSERT_EQ(transport.producers.size(), 1u);
  EXPECT_EQ(transport.producers[0].id, ProducerId{1});
  EXPECT_EQ(transport.producers[0].ssrc, 1'234u);
  EXPECT_EQ(transport.producers[0].bytes_received,
            1'000u * static_cast<uint64_t>(transport.producers[0].packets_received));
  EXPECT_EQ(transport.producers[0].keyframes_received, 1u);

  const EngineSnapshot stats = client_.Stats();
  EXPECT_EQ(stats.transports, 1u);
  EXPECT_EQ(stats.producers, 1u);
  EXPECT_EQ(stats.consumers, 1u);
  EXPECT_GT(stats.sent.datagrams, 100u);
  EXPECT_EQ(stats.sent.errors, 0u);
}

TEST_P(EngineTest, SaysGoodbyeToItsPeersWhenItIsClosed) {
  Connect();
  client_->Close();
  EXPECT_TRUE(server_.WaitForState(TransportState::kClosed));
}

TEST_P(EngineTest, SaysGoodbyeToThePeerOfATransportThatIsRemoved) {
  Connect();
  client_->Submit(command::RemoveTransport{TransportId{1}});
  EXPECT_TRUE(server_.WaitForState(TransportState::kClosed));
  EXPECT_EQ(client_.Stats().transports, 0u);
}

TEST_P(EngineTest, UsesTheSocketOfARemovedTransportNoMore) {
  const size_t before = OpenDescriptors();
  for (uint32_t i = 1; i <= 3; ++i) {
    const std::string ufrag = "transport" + std::to_string(i);
    client_->Submit(command::AddTransport{
        TransportId{i}, IceRole::kControlling, {ufrag, std::string(24, 'p')}});
  }
  EXPECT_EQ(client_.Stats().transports, 3u);
  EXPECT_EQ(OpenDescriptors(), before + 3);
  for (uint32_t i = 1; i <= 3; ++i) client_->Submit(command::RemoveTransport{TransportId{i}});
  EXPECT_EQ(client_.Stats().transports, 0u);
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_P(EngineTest, TellsWhichCommandFailedAndWhy) {
  server_->Submit(command::RemoveConsumer{ConsumerId{7}});
  ASSERT_TRUE(server_.WaitFor<CommandFailed>([](const auto&) { return true; }));
  EXPECT_EQ(server_.All<CommandFailed>().front().message,
            "removeConsumer 7: there is no such consumer");
}

TEST_P(EngineTest, ClosesTheSocketOfATransportItRefuses) {
  const IceCredentials local = {"same", std::string(24, 'p')};
  client_->Submit(command::AddTransport{TransportId{1}, IceRole::kLite, local});
  EXPECT_EQ(client_.Stats().transports, 1u);
  const size_t before = OpenDescriptors();
  client_->Submit(command::AddTransport{TransportId{2}, IceRole::kControlling, local});
  ASSERT_TRUE(client_.WaitFor<CommandFailed>([](const auto&) { return true; }));
  EXPECT_THAT(client_.All<CommandFailed>().front().message, HasSubstr("ufrag"));
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_P(EngineTest, AnswersThatThereIsNoSuchTransport) {
  server_->Submit(command::RequestTransportStats{5, TransportId{99}});
  ASSERT_TRUE(server_.WaitFor<TransportStatsEvent>([](const auto&) { return true; }));
  EXPECT_EQ(server_.All<TransportStatsEvent>().front().request_id, 5u);
  EXPECT_FALSE(server_.All<TransportStatsEvent>().front().stats);
}

// Twice what the queue of commands holds, each with an event that tells it was carried out.
TEST_P(EngineTest, LosesNoCommandAndCountsTheEventsItLoses) {
  constexpr size_t kCommands = 2 * Engine::kCommandCapacity;
  for (size_t i = 0; i < kCommands; ++i) server_->Submit(command::RemoveConsumer{ConsumerId{7}});
  EXPECT_TRUE(
      server_.WaitUntil([&] { return server_.event_count() + server_.dropped() >= kCommands; }));
  EXPECT_EQ(server_.event_count() + server_.dropped(), kCommands);
}

TEST_P(EngineTest, DropsAndCountsWhatIsNoProtocolOfOurs) {
  const auto stranger = BindForTest("127.0.0.1");
  const std::string noise = "random bytes";
  const std::array datagrams = {OutgoingDatagram{server_->addresses().front(), Bytes(noise)}};
  SendCounters counters;
  stranger->Send(datagrams, counters);
  while (server_.Stats().counters.datagrams_received == 0) {
  }
  EXPECT_EQ(server_.Stats().counters.unknown_source, 1u);
}

TEST_P(EngineTest, DoesNothingAfterItWasClosed) {
  server_->Close();
  server_->Close();
  server_->Submit(command::RemoveConsumer{ConsumerId{7}});
  std::vector<EngineEvent> events;
  EXPECT_EQ(server_->TakeEvents(events), 0u);
  EXPECT_THAT(events, IsEmpty());
  EXPECT_EQ(server_->addresses().size(), 1u) << "what it was bound to stays known";
}

TEST_P(EngineTest, StartsAndStopsAHundredTimesWithoutKeepingADescriptor) {
  const size_t before = OpenDescriptors();
  for (int i = 0; i < 100; ++i) {
    OwnedEngine engine(Loopback(GetParam()));
    ASSERT_EQ(engine->addresses().size(), 1u);
  }
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_P(EngineTest, ServesOverIpv6) {
  if (!HasIpv6()) GTEST_SKIP() << "no IPv6 on this machine";
  EngineOptions options = Loopback(GetParam());
  options.listen = {Address("::1")};
  server_.Restart(options);
  client_.Restart(options);
  Connect();
}

TEST(EngineStartTest, FailsWithTheAddressThatIsTaken) {
  OwnedEngine first(Loopback());
  EngineOptions options = Loopback();
  options.udp_port = first->addresses().front().port;
  const size_t before = OpenDescriptors();
  const auto second = Engine::Start(options, [] {});
  const auto* error = std::get_if<IoError>(&second);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code, EADDRINUSE);
  EXPECT_EQ(error->address, first->addresses().front());
  EXPECT_EQ(OpenDescriptors(), before);
}

}  // namespace
}  // namespace remotemedia
