#include "core/rtp/codec.h"

#include <gtest/gtest.h>

namespace remotemedia {
namespace {

TEST(CodecTest, FindsEveryCodecByItsOwnName) {
  for (int i = 0; i < static_cast<int>(Codec::kCount); ++i) {
    const auto codec = static_cast<Codec>(i);
    EXPECT_EQ(CodecFromName(CodecName(codec)), codec) << CodecName(codec);
  }
}

TEST(CodecTest, IgnoresTheCaseOfNames) {
  EXPECT_EQ(CodecFromName("OPUS"), Codec::kOpus);
  EXPECT_EQ(CodecFromName("vp8"), Codec::kVp8);
  EXPECT_EQ(CodecFromName("h264"), Codec::kH264);
  EXPECT_EQ(CodecFromName("pcmu"), Codec::kPcmu);
}

TEST(CodecTest, TakesUnknownNamesForOther) {
  EXPECT_EQ(CodecFromName("H265"), Codec::kOther);
  EXPECT_EQ(CodecFromName("VP80"), Codec::kOther);
  EXPECT_EQ(CodecFromName("VP"), Codec::kOther);
  EXPECT_EQ(CodecFromName(""), Codec::kOther);
}

TEST(CodecTest, KnowsClockRates) {
  EXPECT_EQ(DefaultClockRate(Codec::kOpus), 48'000u);
  EXPECT_EQ(DefaultClockRate(Codec::kG722), 8'000u);
  EXPECT_EQ(DefaultClockRate(Codec::kAv1), 90'000u);
  EXPECT_EQ(DefaultClockRate(Codec::kRtx), 0u);
}

TEST(CodecTest, TellsVideoFromAudio) {
  for (const Codec codec : {Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1}) {
    EXPECT_TRUE(IsVideo(codec)) << CodecName(codec);
  }
  for (const Codec codec : {Codec::kOpus, Codec::kPcmu, Codec::kPcma, Codec::kRed, Codec::kOther,
                            Codec::kTelephoneEvent, Codec::kRtx}) {
    EXPECT_FALSE(IsVideo(codec)) << CodecName(codec);
  }
}

}  // namespace
}  // namespace remotemedia
