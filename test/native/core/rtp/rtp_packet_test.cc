#include "core/rtp/rtp_packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Bytes = std::vector<uint8_t>;
using Elements = std::vector<std::pair<int, Bytes>>;

Bytes ToBytes(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

Elements ExtensionsOf(const RtpPacketView& packet) {
  Elements elements;
  packet.ForEachExtension([&](uint8_t id, std::span<const uint8_t> value) {
    elements.emplace_back(id, ToBytes(value));
  });
  return elements;
}

// A packet with an extension block of this profile and these bytes, and a payload of one byte.
Bytes PacketWithExtensions(std::string_view profile, std::string_view block) {
  Bytes packet = FromHex("90 60 0001 00000002 00000003");
  const Bytes body = FromHex(block);
  for (uint8_t byte : FromHex(profile)) packet.push_back(byte);
  packet.push_back(0);
  packet.push_back(static_cast<uint8_t>(body.size() / 4));
  packet.insert(packet.end(), body.begin(), body.end());
  packet.push_back(0xAA);
  return packet;
}

TEST(RtpPacketTest, ReadsTheFixedHeaderAndThePayload) {
  const Bytes bytes = FromHex("80 E0 ABCD 01020304 DEADBEEF 112233");
  const auto packet = RtpPacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->header(), (RtpHeader{true, 96, 0xABCD, 0x01020304, 0xDEADBEEF}));
  EXPECT_EQ(packet->header_size(), 12u);
  EXPECT_EQ(packet->padding_size(), 0u);
  EXPECT_THAT(ToBytes(packet->payload()), ElementsAre(0x11, 0x22, 0x33));
  EXPECT_THAT(packet->csrcs(), IsEmpty());
  EXPECT_THAT(ExtensionsOf(*packet), IsEmpty());
}

TEST(RtpPacketTest, ReadsContributingSources) {
  const Bytes bytes = FromHex("82 60 0001 00000002 00000003 00000004 00000005 77");
  const auto packet = RtpPacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(ToBytes(packet->csrcs()), FromHex("00000004 00000005"));
  EXPECT_EQ(packet->header_size(), 20u);
  EXPECT_THAT(ToBytes(packet->payload()), ElementsAre(0x77));
}

TEST(RtpPacketTest, LeavesPaddingOutOfThePayload) {
  const Bytes bytes = FromHex("A0 60 0001 00000002 00000003 1122 000003");
  const auto packet = RtpPacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->padding_size(), 3u);
  EXPECT_THAT(ToBytes(packet->payload()), ElementsAre(0x11, 0x22));
}

TEST(RtpPacketTest, AcceptsAPacketThatIsNothingButPadding) {
  const Bytes bytes = FromHex("A0 60 0001 00000002 00000003 00000004");
  const auto packet = RtpPacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->padding_size(), 4u);
  EXPECT_THAT(packet->payload(), IsEmpty());
}

TEST(RtpPacketTest, RejectsPaddingThatIsZeroOrReachesIntoTheHeader) {
  EXPECT_FALSE(RtpPacketView::Parse(FromHex("A0 60 0001 00000002 00000003 00000000")));
  EXPECT_FALSE(RtpPacketView::Parse(FromHex("A0 60 0001 00000002 00000003 00000005")));
  EXPECT_FALSE(RtpPacketView::Parse(FromHex("A0 60 0001 00000002 00000003")));
}

TEST(RtpPacketTest, RejectsOtherVersions) {
  EXPECT_FALSE(RtpPacketView::Parse(FromHex("40 60 0001 00000002 00000003 00")));
  EXPECT_FALSE(RtpPacketView::Parse(FromHex("C0 60 0001 00000002 00000003 00")));
}

