#include "core/rtp/retransmission_buffer.h"

#include <gtest/gtest.h>

#include <vector>

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes PacketOf(int64_t number) { return Bytes(20 + number % 7, static_cast<uint8_t>(number)); }

TEST(RetransmissionBufferTest, IsEmptyAtFirst) {
  RetransmissionBuffer buffer(8);
  EXPECT_FALSE(buffer.Find(0));
  EXPECT_FALSE(buffer.Find(-1));
}

TEST(RetransmissionBufferTest, FindsThePacketAndItsAge) {
  RetransmissionBuffer buffer(8);
  buffer.Store(Timestamp::Millis(30), 65'541, PacketOf(5));
  const auto packet = buffer.Find(65'541);
  ASSERT_TRUE(packet);
  EXPECT_EQ(Bytes(packet->bytes.begin(), packet->bytes.end()), PacketOf(5));
  EXPECT_EQ(packet->stored_at, Timestamp::Millis(30));
}

TEST(RetransmissionBufferTest, KeepsAsManyPacketsAsItsCapacity) {
  RetransmissionBuffer buffer(8);
  for (int64_t n = 100; n < 120; ++n) buffer.Store(Timestamp(), n, PacketOf(n));
  for (int64_t n = 100; n < 112; ++n) EXPECT_FALSE(buffer.Find(n)) << n;
  for (int64_t n = 112; n < 120; ++n) {
    const auto packet = buffer.Find(n);
    ASSERT_TRUE(packet) << n;
    EXPECT_EQ(Bytes(packet->bytes.begin(), packet->bytes.end()), PacketOf(n));
  }
}

TEST(RetransmissionBufferTest, NeverAnswersAPacketOfAnotherCycle) {
  RetransmissionBuffer buffer(8);
  buffer.Store(Timestamp(), 65'536 + 3, PacketOf(3));
  EXPECT_FALSE(buffer.Find(3));
  EXPECT_FALSE(buffer.Find(2 * 65'536 + 3));
}

TEST(RetransmissionBufferTest, KeepsTheNewerOfTwoPacketsForOneSlot) {
  RetransmissionBuffer buffer(8);
  buffer.Store(Timestamp(), 108, PacketOf(108));
  buffer.Store(Timestamp(), 100, PacketOf(100));
  EXPECT_TRUE(buffer.Find(108));
  EXPECT_FALSE(buffer.Find(100));
}

TEST(RetransmissionBufferTest, TakesInALatePacketWhoseSlotIsStillItsOwn) {
  RetransmissionBuffer buffer(8);
  buffer.Store(Timestamp(), 105, PacketOf(105));
  buffer.Store(Timestamp(), 103, PacketOf(103));
  EXPECT_TRUE(buffer.Find(103));
}

TEST(RetransmissionBufferTest, KeepsPacketsUpToTheMaximumSizeOnly) {
  RetransmissionBuffer buffer(8);
  buffer.Store(Timestamp(), 1, Bytes(RetransmissionBuffer::kMaxPacketSize, 7));
  buffer.Store(Timestamp(), 2, Bytes(RetransmissionBuffer::kMaxPacketSize + 1, 7));
  buffer.Store(Timestamp(), 3, {});
  ASSERT_TRUE(buffer.Find(1));
  EXPECT_EQ(buffer.Find(1)->bytes.size(), RetransmissionBuffer::kMaxPacketSize);
  EXPECT_FALSE(buffer.Find(2));
  EXPECT_FALSE(buffer.Find(3));
}

}  // namespace
}  // namespace remotemedia
