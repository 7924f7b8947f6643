#include "engine/poller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "engine/clock.h"
#include "engine/socket_testing.h"

namespace remotemedia {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Duration kLong = Duration::Seconds(10);

class PollerTest : public testing::TestWithParam<IoBackend> {
 protected:
  void SendTo(const DatagramSocket& socket) {
    const std::string text = "x";
    const std::array datagrams = {OutgoingDatagram{socket.address(), Bytes(text)}};
    SendCounters counters;
    first_->Send(datagrams, counters);
  }

  std::unique_ptr<Poller> poller_ = Poller::Make(GetParam());
  std::unique_ptr<DatagramSocket> first_ = BindForTest("127.0.0.1");
  std::unique_ptr<DatagramSocket> second_ = BindForTest("127.0.0.1");
};

INSTANTIATE_TEST_SUITE_P(All, PollerTest,
                         testing::Values(IoBackend::kPlatform, IoBackend::kPortable));

TEST_P(PollerTest, AnswersTheSocketThatIsReadableUntilItIsEmpty) {
  ASSERT_TRUE(poller_->Add(first_->fd(), 3));
  ASSERT_TRUE(poller_->Add(second_->fd(), 4));
  SendTo(*second_);
  EXPECT_THAT(poller_->Wait(kLong), ElementsAre(4));
  EXPECT_THAT(poller_->Wait(kLong), ElementsAre(4));
  ReceiveText(*second_, 1);
  EXPECT_THAT(poller_->Wait(Duration()), IsEmpty());
}

TEST_P(PollerTest, ForgetsASocketThatWasRemoved) {
  ASSERT_TRUE(poller_->Add(first_->fd(), 3));
  ASSERT_TRUE(poller_->Add(second_->fd(), 4));
  poller_->Remove(first_->fd());
  SendTo(*first_);
  SendTo(*second_);
  EXPECT_THAT(poller_->Wait(kLong), ElementsAre(4));
}

TEST_P(PollerTest, ReturnsWhenTheTimeIsUpAndNotBefore) {
  const Timestamp start = Now();
  EXPECT_THAT(poller_->Wait(Duration::Micros(1'500)), IsEmpty());
  EXPECT_GE(Now() - start, Duration::Micros(1'500));
}

TEST_P(PollerTest, IsWokenByAnotherThread) {
  const Timestamp start = Now();
  std::thread other([&] { poller_->Wake(); });
  EXPECT_THAT(poller_->Wait(std::nullopt), IsEmpty());
  other.join();
  EXPECT_LT(Now() - start, kLong);
}

TEST_P(PollerTest, ForgetsAllWakesOnceItHasReturned) {
  for (int i = 0; i < 1'000; ++i) poller_->Wake();
  poller_->Wait(std::nullopt);
  const Timestamp start = Now();
  poller_->Wait(Duration::Millis(2));
  EXPECT_GE(Now() - start, Duration::Millis(2));
}

}  // namespace
}  // namespace remotemedia
