#include "core/rtp/rtp_header_extension.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

TEST(RtpHeaderExtensionTest, FindsEveryExtensionByItsOwnUri) {
  std::set<std::string_view> uris;
  for (size_t i = 0; i < static_cast<size_t>(RtpExtension::kCount); ++i) {
    const auto extension = static_cast<RtpExtension>(i);
    EXPECT_EQ(RtpExtensionFromUri(RtpExtensionUri(extension)), extension);
    uris.insert(RtpExtensionUri(extension));
  }
  EXPECT_EQ(uris.size(), static_cast<size_t>(RtpExtension::kCount));
}

TEST(RtpHeaderExtensionTest, KnowsTheUrisBrowsersOffer) {
  EXPECT_EQ(RtpExtensionFromUri("urn:ietf:params:rtp-hdrext:sdes:mid"), RtpExtension::kMid);
  EXPECT_EQ(RtpExtensionFromUri("urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
            RtpExtension::kAudioLevel);
  EXPECT_EQ(RtpExtensionFromUri(
                "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"),
            RtpExtension::kTransportSequenceNumber);
  EXPECT_EQ(RtpExtensionFromUri("urn:ietf:params:rtp-hdrext:csrc-audio-level"), std::nullopt);
  EXPECT_EQ(RtpExtensionFromUri(""), std::nullopt);
}

TEST(RtpExtensionMapTest, AnswersZeroForWhatIsNotNegotiated) {
  RtpExtensionMap map;
  EXPECT_EQ(map.id(RtpExtension::kMid), 0);
  EXPECT_EQ(map.type(0), std::nullopt);
  EXPECT_EQ(map.type(1), std::nullopt);
}

TEST(RtpExtensionMapTest, MapsBothWays) {
  RtpExtensionMap map;
  map.Set(RtpExtension::kMid, 4);
  map.Set(RtpExtension::kDependencyDescriptor, 255);
  EXPECT_EQ(map.id(RtpExtension::kMid), 4);
  EXPECT_EQ(map.type(4), RtpExtension::kMid);
  EXPECT_EQ(map.type(255), RtpExtension::kDependencyDescriptor);
}

TEST(RtpExtensionMapTest, LetsAnIdStandForTheLastExtensionOnly) {
  RtpExtensionMap map;
  map.Set(RtpExtension::kMid, 4);
  map.Set(RtpExtension::kRid, 4);
  EXPECT_EQ(map.id(RtpExtension::kMid), 0);
  EXPECT_EQ(map.type(4), RtpExtension::kRid);
  map.Set(RtpExtension::kRid, 0);
  EXPECT_EQ(map.type(4), std::nullopt);
}

TEST(AbsSendTimeTest, IsSecondsModulo64In618FixedPoint) {
  EXPECT_EQ(ToAbsSendTime(Timestamp::Micros(0)), 0u);
  EXPECT_EQ(ToAbsSendTime(Timestamp::Millis(1'000)), 1u << 18);
  EXPECT_EQ(ToAbsSendTime(Timestamp::Millis(500)), 1u << 17);
  EXPECT_EQ(ToAbsSendTime(Timestamp::Millis(64'000)), 0u);
  EXPECT_EQ(ToAbsSendTime(Timestamp::Micros(63'999'999)), 0xFF'FFFFu);
  EXPECT_EQ(ToAbsSendTime(Timestamp::Millis(-1'000)), 63u << 18);
}

TEST(AbsSendTimeTest, ReadsWhatItWrites) {
  const auto bytes = WriteAbsSendTime(0x123456);
  EXPECT_EQ(std::vector<uint8_t>(bytes.begin(), bytes.end()), FromHex("123456"));
  EXPECT_EQ(ReadAbsSendTime(bytes), 0x123456u);
  EXPECT_EQ(ReadAbsSendTime(FromHex("1234")), std::nullopt);
}

TEST(AudioLevelTest, SplitsVoiceActivityFromTheLevel) {
  const auto talking = ReadAudioLevel(FromHex("A3"));
  ASSERT_TRUE(talking);
  EXPECT_TRUE(talking->voice_activity);
  EXPECT_EQ(talking->level, 35);
  const auto silent = ReadAudioLevel(FromHex("7F"));
  ASSERT_TRUE(silent);
  EXPECT_FALSE(silent->voice_activity);
  EXPECT_EQ(silent->level, 127);
  EXPECT_FALSE(ReadAudioLevel({}));
}

TEST(TransportSequenceNumberTest, ReadsWhatItWrites) {
  const auto bytes = WriteTransportSequenceNumber(0xABCD);
  EXPECT_EQ(std::vector<uint8_t>(bytes.begin(), bytes.end()), FromHex("ABCD"));
  EXPECT_EQ(ReadTransportSequenceNumber(bytes), 0xABCD);
  EXPECT_EQ(ReadTransportSequenceNumber(FromHex("AB")), std::nullopt);
  EXPECT_EQ(ReadTransportSequenceNumber({}), std::nullopt);
}

TEST(ExtensionTextTest, DropsTrailingZeroBytes) {
  EXPECT_EQ(ReadExtensionText(FromHex("6869")), "hi");
  EXPECT_EQ(ReadExtensionText(FromHex("68690000")), "hi");
  EXPECT_EQ(ReadExtensionText(FromHex("0000")), "");
  EXPECT_EQ(ReadExtensionText({}), "");
}

}  // namespace
}  // namespace remotemedia
