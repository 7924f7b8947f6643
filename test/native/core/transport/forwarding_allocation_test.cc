// The way of a media packet through the server allocates nothing once it is warm.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "core/transport/datagram_kind.h"
#include "support/allocation_counter.h"
#include "support/call.h"

namespace remotemedia {
namespace {

TEST(AllocationCounterTest, CountsWhatIsAllocated) {
  const uint64_t before = AllocationCount();
  const int64_t bytes_before = LiveBytes();
  auto memory = std::make_unique<std::array<uint8_t, 10'000>>();
  memory->fill(1);
  EXPECT_EQ(AllocationCount(), before + 1);
  EXPECT_GE(LiveBytes() - bytes_before, 10'000);
}

TEST(ForwardingAllocationTest, AThousandPacketsToTenConsumersAllocateNothing) {
  Call call;
  Call::Client& a = call.Join();
  std::vector<Call::Client*> viewers;
  for (int i = 0; i < 10; ++i) viewers.push_back(&call.Join());
  ASSERT_TRUE(call.RunUntilConnected());
  const Call::Publication publication = call.Publish(a, {.packets_per_frame = 10});
  std::vector<std::unique_ptr<Recorder>> recorders;
  std::vector<const Consumer*> consumers;
  for (Call::Client* viewer : viewers) {
    recorders.push_back(call.Subscribe(*viewer, publication));
    consumers.push_back(call.server().router().FindConsumer(call.last_subscription()));
  }
  call.network().RunFor(Duration::Seconds(5));

  // What the server would get, kept from it; nor does the network copy what it sends.
  std::vector<std::vector<uint8_t>> packets;
  call.network().SetTap(
      [&](const TransportAddress& from, const TransportAddress&, std::span<const uint8_t> bytes) {
        const bool is_media = from == a.host->address() && KindOf(bytes) == DatagramKind::kRtp;
        if (is_media) packets.emplace_back(bytes.begin(), bytes.end());
      });
  call.server_host().SetPlugged(false);
  ASSERT_TRUE(
      call.network().RunUntil([&] { return packets.size() >= 1'000; }, Duration::Seconds(5)));
  call.network().SetTap(nullptr);

  uint64_t sent = 0;
  for (const Consumer* consumer : consumers) sent -= consumer->stats().packets_sent;
  uint64_t allocations = 0;
  call.server().HandleTimeout(call.now());
  for (std::vector<uint8_t>& packet : packets) {
    const uint64_t before = AllocationCount();
    call.server().HandleDatagram(call.now(), {0, a.host->address()}, packet);
    allocations += AllocationCount() - before;
  }
  for (const Consumer* consumer : consumers) sent += consumer->stats().packets_sent;
  EXPECT_EQ(sent, packets.size() * consumers.size());
  EXPECT_EQ(allocations, 0u);
}

}  // namespace
}  // namespace remotemedia