TEST(RtpPacketTest, RejectsEveryTruncationOfTheHeader) {
  const Bytes bytes = FromHex("92 60 0001 00000002 00000003 00000004 00000005 BEDE 0001 10AA0000");
  ASSERT_TRUE(RtpPacketView::Parse(bytes));
  for (size_t size = 0; size < bytes.size(); ++size) {
    const Bytes truncated(bytes.begin(), bytes.begin() + size);
    EXPECT_FALSE(RtpPacketView::Parse(truncated)) << size << " bytes";
  }
}

TEST(RtpPacketTest, ReadsOneByteExtensionsAroundPadding) {
  const Bytes bytes = PacketWithExtensions("BEDE", "10 AA 00 00 E2 01 02 03");
  const auto packet = RtpPacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(ExtensionsOf(*packet), (Elements{{1, {0xAA}}, {14, {1, 2, 3}}}));
  EXPECT_EQ(ToBytes(packet->Extension(14).value()), (Bytes{1, 2, 3}));
  EXPECT_FALSE(packet->Extension(2));
  EXPECT_FALSE(packet->Extension(0));
  EXPECT_THAT(ToBytes(packet->payload()), ElementsAre(0xAA));
}

TEST(RtpPacketTest, ReadsTwoByteExtensionsWhateverTheApplicationBits) {
  const Bytes bytes = PacketWithExtensions("100F", "01 00 00 FF 02 01 02 00");
  const auto packet = RtpPacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(ExtensionsOf(*packet), (Elements{{1, {}}, {255, {1, 2}}}));
  EXPECT_TRUE(packet->Extension(1)->empty());
}

TEST(RtpPacketTest, TreatsIdFifteenAsAnOrdinaryOneInTheTwoByteForm) {
  const Bytes bytes = PacketWithExtensions("1000", "0F 02 01 02");
  EXPECT_EQ(ExtensionsOf(*RtpPacketView::Parse(bytes)), (Elements{{15, {1, 2}}}));
}

TEST(RtpPacketTest, StopsAtTheReservedIdOfTheOneByteForm) {
  const Bytes bytes = PacketWithExtensions("BEDE", "10 AA F0 BB 20 CC 00 00");
  EXPECT_EQ(ExtensionsOf(*RtpPacketView::Parse(bytes)), (Elements{{1, {0xAA}}}));
}

TEST(RtpPacketTest, StopsAtPaddingThatHasALength) {
  const Bytes bytes = PacketWithExtensions("BEDE", "10 AA 01 BB 20 CC 00 00");
  EXPECT_EQ(ExtensionsOf(*RtpPacketView::Parse(bytes)), (Elements{{1, {0xAA}}}));
}

TEST(RtpPacketTest, StopsAtAnElementThatDoesNotFitTheBlock) {
  const Bytes one_byte = PacketWithExtensions("BEDE", "10 AA 22 BB");
  EXPECT_EQ(ExtensionsOf(*RtpPacketView::Parse(one_byte)), (Elements{{1, {0xAA}}}));
  const Bytes two_byte = PacketWithExtensions("1000", "01 01 AA 02");
  EXPECT_EQ(ExtensionsOf(*RtpPacketView::Parse(two_byte)), (Elements{{1, {0xAA}}}));
}

TEST(RtpPacketTest, PassesOverExtensionBlocksOfOtherProfiles) {
  const Bytes bytes = PacketWithExtensions("ABAC", "10 AA 00 00");
  const auto packet = RtpPacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_THAT(ExtensionsOf(*packet), IsEmpty());
  EXPECT_EQ(packet->header_size(), 20u);
}

TEST(RtpPacketTest, TellsRtcpFromRtpByThePayloadType) {
  EXPECT_TRUE(IsRtcp(FromHex("80 C8")));   // sender report, 200
  EXPECT_TRUE(IsRtcp(FromHex("8F CD")));   // transport feedback, 205
  EXPECT_FALSE(IsRtcp(FromHex("80 60")));  // payload type 96
  EXPECT_FALSE(IsRtcp(FromHex("80 E0")));  // payload type 96 with the marker bit
  EXPECT_FALSE(IsRtcp(FromHex("80")));
}

}  // namespace
}  // namespace remotemedia
