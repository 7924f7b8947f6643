// Whole calls in virtual time: a server endpoint, clients, and the network between them.
#include "support/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/base/sequence_number.h"

namespace remotemedia {
namespace {

// Packets the recorder missed or got twice between its first and its last.
struct Completeness {
  size_t missing = 0;
  size_t repeated = 0;
};

Completeness CompletenessOf(const Recorder& recorder) {
  std::set<int64_t> numbers;
  for (const RecordedPacket& packet : recorder.packets()) numbers.insert(packet.source_number);
  if (numbers.empty()) return {};
  const auto expected = static_cast<size_t>(*numbers.rbegin() - *numbers.begin() + 1);
  return {expected - numbers.size(), recorder.packets().size() - numbers.size()};
}

struct Setting {
  SrtpProfile profile;
  bool ipv6;
  DtlsRole server_role;
};

class EverySettingTest : public testing::TestWithParam<Setting> {};

INSTANTIATE_TEST_SUITE_P(
    Settings, EverySettingTest,
    testing::Values(Setting{SrtpProfile::kAeadAes128Gcm, false, DtlsRole::kServer},
                    Setting{SrtpProfile::kAeadAes256Gcm, true, DtlsRole::kServer},
                    Setting{SrtpProfile::kAesCm128HmacSha1_80, false, DtlsRole::kServer},
                    Setting{SrtpProfile::kAeadAes128Gcm, true, DtlsRole::kClient},
                    Setting{SrtpProfile::kAeadAes256Gcm, false, DtlsRole::kClient},
                    Setting{SrtpProfile::kAesCm128HmacSha1_80, true, DtlsRole::kClient}));

TEST_P(EverySettingTest, MediaFlowsBothWaysAndNothingIsLost) {
  Call call({.ipv6 = GetParam().ipv6,
             .srtp_profiles = {GetParam().profile},
             .server_role = GetParam().server_role});
  Call::Client& a = call.Join();
  Call::Client& b = call.Join();
  a.host->SetBothLinks({.delay = Duration::Millis(20)});
  b.host->SetBothLinks({.delay = Duration::Millis(30)});
  ASSERT_TRUE(call.RunUntilConnected());
  EXPECT_EQ(call.ServerTransport(a).srtp_profile(), GetParam().profile);

  std::vector<std::unique_ptr<Recorder>> recorders;
  for (const bool is_video : {true, false}) {
    const MediaOptions media = {.is_video = is_video,
                                .packets_per_frame = is_video ? uint16_t{3} : uint16_t{1}};
    recorders.push_back(call.Subscribe(b, call.Publish(a, media)));
    recorders.push_back(call.Subscribe(a, call.Publish(b, media)));
  }
  for (const auto& recorder : recorders) recorder->KeepPackets();
  call.network().RunFor(Duration::Seconds(10));

  for (const auto& recorder : recorders) {
    const Completeness completeness = CompletenessOf(*recorder);
    EXPECT_EQ(completeness.missing, 0u);
    EXPECT_EQ(completeness.repeated, 0u);
    // 30 a second, but for those on their way and a keyframe to wait for at the start.
    EXPECT_GE(recorder->frame_count(), 10u * 30 - 10);
    EXPECT_LE(recorder->frame_count(), 10u * 30 + 1);
    for (const RecordedPacket& packet : recorder->packets()) {
      ASSERT_EQ(packet.payload.size(), 200u);
    }
  }
  EXPECT_EQ(call.server().counters().unknown_ssrc, 0u);
  EXPECT_EQ(call.server().counters().srtp_authentication, 0u);
  EXPECT_EQ(call.server_node().started_producers().size(), 4u);
}

}  // namespace
}  // namespace remotemedia
