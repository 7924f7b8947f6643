// Handshakes on a link that behaves, and how they are refused. Loss is in dtls_loss_test.cc.
#include "core/dtls/dtls_transport.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "core/dtls/dtls_pair.h"

namespace remotemedia {
namespace {

constexpr SrtpProfile kAllProfiles[] = {SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm,
                                        SrtpProfile::kAesCm128HmacSha1_80};

DtlsOptions Only(std::vector<SrtpProfile> profiles) {
  DtlsOptions options;
  options.srtp_profiles = std::move(profiles);
  return options;
}

bool SameKey(const SrtpMasterKey& a, const SrtpMasterKey& b) {
  return a.key == b.key && a.salt == b.salt;
}

template <size_t kSize>
bool IsFilledExactly(const std::array<uint8_t, kSize>& bytes, size_t length) {
  const auto is_zero = [](uint8_t byte) { return byte == 0; };
  return !std::all_of(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length), is_zero) &&
         std::all_of(bytes.begin() + static_cast<ptrdiff_t>(length), bytes.end(), is_zero);
}

class DtlsProfileTest : public testing::TestWithParam<SrtpProfile> {};

TEST_P(DtlsProfileTest, GivesBothSidesTheSameKeysCrossed) {
  DtlsPair pair({.client_options = Only({GetParam()})});
  pair.Connect();
  ASSERT_TRUE(pair.BothConnected());
  const SrtpKeys& client = *pair.client().srtp_keys();
  const SrtpKeys& server = *pair.server().srtp_keys();
  EXPECT_EQ(client.profile, GetParam());
  EXPECT_EQ(server.profile, GetParam());
  EXPECT_TRUE(SameKey(client.local, server.remote));
  EXPECT_TRUE(SameKey(client.remote, server.local));
  EXPECT_FALSE(SameKey(client.local, client.remote));
  EXPECT_TRUE(IsFilledExactly(client.local.key, SrtpKeyLength(GetParam())));
  EXPECT_TRUE(IsFilledExactly(client.local.salt, SrtpSaltLength(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(AllProfiles, DtlsProfileTest, testing::ValuesIn(kAllProfiles));

TEST(DtlsTransportTest, ConnectsWithinTwoRoundTrips) {
  DtlsPair pair({.link = {.delay = Duration::Millis(20)}});
  pair.Start();
  pair.RunFor(Duration::Millis(80));
  EXPECT_TRUE(pair.BothConnected());
  EXPECT_EQ(pair.sent().size(), 4u);
}

// All profiles, with `first` in front.
std::vector<SrtpProfile> OrderWithFirst(SrtpProfile first) {
  std::vector<SrtpProfile> order(std::begin(kAllProfiles), std::end(kAllProfiles));
  std::swap(order.front(), *std::find(order.begin(), order.end(), first));
  return order;
}

TEST(DtlsTransportTest, ServerChoosesTheProfileByItsOwnOrder) {
  for (const SrtpProfile preferred : kAllProfiles) {
    for (const SrtpProfile first_offered : kAllProfiles) {
      DtlsPair pair({.client_options = Only(OrderWithFirst(first_offered)),
                     .server_options = Only(OrderWithFirst(preferred))});
      pair.Connect();
      ASSERT_TRUE(pair.BothConnected());
      EXPECT_EQ(pair.server().srtp_keys()->profile, preferred);
      EXPECT_EQ(pair.client().srtp_keys()->profile, preferred);
    }
  }
}

TEST(DtlsTransportTest, PrefersAes128GcmUnlessToldOtherwise) {
  DtlsPair pair;
  pair.Connect();
  ASSERT_TRUE(pair.BothConnected());
  EXPECT_EQ(pair.server().srtp_keys()->profile, SrtpProfile::kAeadAes128Gcm);
}

TEST(DtlsTransportTest, DerivesFreshKeysForEachAssociation) {
  DtlsPair first, second;
  first.Connect();
  second.Connect();
  ASSERT_TRUE(first.BothConnected() && second.BothConnected());
  EXPECT_FALSE(SameKey(first.client().srtp_keys()->local, second.client().srtp_keys()->local));
}

TEST(DtlsTransportTest, ReportsItsStatesInOrder) {
  DtlsPair pair;
  EXPECT_EQ(pair.client().state(), DtlsState::kNew);
  EXPECT_EQ(pair.server().state(), DtlsState::kNew);
  EXPECT_FALSE(pair.client().PollTimeout());
  pair.Start();
  EXPECT_EQ(pair.client().state(), DtlsState::kConnecting);
  EXPECT_EQ(pair.client().srtp_keys(), nullptr);
  EXPECT_TRUE(pair.client().PollTimeout());
  pair.RunFor(Duration::Millis(6));
  EXPECT_EQ(pair.server().state(), DtlsState::kConnecting);
  EXPECT_EQ(pair.server().srtp_keys(), nullptr);
  pair.RunFor(Duration::Seconds(1));
  ASSERT_TRUE(pair.BothConnected());
  EXPECT_FALSE(pair.client().PollTimeout()) << "an established association needs no timer";
  EXPECT_FALSE(pair.server().PollTimeout());
}

TEST(DtlsTransportTest, ClientFailsWhenTheServersCertificateIsNotTheAnnouncedOne) {
  const auto stranger = DtlsCertificate::Generate();
  DtlsPair pair({.expected_of_server = DtlsPair::Fingerprint(*stranger)});
  pair.Connect();
  EXPECT_EQ(pair.client().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.client().failure(), DtlsFailure::kFingerprintMismatch);
  EXPECT_EQ(pair.client().srtp_keys(), nullptr);
  EXPECT_EQ(pair.server().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server().failure(), DtlsFailure::kAlert) << "the server is told";
}

TEST(DtlsTransportTest, ServerFailsWhenTheClientsCertificateIsNotTheAnnouncedOne) {
  const auto stranger = DtlsCertificate::Generate();
  DtlsPair pair({.expected_of_client = DtlsPair::Fingerprint(*stranger)});
  pair.Connect();
  EXPECT_EQ(pair.server().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server().failure(), DtlsFailure::kFingerprintMismatch);
  EXPECT_EQ(pair.server().srtp_keys(), nullptr);
  EXPECT_EQ(pair.client().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.client().failure(), DtlsFailure::kAlert) << "the client is told";
}

TEST(DtlsTransportTest, AnInvalidFingerprintMatchesNobody) {
  DtlsPair pair({.expected_of_client = DtlsFingerprint{"md5", "00"}});
  pair.Connect();
  EXPECT_EQ(pair.server().failure(), DtlsFailure::kFingerprintMismatch);
}

TEST(DtlsTransportTest, FailsWithoutACommonSrtpProfile) {
  DtlsPair pair({.client_options = Only({SrtpProfile::kAesCm128HmacSha1_80}),
                 .server_options = Only({SrtpProfile::kAeadAes128Gcm})});
  pair.Connect();
  EXPECT_EQ(pair.client().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.client().failure(), DtlsFailure::kNoSrtpProfile);
  EXPECT_EQ(pair.server().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server().failure(), DtlsFailure::kAlert);
}

TEST(DtlsTransportTest, FailsAtOnceWhenGivenNoProfileToOffer) {
  DtlsTransport client(DtlsPair::ClientCertificate(), DtlsRole::kClient,
                       DtlsPair::Fingerprint(DtlsPair::ServerCertificate()), Only({}));
  EXPECT_EQ(client.state(), DtlsState::kFailed);
  client.Start(Timestamp::Millis(1));
  EXPECT_EQ(client.PollTransmit(), std::nullopt);
}

TEST(DtlsTransportTest, TimesOutWhenNobodyAnswers) {
  DtlsPair pair;
  pair.set_filter([](DtlsRole, Datagram&) { return false; });
  const Timestamp start = pair.now();
  pair.Start();
  pair.RunUntil(start + Duration::Millis(9'999));
  EXPECT_EQ(pair.client().state(), DtlsState::kConnecting);
  EXPECT_EQ(pair.sent().size(), 13u) << "a ClientHello and its repetitions";
  pair.RunUntil(start + Duration::Millis(10'000));
  EXPECT_EQ(pair.client().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.client().failure(), DtlsFailure::kTimeout);
  EXPECT_FALSE(pair.client().PollTimeout());
}

TEST(DtlsTransportTest, ServerTimesOutWhenTheClientFallsSilent) {
  DtlsPair pair;
  bool first = true;
  pair.set_filter([&](DtlsRole, Datagram&) { return std::exchange(first, false); });
  pair.Start();
  pair.RunFor(Duration::Millis(10'010));
  EXPECT_EQ(pair.server().state(), DtlsState::kFailed);
  EXPECT_EQ(pair.server().failure(), DtlsFailure::kTimeout);
}

TEST(DtlsTransportTest, TimeoutCanBeChosen) {
  DtlsOptions options;
  options.handshake_timeout = Duration::Millis(250);
  DtlsPair pair({.client_options = options});
  pair.set_filter([](DtlsRole, Datagram&) { return false; });
  pair.Start();
  pair.RunFor(Duration::Millis(250));
  EXPECT_EQ(pair.client().failure(), DtlsFailure::kTimeout);
}

TEST(DtlsTransportTest, NeverSendsADatagramThatMightBeFragmented) {
  DtlsPair pair({.link = {.loss = 0.3}, .seed = 7});
  pair.Start();
  pair.RunFor(Duration::Seconds(10));
  ASSERT_TRUE(pair.BothConnected());
  for (const Datagram& datagram : pair.sent()) {
    EXPECT_LE(datagram.size(), HandshakeFlights::kMaxDatagram);
  }
}

TEST(DtlsTransportTest, CloseBeforeTheHandshakeIsOverIsSilent) {
  DtlsPair pair;
  pair.Start();
  pair.RunFor(Duration::Millis(1));
  const size_t sent = pair.sent().size();
  pair.client().Close();
  EXPECT_EQ(pair.client().state(), DtlsState::kClosed);
  EXPECT_FALSE(pair.client().PollTimeout());
  pair.RunFor(Duration::Millis(50));
  EXPECT_EQ(pair.sent().size(), sent + 1) << "nothing but the server's answer to the ClientHello";
}

TEST(DtlsTransportTest, LeavesNoErrorBehindInOpenSsl) {
  const auto stranger = DtlsCertificate::Generate();
  DtlsPair good, bad({.expected_of_server = DtlsPair::Fingerprint(*stranger)});
  good.Connect();
  EXPECT_EQ(ERR_peek_error(), 0u);
  bad.Connect();
  ASSERT_EQ(bad.client().state(), DtlsState::kFailed);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(DtlsTransportTest, OutlivesTheCertificateItWasMadeWith) {
  auto certificate = DtlsCertificate::Generate();
  DtlsTransport client(*certificate, DtlsRole::kClient,
                       DtlsPair::Fingerprint(DtlsPair::ServerCertificate()));
  certificate.reset();
  client.Start(Timestamp::Millis(1));
  EXPECT_TRUE(client.PollTransmit().has_value());
}

}  // namespace
}  // namespace remotemedia
