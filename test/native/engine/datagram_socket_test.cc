#include "engine/datagram_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <tuple>

#include "engine/clock.h"
#include "engine/socket_testing.h"

namespace remotemedia {
namespace {

using testing::ElementsAre;

// Every test for both implementations and both families.
class DatagramSocketTest : public testing::TestWithParam<std::tuple<IoBackend, const char*>> {
 protected:
  void SetUp() override {
    if (ip() == "::1" && !HasIpv6()) GTEST_SKIP() << "no IPv6 on this machine";
    sender_ = BindForTest(ip(), backend());
    receiver_ = BindForTest(ip(), backend());
    ASSERT_TRUE(sender_ && receiver_);
  }

  IoBackend backend() const { return std::get<0>(GetParam()); }
  std::string_view ip() const { return std::get<1>(GetParam()); }

  SendCounters Send(const std::vector<OutgoingDatagram>& datagrams) {
    SendCounters counters;
    sender_->Send(datagrams, counters);
    return counters;
  }

  std::unique_ptr<DatagramSocket> sender_;
  std::unique_ptr<DatagramSocket> receiver_;
};

INSTANTIATE_TEST_SUITE_P(All, DatagramSocketTest,
                         testing::Combine(testing::Values(IoBackend::kPlatform,
                                                          IoBackend::kPortable),
                                          testing::Values("127.0.0.1", "::1")),
                         [](const auto& info) {
                           const bool portable = std::get<0>(info.param) == IoBackend::kPortable;
                           const bool v6 = std::string(std::get<1>(info.param)) == "::1";
                           return std::string(portable ? "Portable" : "Platform") +
                                  (v6 ? "V6" : "V4");
                         });

TEST_P(DatagramSocketTest, KnowsTheAddressAndPortItWasBoundTo) {
  EXPECT_EQ(sender_->address().ip_string(), ip());
  EXPECT_NE(sender_->address().port, 0);
  EXPECT_NE(sender_->address(), receiver_->address());
}

TEST_P(DatagramSocketTest, DeliversDatagramsInOrderWithTheirSender) {
  const std::string one = "one", two = "two";
  const auto counters =
      Send({{receiver_->address(), Bytes(one)}, {receiver_->address(), Bytes(two)}});
  EXPECT_EQ(counters.datagrams, 2u);
  EXPECT_EQ(counters.bytes, 6u);
  EXPECT_EQ(counters.errors, 0u);
  EXPECT_THAT(ReceiveText(*receiver_, 2), ElementsAre("one", "two"));

  Send({{receiver_->address(), Bytes(one)}});
  pollfd waiting = {receiver_->fd(), POLLIN, 0};
  ASSERT_EQ(poll(&waiting, 1, 10'000), 1);
  ReceiveBatch batch;
  EXPECT_FALSE(receiver_->Receive(batch)) << "one datagram does not fill a batch";
  ASSERT_EQ(batch.datagrams().size(), 1u);
  EXPECT_EQ(batch.datagrams()[0].from, sender_->address());
}

TEST_P(DatagramSocketTest, TellsHowLongDatagramsHaveWaitedWhereTheSystemKnows) {
  const std::string one = "one", two = "two";
  constexpr Duration kApart = Duration::Millis(5);
  Send({{receiver_->address(), Bytes(one)}});
  for (const Timestamp sent = Now(); Now() - sent < kApart;) {
  }
  Send({{receiver_->address(), Bytes(two)}});
  ReceiveBatch batch;
  receiver_->Receive(batch);
  ASSERT_EQ(batch.datagrams().size(), 2u);
  const Duration difference = batch.datagrams()[0].age - batch.datagrams()[1].age;
  if (backend() == IoBackend::kPlatform) {
    EXPECT_GE(difference, kApart - Duration::Millis(1));
  } else {
    EXPECT_EQ(difference, Duration());
  }
}

TEST_P(DatagramSocketTest, ReceivesNothingWithoutWaiting) {
  ReceiveBatch batch;
  EXPECT_FALSE(receiver_->Receive(batch));
  EXPECT_TRUE(batch.datagrams().empty());
}

TEST_P(DatagramSocketTest, SendsAndReceivesMoreThanOneBatch) {
  constexpr size_t kCount = 2 * ReceiveBatch::kSize + 5;
  std::vector<std::string> texts;
  for (size_t i = 0; i < kCount; ++i) texts.push_back("datagram " + std::to_string(i));
  std::vector<OutgoingDatagram> datagrams;
  for (const std::string& text : texts) datagrams.push_back({receiver_->address(), Bytes(text)});
  EXPECT_EQ(Send(datagrams).datagrams, kCount);

  ReceiveBatch batch;
  EXPECT_TRUE(receiver_->Receive(batch)) << "more is waiting";
  EXPECT_EQ(batch.datagrams().size(), ReceiveBatch::kSize);
  std::vector<std::string> rest = ReceiveText(*receiver_, kCount - ReceiveBatch::kSize);
  EXPECT_EQ(rest, std::vector(texts.begin() + ReceiveBatch::kSize, texts.end()));
}

TEST_P(DatagramSocketTest, GoesOnBehindADestinationThatFails) {
  TransportAddress unreachable = receiver_->address();
  unreachable.port = 0;  // refused by the system
  const TransportAddress other_family =
      receiver_->address().is_v4() ? Address("::1", 9) : Address("127.0.0.1", 9);
  const std::string one = "one", two = "two", lost = "lost";
  const auto counters = Send({{unreachable, Bytes(lost)},
                              {receiver_->address(), Bytes(one)},
                              {other_family, Bytes(lost)},
                              {unreachable, Bytes(lost)},
                              {receiver_->address(), Bytes(two)},
                              {unreachable, Bytes(lost)}});
  EXPECT_EQ(counters.datagrams, 2u);
  EXPECT_EQ(counters.errors, 4u);
  EXPECT_THAT(ReceiveText(*receiver_, 2), ElementsAre("one", "two"));
}

TEST_P(DatagramSocketTest, GoesOnBehindADatagramThatIsTooLongForUdp) {
  const std::string too_long(70'000, 'x');
  const std::string fits = "fits";
  const auto counters =
      Send({{receiver_->address(), Bytes(too_long)}, {receiver_->address(), Bytes(fits)}});
  EXPECT_EQ(counters.errors, 1u);
  EXPECT_THAT(ReceiveText(*receiver_, 1), ElementsAre("fits"));
}

// What the kernel may be given as one run must come out as it went in.
TEST_P(DatagramSocketTest, KeepsDatagramsApartWhateverTheirSizes) {
  std::vector<std::string> texts;
  const auto add = [&](size_t count, size_t size) {
    for (size_t i = 0; i < count; ++i) {
      texts.emplace_back(size, static_cast<char>('A' + texts.size() % 26));
    }
  };
  add(100, 1'200);  // more than one run holds
  add(1, 700);      // a shorter last one
  add(2, 1'200);
  add(1, 1'201);  // a longer one begins another run
  add(3, 10);
  add(1, 0);
  add(70, 1'504);  // more bytes than UDP can count
  std::vector<OutgoingDatagram> datagrams;
  size_t bytes = 0;
  for (const std::string& text : texts) {
    datagrams.push_back({receiver_->address(), Bytes(text)});
    bytes += text.size();
  }
  const auto counters = Send(datagrams);
  EXPECT_EQ(counters.datagrams, texts.size());
  EXPECT_EQ(counters.bytes, bytes);
  EXPECT_EQ(counters.errors, 0u);
  const std::vector<std::string> received = ReceiveText(*receiver_, texts.size());
  EXPECT_EQ(received.size(), texts.size());
  EXPECT_TRUE(received == texts);
}

TEST_P(DatagramSocketTest, CountsEachDatagramOfARunThatFails) {
  TransportAddress unreachable = receiver_->address();
  unreachable.port = 0;
  const std::string text = "text";
  const auto counters = Send({{unreachable, Bytes(text)},
                              {unreachable, Bytes(text)},
                              {unreachable, Bytes(text)},
                              {receiver_->address(), Bytes(text)},
                              {receiver_->address(), Bytes(text)}});
  EXPECT_EQ(counters.errors, 3u);
  EXPECT_EQ(counters.datagrams, 2u);
  EXPECT_THAT(ReceiveText(*receiver_, 2), ElementsAre("text", "text"));
}

TEST_P(DatagramSocketTest, DropsDatagramsThatAreLongerThanItsRoom) {
  const std::string longest(ReceiveBatch::kMaxDatagram, 'x');
  const std::string too_long = longest + 'x';
  Send({{receiver_->address(), Bytes(too_long)}, {receiver_->address(), Bytes(longest)}});
  EXPECT_THAT(ReceiveText(*receiver_, 1), ElementsAre(longest));
}

TEST_P(DatagramSocketTest, RefusesAnAddressThatIsTaken) {
  const auto second = DatagramSocket::Bind(sender_->address(), backend());
  const auto* error = std::get_if<IoError>(&second);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code, EADDRINUSE);
  EXPECT_STREQ(error->operation, "bind");
  EXPECT_EQ(error->address, sender_->address());
}

TEST(DatagramSocketBindTest, RefusesAnAddressThatIsNotOurs) {
  const auto bound = DatagramSocket::Bind(Address("192.0.2.1"));
  const auto* error = std::get_if<IoError>(&bound);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code, EADDRNOTAVAIL);
}

}  // namespace
}  // namespace remotemedia
