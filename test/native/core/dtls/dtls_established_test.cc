// What may still happen to an association after its handshake.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <random>

#include "core/dtls/dtls_pair.h"

namespace remotemedia {
namespace {

class DtlsEstablishedTest : public testing::Test {
 protected:
  void SetUp() override {
    pair_.Connect();
    ASSERT_TRUE(pair_.BothConnected());
  }

  // The close_notify that `transport` sends.
  static Datagram Goodbye(DtlsTransport& transport) {
    transport.Close();
    return transport.PollTransmit().value_or(Datagram());
  }

  DtlsPair pair_;
};

TEST_F(DtlsEstablishedTest, CloseOfTheClientClosesTheServer) {
  pair_.client().Close();
  EXPECT_EQ(pair_.client().state(), DtlsState::kClosed);
  EXPECT_EQ(pair_.client().srtp_keys(), nullptr);
  pair_.RunFor(Duration::Millis(10));
  EXPECT_EQ(pair_.server().state(), DtlsState::kClosed);
  EXPECT_EQ(pair_.server().failure(), DtlsFailure::kNone);
}

TEST_F(DtlsEstablishedTest, CloseOfTheServerClosesTheClient) {
  pair_.server().Close();
  pair_.RunFor(Duration::Millis(10));
  EXPECT_EQ(pair_.client().state(), DtlsState::kClosed);
}

TEST_F(DtlsEstablishedTest, CloseNotifyIsAnsweredWithOne) {
  const size_t before = pair_.sent().size();
  pair_.client().Close();
  pair_.RunFor(Duration::Millis(50));
  EXPECT_EQ(pair_.sent().size(), before + 2);
}

TEST_F(DtlsEstablishedTest, ClosingTwiceSendsOneGoodbye) {
  const Datagram goodbye = Goodbye(pair_.client());
  EXPECT_FALSE(goodbye.empty());
  pair_.client().Close();
  EXPECT_EQ(pair_.client().PollTransmit(), std::nullopt);
}

TEST_F(DtlsEstablishedTest, ForgedCloseNotifyIsDropped) {
  const Datagram goodbye = Goodbye(pair_.client());
  for (size_t i = 0; i < goodbye.size(); ++i) {
    Datagram forged = goodbye;
    forged[i] ^= 1;
    pair_.server().HandleDatagram(pair_.now(), forged);
    ASSERT_EQ(pair_.server().state(), DtlsState::kConnected) << "byte " << i;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
  pair_.server().HandleDatagram(pair_.now(), goodbye);
  EXPECT_EQ(pair_.server().state(), DtlsState::kClosed) << "the true one still counts";
}

TEST_F(DtlsEstablishedTest, CloseNotifyInTheClearIsDropped) {
  const Datagram alert = {21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0};
  pair_.server().HandleDatagram(pair_.now(), alert);
  pair_.client().HandleDatagram(pair_.now(), alert);
  EXPECT_TRUE(pair_.BothConnected());
}

TEST_F(DtlsEstablishedTest, CloseNotifyOfAnotherAssociationIsDropped) {
  DtlsPair other;
  other.Connect();
  pair_.server().HandleDatagram(pair_.now(), Goodbye(other.client()));
  EXPECT_EQ(pair_.server().state(), DtlsState::kConnected);
}

TEST_F(DtlsEstablishedTest, ReplayOfTheWholeHandshakeIsHarmless) {
  const std::vector<Datagram> sent = pair_.sent();
  for (int round = 0; round < 20; ++round) {
    for (const Datagram& datagram : sent) {
      pair_.Inject(DtlsRole::kClient, datagram);
      pair_.Inject(DtlsRole::kServer, datagram);
    }
    pair_.RunFor(Duration::Millis(20));
  }
  EXPECT_TRUE(pair_.BothConnected());
  EXPECT_LE(pair_.sent().size(), sent.size() + 1)
      << "the server repeats its last flight at most once";
}

TEST_F(DtlsEstablishedTest, RandomDatagramsAreHarmless) {
  std::mt19937 random(5);
  for (int i = 0; i < 2'000; ++i) {
    Datagram garbage(1 + random() % 100);
    for (uint8_t& byte : garbage) byte = static_cast<uint8_t>(random());
    garbage[0] = static_cast<uint8_t>(20 + random() % 44);  // What RFC 7983 gives to DTLS.
    pair_.server().HandleDatagram(pair_.now(), garbage);
    pair_.client().HandleDatagram(pair_.now(), garbage);
  }
  EXPECT_TRUE(pair_.BothConnected());
  EXPECT_EQ(pair_.server().PollTransmit(), std::nullopt);
}

// The server's records come from our record layer as soon as its handshake is over, while the
// client still runs on OpenSSL: what follows Finished in the same datagram is read by OpenSSL.
TEST(DtlsRecordLayerTest, OpenSslReadsWhatWeSeal) {
  DtlsPair pair;
  Datagram last_flight;
  pair.set_filter([&](DtlsRole from, Datagram& datagram) {
    if (from == DtlsRole::kClient || pair.server().state() != DtlsState::kConnected) return true;
    last_flight = datagram;
    return false;
  });
  pair.Start();
  pair.RunFor(Duration::Millis(50));
  ASSERT_EQ(pair.server().state(), DtlsState::kConnected);
  ASSERT_EQ(pair.client().state(), DtlsState::kConnecting);
  pair.server().Close();
  const Datagram goodbye = pair.server().PollTransmit().value();
  Datagram both = last_flight;
  both.insert(both.end(), goodbye.begin(), goodbye.end());
  pair.client().HandleDatagram(pair.now(), both);
  EXPECT_EQ(pair.client().state(), DtlsState::kClosed);
  EXPECT_EQ(pair.client().failure(), DtlsFailure::kNone);
}

// A client's repeated Finished was sealed by OpenSSL, and only an authentic one is answered.
TEST(DtlsRecordLayerTest, WeOpenWhatOpenSslSeals) {
  DtlsPair pair;
  int lost = 0;
  pair.set_filter([&](DtlsRole from, Datagram&) {
    const bool is_last =
        from == DtlsRole::kServer && pair.server().state() == DtlsState::kConnected;
    return !is_last || ++lost > 1;
  });
  pair.Start();
  pair.RunFor(Duration::Seconds(1));
  EXPECT_TRUE(pair.BothConnected());
  EXPECT_EQ(lost, 2);
}

TEST(DtlsHandshakeAttackTest, GarbageAndTruncatedCopiesDoNotDisturbTheHandshake) {
  std::mt19937 random(6);
  DtlsPair pair;
  pair.set_filter([&](DtlsRole from, Datagram& datagram) {
    for (int i = 0; i < 20; ++i) {
      Datagram garbage(1 + random() % 200);
      for (uint8_t& byte : garbage) byte = static_cast<uint8_t>(random());
      garbage[0] = static_cast<uint8_t>(20 + random() % 44);
      pair.Inject(from, garbage);
      Datagram truncated = datagram;
      truncated.resize(random() % datagram.size());
      pair.Inject(from, truncated);
    }
    return true;
  });
  pair.Connect();
  EXPECT_TRUE(pair.BothConnected());
}

TEST(DtlsHandshakeAttackTest, GarbageAloneDoesNotStartAHandshake) {
  DtlsPair pair;
  std::mt19937 random(7);
  for (int i = 0; i < 1'000; ++i) {
    Datagram garbage(1 + random() % 200);
    for (uint8_t& byte : garbage) byte = static_cast<uint8_t>(random());
    garbage[0] = static_cast<uint8_t>(20 + random() % 44);
    pair.Inject(DtlsRole::kClient, garbage);
  }
  pair.RunFor(Duration::Seconds(60));
  EXPECT_EQ(pair.server().state(), DtlsState::kNew);
  EXPECT_TRUE(pair.sent().empty());
  pair.Connect();
  EXPECT_TRUE(pair.BothConnected()) << "and a true ClientHello still does";
}

TEST(DtlsHandshakeAttackTest, EmptyDatagramsAreDropped) {
  DtlsPair pair;
  pair.server().HandleDatagram(pair.now(), {});
  pair.Start();
  pair.client().HandleDatagram(pair.now(), {});
  pair.Connect();
  pair.client().HandleDatagram(pair.now(), {});
  EXPECT_TRUE(pair.BothConnected());
}

}  // namespace
}  // namespace remotemedia
