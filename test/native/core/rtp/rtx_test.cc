#include "core/rtp/rtx.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/rtp/rtp_header_writer.h"
#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

TEST(RtxTest, PrependsTheOriginalSequenceNumber) {
  Bytes out(5);
  EXPECT_EQ(WriteRtxPayload(out, 0xABCD, FromHex("112233")), 5u);
  EXPECT_EQ(out, FromHex("ABCD 112233"));
}

TEST(RtxTest, RefusesAPayloadThatDoesNotFit) {
  Bytes out(4);
  EXPECT_EQ(WriteRtxPayload(out, 0xABCD, FromHex("112233")), 0u);
}

TEST(RtxTest, RestoresTheOriginalInPlace) {
  Bytes packet = FromHex("B0 E1 0007 01020304 0000BBBB BEDE 0001 10 41 0000 ABCD 112233 0002");
  const auto original = RestoreFromRtx(packet, 96, 0xAAAA);
  ASSERT_TRUE(original);
  EXPECT_EQ(Bytes(original->begin(), original->end()),
            FromHex("B0 E0 ABCD 01020304 0000AAAA BEDE 0001 10 41 0000 112233 0002"));
}

TEST(RtxTest, RestoresAnOriginalWithEmptyPayload) {
  Bytes packet = FromHex("80 61 0007 01020304 0000BBBB ABCD");
  const auto original = RestoreFromRtx(packet, 96, 0xAAAA);
  ASSERT_TRUE(original);
  EXPECT_EQ(Bytes(original->begin(), original->end()), FromHex("80 60 ABCD 01020304 0000AAAA"));
}

TEST(RtxTest, LeavesPaddingOnlyProbesAlone) {
  const Bytes probe = FromHex("A0 61 0007 01020304 0000BBBB 00000004");
  Bytes packet = probe;
  EXPECT_FALSE(RestoreFromRtx(packet, 96, 0xAAAA));
  EXPECT_EQ(packet, probe);
}

TEST(RtxTest, LeavesMalformedPacketsAlone) {
  Bytes one_byte = FromHex("80 61 0007 01020304 0000BBBB AB");
  EXPECT_FALSE(RestoreFromRtx(one_byte, 96, 0xAAAA));
  Bytes no_rtp = FromHex("00 61 0007 01020304 0000BBBB ABCD");
  EXPECT_FALSE(RestoreFromRtx(no_rtp, 96, 0xAAAA));
}

TEST(RtxTest, RoundTripsAPacketWithExtensions) {
  const Bytes value = {1, 2, 3};
  const Bytes payload = {9, 8, 7, 6};
  const std::array<ExtensionValue, 1> extensions = {{{3, value}}};
  Bytes original(100);
  const RtpHeader header{true, 96, 500, 1'000, 0xAAAA};
  size_t size = WriteRtpHeader(original, header, extensions);
  std::copy(payload.begin(), payload.end(), original.begin() + size);
  original.resize(size + payload.size());

  Bytes rtx(100);
  size = WriteRtpHeader(rtx, {true, 97, 1, 1'000, 0xBBBB}, extensions);
  size += WriteRtxPayload(std::span(rtx).subspan(size), 500, payload);
  rtx.resize(size);

  const auto restored = RestoreFromRtx(rtx, 96, 0xAAAA);
  ASSERT_TRUE(restored);
  EXPECT_EQ(Bytes(restored->begin(), restored->end()), original);
}

}  // namespace
}  // namespace remotemedia
