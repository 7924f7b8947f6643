#include "core/rtp/keyframe.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace remotemedia {
namespace {

bool Starts(Codec codec, std::string_view payload) {
  return StartsKeyframe(codec, FromHex(payload));
}

// An 640x360 keyframe begins with frame tag, start code 9D 01 2A and dimensions.
TEST(Vp8KeyframeTest, IsRecognizedBehindAMinimalDescriptor) {
  EXPECT_TRUE(Starts(Codec::kVp8, "10 90 0B 00 9D 01 2A 80 02 68 01"));
}

TEST(Vp8KeyframeTest, IsRecognizedBehindThePictureIdOfABrowser) {
  EXPECT_TRUE(Starts(Codec::kVp8, "90 80 A5 2C 90 0B 00 9D 01 2A 80 02 68 01"));  // 15 bits
  EXPECT_TRUE(Starts(Codec::kVp8, "90 80 25 90 0B 00 9D 01 2A 80 02 68 01"));     // 7 bits
}

TEST(Vp8KeyframeTest, IsRecognizedBehindTemporalLayerFields) {
  EXPECT_TRUE(Starts(Codec::kVp8, "90 E0 A5 2C 07 20 90 0B 00 9D 01 2A 80 02 68 01"));
  EXPECT_TRUE(Starts(Codec::kVp8, "90 F0 A5 2C 07 21 90 0B 00 9D 01 2A"));
  EXPECT_TRUE(Starts(Codec::kVp8, "90 10 03 90 0B 00 9D 01 2A"));  // KEYIDX alone
}

TEST(Vp8KeyframeTest, IsNotAnInterframe) {
  EXPECT_FALSE(Starts(Codec::kVp8, "90 80 A5 2D 31 04 00 07 50"));
  EXPECT_FALSE(Starts(Codec::kVp8, "10 31 04 00 07 50"));
}

TEST(Vp8KeyframeTest, IsNotALaterPacketOrPartitionOfAKeyframe) {
  EXPECT_FALSE(Starts(Codec::kVp8, "80 80 A5 2C 90 0B 00"));  // S is clear
  EXPECT_FALSE(Starts(Codec::kVp8, "91 80 A5 2C 90 0B 00"));  // partition 1
}

TEST(Vp8KeyframeTest, IsNotATruncatedPayload) {
  const auto payload = FromHex("90 E0 A5 2C 07 20 90");
  EXPECT_TRUE(StartsKeyframe(Codec::kVp8, payload));
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_FALSE(StartsKeyframe(Codec::kVp8, std::span(payload).first(size))) << size;
  }
}

// Non-flexible mode as Chrome sends it: I L B V, picture id, layer byte, TL0PICIDX, scalability.
TEST(Vp9KeyframeTest, IsRecognizedInNonFlexibleMode) {
  EXPECT_TRUE(Starts(Codec::kVp9, "AB 85 2C 01 07 18 02 80 01 68 01 01 02 01 82 49 83 42"));
}

TEST(Vp9KeyframeTest, IsRecognizedInFlexibleMode) {
  EXPECT_TRUE(Starts(Codec::kVp9, "BA 85 2C 00 18 02 80 01 68 82 49 83 42"));
}

TEST(Vp9KeyframeTest, IsRecognizedWithoutLayersAndPictureId) {
  EXPECT_TRUE(Starts(Codec::kVp9, "08 82 49 83 42"));
  EXPECT_TRUE(Starts(Codec::kVp9, "88 25 82 49 83 42"));
}

TEST(Vp9KeyframeTest, IsNotAPredictedFrame) {
  EXPECT_FALSE(Starts(Codec::kVp9, "E9 85 2D 01 08 86 00"));
  EXPECT_FALSE(Starts(Codec::kVp9, "F8 85 2D 00 02 86 00"));
}

TEST(Vp9KeyframeTest, IsNotALaterPacketOfAKeyframe) {
  EXPECT_FALSE(Starts(Codec::kVp9, "A1 85 2C 01 07 82 49"));  // B is clear
  EXPECT_FALSE(Starts(Codec::kVp9, "A5 85 2C 01 07 82 49"));  // the last one
}

TEST(Vp9KeyframeTest, IsNotAnUpperSpatialLayer) {
  EXPECT_TRUE(Starts(Codec::kVp9, "A9 85 2C 00 07 82 49"));
  EXPECT_FALSE(Starts(Codec::kVp9, "A9 85 2C 03 07 82 49"));  // SID 1, predicted from SID 0
}

TEST(Vp9KeyframeTest, IsNotATruncatedPayload) {
  const auto payload = FromHex("AA 85 2C 01");
  EXPECT_TRUE(StartsKeyframe(Codec::kVp9, payload));
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_FALSE(StartsKeyframe(Codec::kVp9, std::span(payload).first(size))) << size;
  }
}

