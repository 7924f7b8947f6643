#include "core/dtls/handshake_flights.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace remotemedia {
namespace {

using Datagram = HandshakeFlights::Datagram;

constexpr Timestamp kStart = Timestamp::Millis(5'000);

Datagram Bytes(std::string_view text) { return Datagram(text.begin(), text.end()); }

using Sent = std::vector<std::string>;
Sent Drain(HandshakeFlights& flights) {
  Sent sent;
  while (auto datagram = flights.PollTransmit())
    sent.emplace_back(datagram->begin(), datagram->end());
  return sent;
}

TEST(HandshakeFlightsTest, SendsAFlightWhenItIsComplete) {
  HandshakeFlights flights;
  flights.BeginFlight();
  flights.Write(Bytes("hello"));
  EXPECT_TRUE(Drain(flights).empty());
  EXPECT_TRUE(flights.Flush(kStart));
  EXPECT_EQ(Drain(flights), Sent{"hello"});
  EXPECT_FALSE(flights.Flush(kStart));
}

TEST(HandshakeFlightsTest, RepeatsWithGrowingIntervalsUpToOneSecond) {
  HandshakeFlights flights;
  flights.BeginFlight();
  flights.Write(Bytes("hello"));
  flights.Flush(kStart);
  Drain(flights);
  Timestamp previous = kStart;
  for (const int64_t expected_ms : {100, 200, 400, 800, 1'000, 1'000}) {
    const Timestamp due = flights.timeout();
    EXPECT_EQ((due - previous).millis(), expected_ms);
    flights.HandleTimeout(due - Duration::Micros(1));
    EXPECT_TRUE(Drain(flights).empty());
    flights.HandleTimeout(due);
    EXPECT_EQ(Drain(flights), Sent{"hello"});
    previous = due;
  }
}

TEST(HandshakeFlightsTest, UsesUpItsCopiesAndThenRepeatsTheLast) {
  HandshakeFlights flights;
  flights.BeginFlight();
  flights.Write(Bytes("one"));
  flights.BeginCopy();
  flights.Write(Bytes("two"));
  flights.BeginCopy();
  flights.Write(Bytes("three"));
  flights.Flush(kStart);
  EXPECT_EQ(Drain(flights), Sent{"one"});
  for (const char* expected : {"two", "three", "three"}) {
    flights.HandleTimeout(flights.timeout());
    EXPECT_EQ(Drain(flights), Sent{expected});
  }
}

TEST(HandshakeFlightsTest, PacksRecordsIntoAsFewDatagramsAsFit) {
  HandshakeFlights flights;
  flights.BeginFlight();
  flights.Write(Datagram(700, 1));
  flights.Write(Datagram(500, 2));
  flights.Write(Datagram(1, 3));
  flights.Write(Datagram(1'199, 4));
  flights.Flush(kStart);
  std::vector<size_t> sizes;
  for (const std::string& datagram : Drain(flights)) sizes.push_back(datagram.size());
  EXPECT_EQ(sizes, (std::vector<size_t>{1'200, 1'200}));
}

TEST(HandshakeFlightsTest, StartsOverWithTheNextFlight) {
  HandshakeFlights flights;
  flights.BeginFlight();
  flights.Write(Bytes("first"));
  flights.Flush(kStart);
  flights.HandleTimeout(flights.timeout());
  Drain(flights);
  const Timestamp later = kStart + Duration::Seconds(3);
  flights.BeginFlight();
  flights.Write(Bytes("second"));
  flights.Flush(later);
  EXPECT_EQ(flights.timeout(), later + HandshakeFlights::kFirstInterval);
  flights.HandleTimeout(flights.timeout());
  EXPECT_EQ(Drain(flights), (Sent{"second", "second"}));
}

TEST(HandshakeFlightsTest, RepeatsNothingOnceStopped) {
  HandshakeFlights flights;
  flights.BeginFlight();
  flights.Write(Bytes("hello"));
  flights.Flush(kStart);
  flights.Stop();
  EXPECT_EQ(flights.timeout(), Timestamp::Never());
  flights.HandleTimeout(kStart + Duration::Seconds(60));
  EXPECT_EQ(Drain(flights), Sent{"hello"}) << "what was queued is still sent";
}

TEST(HandshakeFlightsTest, SendsWhatBelongsToNoFlightOnce) {
  HandshakeFlights flights;
  flights.Write(Bytes("alert"));
  EXPECT_FALSE(flights.Flush(kStart));
  EXPECT_EQ(flights.timeout(), Timestamp::Never());
  EXPECT_EQ(Drain(flights), Sent{"alert"});
}

TEST(HandshakeFlightsTest, DoesNotGrowWhenNobodyPolls) {
  HandshakeFlights flights;
  for (int i = 0; i < 1'000; ++i) flights.Send(Bytes("x"));
  EXPECT_EQ(Drain(flights).size(), 32u);
}

}  // namespace
}  // namespace remotemedia
