#include "engine/send_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/socket_testing.h"

namespace remotemedia {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SendBatchTest : public testing::Test {
 protected:
  SendBatchTest() {
    sockets_.Add(BindForTest("127.0.0.1"));
    sockets_.Add(BindForTest("127.0.0.1"));
  }

  void Put(uint16_t socket, const TransportAddress& to, const std::string& text) {
    const auto room = batch_.Reserve();
    ASSERT_EQ(room.size(), DatagramSink::kMaxDatagram);
    std::copy(text.begin(), text.end(), room.begin());
    batch_.Commit({socket, to}, text.size());
  }

  SocketTable sockets_;
  SendBatch batch_{sockets_};
  std::unique_ptr<DatagramSocket> receiver_ = BindForTest("127.0.0.1");
  std::unique_ptr<DatagramSocket> other_receiver_ = BindForTest("127.0.0.1");
};

TEST_F(SendBatchTest, SendsNothingBeforeTheFlush) {
  Put(0, receiver_->address(), "later");
  ReceiveBatch received;
  receiver_->Receive(received);
  EXPECT_THAT(received.datagrams(), IsEmpty());
  EXPECT_EQ(batch_.counters().datagrams, 0u);

  batch_.Flush();
  EXPECT_THAT(ReceiveText(*receiver_, 1), ElementsAre("later"));
  EXPECT_EQ(batch_.counters().datagrams, 1u);
  EXPECT_EQ(batch_.counters().bytes, 5u);
}

TEST_F(SendBatchTest, SendsFromTheSocketOfThePathAndKeepsTheOrderOfEachPath) {
  Put(0, receiver_->address(), "a1");
  Put(1, other_receiver_->address(), "b1");
  Put(0, receiver_->address(), "a2");
  Put(1, other_receiver_->address(), "b2");
  batch_.Flush();
  EXPECT_THAT(ReceiveText(*receiver_, 2), ElementsAre("a1", "a2"));

  pollfd waiting = {other_receiver_->fd(), POLLIN, 0};
  ASSERT_EQ(poll(&waiting, 1, 10'000), 1);
  ReceiveBatch received;
  other_receiver_->Receive(received);
  ASSERT_EQ(received.datagrams().size(), 2u);
  EXPECT_EQ(received.datagrams()[0].from, sockets_.Find(1)->address());
}

TEST_F(SendBatchTest, SendsWhatBelongsToOnePathOneAfterTheOther) {
  for (const char* packet : {"1", "2", "3"}) {
    Put(0, receiver_->address(), packet);
    Put(0, other_receiver_->address(), packet);
  }
  batch_.Flush();
  EXPECT_THAT(ReceiveText(*receiver_, 3), ElementsAre("1", "2", "3"));
  EXPECT_THAT(ReceiveText(*other_receiver_, 3), ElementsAre("1", "2", "3"));

  Put(0, receiver_->address(), "4");
  batch_.Flush();
  EXPECT_THAT(ReceiveText(*receiver_, 1), ElementsAre("4")) << "nothing is left from before";
}

TEST_F(SendBatchTest, ForgetsARoomThatIsNotCommitted) {
  std::fill_n(batch_.Reserve().begin(), 4, uint8_t{'x'});
  Put(0, receiver_->address(), "kept");
  batch_.Flush();
  EXPECT_EQ(batch_.counters().datagrams, 1u);
  EXPECT_THAT(ReceiveText(*receiver_, 1), ElementsAre("kept"));
}

TEST_F(SendBatchTest, SendsByItselfWhenItIsFull) {
  for (size_t i = 0; i < SendBatch::kMaxDatagrams; ++i) Put(0, receiver_->address(), "x");
  EXPECT_EQ(batch_.counters().datagrams, 0u);
  Put(0, receiver_->address(), "one more");
  EXPECT_EQ(batch_.counters().datagrams, SendBatch::kMaxDatagrams);
  batch_.Flush();
  EXPECT_EQ(batch_.counters().datagrams, SendBatch::kMaxDatagrams + 1);
}

TEST_F(SendBatchTest, CountsWhatHasNoSocketAnyMore) {
  Put(1, receiver_->address(), "lost");
  Put(0, receiver_->address(), "kept");
  sockets_.Remove(1);
  batch_.Flush();
  EXPECT_EQ(batch_.counters().errors, 1u);
  EXPECT_THAT(ReceiveText(*receiver_, 1), ElementsAre("kept"));
}

TEST_F(SendBatchTest, SendsToOthersWhereOneDestinationFails) {
  Put(0, Address("127.0.0.1", 0), "lost");
  Put(0, receiver_->address(), "kept");
  batch_.Flush();
  EXPECT_EQ(batch_.counters().errors, 1u);
  EXPECT_THAT(ReceiveText(*receiver_, 1), ElementsAre("kept"));
}

}  // namespace
}  // namespace remotemedia