TEST(H264KeyframeTest, StartsAtASequenceParameterSet) {
  EXPECT_TRUE(Starts(Codec::kH264, "67 42 C0 1F D9 00 A0 47 FE 88"));
}

TEST(H264KeyframeTest, StartsAtAnIdrSliceThatIsTheFirstOfItsPicture) {
  EXPECT_TRUE(Starts(Codec::kH264, "65 B8 00 04 00 00"));
  EXPECT_FALSE(Starts(Codec::kH264, "65 00 6E 22 21")) << "first_mb_in_slice is not 0";
}

TEST(H264KeyframeTest, StartsAtAnAggregateWithParameterSetsOrIdrSlice) {
  // SPS and PPS, as Chrome sends them.
  EXPECT_TRUE(Starts(Codec::kH264, "78 0005 67 42 C0 1F D9 0004 68 CE 3C 80"));
  // An IDR slice behind an SEI message.
  EXPECT_TRUE(Starts(Codec::kH264, "78 0003 06 05 80 0003 65 B8 00"));
  EXPECT_FALSE(Starts(Codec::kH264, "78 0003 06 05 80 0003 61 E0 00"));
}

TEST(H264KeyframeTest, StartsAtTheFirstFragmentOfAnIdrSlice) {
  EXPECT_TRUE(Starts(Codec::kH264, "7C 85 B8 00 04"));
  EXPECT_FALSE(Starts(Codec::kH264, "7C 05 B8 00 04")) << "a middle fragment";
  EXPECT_FALSE(Starts(Codec::kH264, "7C 45 B8 00 04")) << "the last fragment";
  EXPECT_FALSE(Starts(Codec::kH264, "7C 81 E0 00 04")) << "of another slice";
}

TEST(H264KeyframeTest, IsNeitherOtherSlicesNorAPictureParameterSetAlone) {
  EXPECT_FALSE(Starts(Codec::kH264, "61 E0 00 40"));
  EXPECT_FALSE(Starts(Codec::kH264, "68 CE 3C 80"));
}

TEST(H264KeyframeTest, IsNotAMalformedPayload) {
  EXPECT_FALSE(Starts(Codec::kH264, ""));
  EXPECT_FALSE(Starts(Codec::kH264, "65"));
  EXPECT_FALSE(Starts(Codec::kH264, "7C"));
  EXPECT_FALSE(Starts(Codec::kH264, "7C 85"));
  EXPECT_FALSE(Starts(Codec::kH264, "78"));
  EXPECT_FALSE(Starts(Codec::kH264, "78 00"));
  EXPECT_FALSE(Starts(Codec::kH264, "78 0009 67 42"));
  EXPECT_FALSE(Starts(Codec::kH264, "78 0000 0000"));
}

TEST(Av1KeyframeTest, StartsWhereANewCodedVideoSequenceDoes) {
  // W=2, N=1: a sequence header OBU of 11 bytes, then the frame OBU up to the end.
  EXPECT_TRUE(Starts(Codec::kAv1, "28 0B 08 00 00 00 42 AB BF C3 70 0B E0 30 10 00"));
  // W=1, N=1 and the last OBU continues in the next packet.
  EXPECT_TRUE(Starts(Codec::kAv1, "58 08 00 00 00 42 AB"));
}

TEST(Av1KeyframeTest, IsNeitherAnInterframeNorAContinuation) {
  EXPECT_FALSE(Starts(Codec::kAv1, "10 30 3C 01"));
  EXPECT_FALSE(Starts(Codec::kAv1, "90 3C 01 22"));
  EXPECT_FALSE(Starts(Codec::kAv1, "98 3C 01 22")) << "Z and N exclude each other";
}

TEST(Av1KeyframeTest, IsNotAPayloadWithoutObus) {
  EXPECT_FALSE(Starts(Codec::kAv1, "08"));
  EXPECT_FALSE(Starts(Codec::kAv1, ""));
}

TEST(KeyframeTest, EveryAudioPacketStandsAlone) {
  EXPECT_TRUE(Starts(Codec::kOpus, "78 01"));
  EXPECT_TRUE(Starts(Codec::kPcmu, "FF FF"));
}

TEST(KeyframeTest, IsNeverFoundInFormatsThatAreNotUnderstood) {
  EXPECT_FALSE(Starts(Codec::kOther, "10 90 0B 00 9D 01 2A"));
  EXPECT_FALSE(Starts(Codec::kRtx, "0001 10 90 0B 00 9D 01 2A"));
}

}  // namespace
}  // namespace remotemedia
