#include "core/srtp/rtp_framing.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

TEST(RtpFramingTest, FindsTheEndOfTheHeader) {
  EXPECT_EQ(RtpHeaderSize(FromHex("80601234 00000001 cafebabe")), 12u);
  EXPECT_EQ(RtpHeaderSize(FromHex("80601234 00000001 cafebabe 0102")), 12u);
  // Two CSRCs.
  EXPECT_EQ(RtpHeaderSize(FromHex("82601234 00000001 cafebabe 00000001 00000002 aa")), 20u);
  // An extension of no and of one word.
  EXPECT_EQ(RtpHeaderSize(FromHex("90601234 00000001 cafebabe bede0000 aa")), 16u);
  EXPECT_EQ(RtpHeaderSize(FromHex("90601234 00000001 cafebabe bede0001 10010000 aa")), 20u);
  // Both.
  EXPECT_EQ(RtpHeaderSize(FromHex("91601234 00000001 cafebabe 00000001 bede0001 10010000")), 24u);
}

TEST(RtpFramingTest, RefusesHeadersCutShortAnywhere) {
  const auto packet = FromHex("91601234 00000001 cafebabe 00000001 bede0001 10010000");
  for (size_t size = 0; size < packet.size(); ++size) {
    EXPECT_EQ(RtpHeaderSize(std::span(packet).first(size)), std::nullopt) << size;
  }
}

TEST(RtpFramingTest, RefusesCountsThatReachBeyondThePacket) {
  EXPECT_EQ(RtpHeaderSize(FromHex("8f601234 00000001 cafebabe 00000001")), std::nullopt);
  EXPECT_EQ(RtpHeaderSize(FromHex("90601234 00000001 cafebabe bedeffff 10010000")), std::nullopt);
}

TEST(RtpFramingTest, RefusesOtherVersions) {
  for (const char* packet :
       {"00601234 00000001 cafebabe", "40601234 00000001 cafebabe", "c0601234 00000001 cafebabe"}) {
    EXPECT_EQ(RtpHeaderSize(FromHex(packet)), std::nullopt) << packet;
  }
  EXPECT_FALSE(HasRtcpFraming(FromHex("40c90001 cafebabe")));
}

TEST(RtpFramingTest, RtcpHasAtLeastAHeaderAndWholeWords) {
  EXPECT_TRUE(HasRtcpFraming(FromHex("80c90001 cafebabe")));
  EXPECT_TRUE(HasRtcpFraming(FromHex("80c90002 cafebabe 00000000")));
  EXPECT_FALSE(HasRtcpFraming(FromHex("80c90001 cafeba")));
  EXPECT_FALSE(HasRtcpFraming(FromHex("80c90001 cafebabe 00")));
  EXPECT_FALSE(HasRtcpFraming({}));
}

TEST(RtpFramingTest, ReadsTheFieldsOfTheHeader) {
  const auto rtp = FromHex("80601234 00000001 cafebabe");
  EXPECT_EQ(RtpSequenceNumber(rtp), 0x1234);
  EXPECT_EQ(RtpSsrc(rtp), 0xcafebabe);
  EXPECT_EQ(RtcpSsrc(FromHex("80c90001 4d617273")), 0x4d617273u);
}

}  // namespace
}  // namespace remotemedia
