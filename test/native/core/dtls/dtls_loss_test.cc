// Handshakes on links that lose, duplicate and reorder, in virtual time.
#include <gtest/gtest.h>

#include "core/dtls/dtls_pair.h"

namespace remotemedia {
namespace {

constexpr LinkConditions kBadLink = {
    .loss = 0.3, .duplication = 0.2, .delay = Duration::Millis(20), .jitter = Duration::Millis(60)};

TEST(DtlsLossTest, ConnectsThroughHeavyLossReorderingAndDuplication) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    DtlsPair pair({.link = kBadLink, .seed = seed});
    pair.Start();
    pair.RunFor(Duration::Seconds(10));
    ASSERT_TRUE(pair.BothConnected()) << "seed " << seed;
    ASSERT_EQ(pair.client().srtp_keys()->local.key, pair.server().srtp_keys()->remote.key);
  }
}

TEST(DtlsLossTest, ConnectsWhenEveryDatagramArrivesTwice) {
  DtlsPair pair({.link = {.duplication = 1}});
  pair.Connect();
  EXPECT_TRUE(pair.BothConnected());
}

// How often the datagrams of one flight may be lost in a row.
class DtlsLostFlightTest : public testing::TestWithParam<int> {};

TEST_P(DtlsLostFlightTest, RecoversFromALostClientHello) {
  DtlsPair pair;
  int left = GetParam();
  pair.set_filter(
      [&](DtlsRole from, Datagram&) { return from == DtlsRole::kServer || left-- <= 0; });
  pair.Start();
  pair.RunFor(Duration::Seconds(9));
  EXPECT_TRUE(pair.BothConnected());
}

TEST_P(DtlsLostFlightTest, RecoversFromALostFlightOfTheServer) {
  DtlsPair pair;
  int left = GetParam();
  pair.set_filter(
      [&](DtlsRole from, Datagram&) { return from == DtlsRole::kClient || left-- <= 0; });
  pair.Start();
  pair.RunFor(Duration::Seconds(9));
  EXPECT_TRUE(pair.BothConnected());
}

TEST_P(DtlsLostFlightTest, RecoversFromALostLastFlightOfTheClient) {
  DtlsPair pair;
  int left = GetParam();
  pair.set_filter([&](DtlsRole from, Datagram&) {
    const bool is_last =
        from == DtlsRole::kClient && pair.server().state() == DtlsState::kConnecting;
    return !is_last || left-- <= 0;
  });
  pair.Start();
  pair.RunFor(Duration::Seconds(9));
  EXPECT_TRUE(pair.BothConnected());
}

TEST_P(DtlsLostFlightTest, RecoversFromALostLastFlightOfTheServer) {
  DtlsPair pair;
  int left = GetParam();
  pair.set_filter([&](DtlsRole from, Datagram&) {
    const bool is_last =
        from == DtlsRole::kServer && pair.server().state() == DtlsState::kConnected;
    return !is_last || left-- <= 0;
  });
  pair.Start();
  pair.RunFor(Duration::Seconds(9));
  EXPECT_TRUE(pair.BothConnected());
  EXPECT_LE(left, 0) << "the flight was lost as often as the test says";
}

INSTANTIATE_TEST_SUITE_P(TimesInARow, DtlsLostFlightTest, testing::Values(1, 2, 5, 9));

TEST(DtlsLossTest, RecoversAtTheSpeedOfTheFirstInterval) {
  DtlsPair pair;
  int left = 1;
  pair.set_filter([&](DtlsRole, Datagram&) { return left-- <= 0; });
  pair.Start();
  pair.RunFor(HandshakeFlights::kFirstInterval + Duration::Millis(4 * 5));
  EXPECT_TRUE(pair.BothConnected());
}

TEST(DtlsLossTest, ClientGivesUpWhenTheServersLastFlightNeverArrives) {
  DtlsPair pair;
  pair.set_filter([&](DtlsRole from, Datagram&) {
    return from == DtlsRole::kClient || pair.server().state() != DtlsState::kConnected;
  });
  pair.Start();
  pair.RunFor(Duration::Seconds(11));
  EXPECT_EQ(pair.client().failure(), DtlsFailure::kTimeout);
  EXPECT_EQ(pair.server().state(), DtlsState::kConnected);
}

}  // namespace
}  // namespace remotemedia
