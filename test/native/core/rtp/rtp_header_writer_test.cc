#include "core/rtp/rtp_header_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr RtpHeader kHeader{true, 96, 0x1234, 0x01020304, 0x0A0B0C0D};
const Bytes kFixedHeader = FromHex("80 E0 1234 01020304 0A0B0C0D");

Bytes Write(const std::vector<ExtensionValue>& extensions) {
  std::array<uint8_t, 600> out;
  const size_t size = WriteRtpHeader(out, kHeader, extensions);
  return {out.begin(), out.begin() + size};
}

TEST(RtpHeaderWriterTest, WritesNoExtensionBlockWithoutExtensions) {
  EXPECT_EQ(Write({}), kFixedHeader);
}

TEST(RtpHeaderWriterTest, PrefersTheOneByteForm) {
  const Bytes mid = {'0'};
  const Bytes number = {0xAB, 0xCD};
  EXPECT_EQ(Write({{1, mid}, {14, number}}),
            FromHex("90 E0 1234 01020304 0A0B0C0D BEDE 0002 10 30 E1 AB CD 000000"));
}

TEST(RtpHeaderWriterTest, WritesSixteenBytesInTheOneByteForm) {
  const Bytes value(16, 0x55);
  const auto packet = Write({{3, value}});
  EXPECT_EQ(packet.size(), 12u + 4 + 20);
  EXPECT_EQ(packet[16], 0x3F);
}

TEST(RtpHeaderWriterTest, UsesTheTwoByteFormWhenOneElementNeedsIt) {
  const Bytes one = {0x11};
  EXPECT_EQ(Write({{1, one}, {15, one}}),
            FromHex("90 E0 1234 01020304 0A0B0C0D 1000 0002 01 01 11 0F 01 11 0000"));
  EXPECT_EQ(Write({{1, {}}}), FromHex("90 E0 1234 01020304 0A0B0C0D 1000 0001 01 00 0000"));
  const Bytes long_value(17, 0x55);
  EXPECT_EQ(Write({{1, long_value}})[12], 0x10);
}

TEST(RtpHeaderWriterTest, RefusesIdZeroAndValuesOverTheTwoByteLimit) {
  const Bytes longest(255, 1);
  const Bytes too_long(256, 1);
  EXPECT_FALSE(Write({{1, longest}}).empty());
  EXPECT_TRUE(Write({{1, too_long}}).empty());
  EXPECT_TRUE(Write({{0, longest}}).empty());
}

TEST(RtpHeaderWriterTest, RefusesEveryBufferThatIsTooSmall) {
  const Bytes value = {1, 2, 3};
  const std::array<ExtensionValue, 1> extensions = {{{1, value}}};
  for (size_t size = 0; size < 20; ++size) {
    Bytes out(size);
    EXPECT_EQ(WriteRtpHeader(out, kHeader, extensions), 0u) << size << " bytes";
  }
  Bytes out(20);
  EXPECT_EQ(WriteRtpHeader(out, kHeader, extensions), 20u);
}

TEST(RtpHeaderWriterTest, WritesWhatTheReaderReads) {
  const Bytes a = {1}, b(16, 2), c(40, 3);
  for (const auto& extensions : std::vector<std::vector<ExtensionValue>>{
           {{1, a}, {2, b}}, {{200, a}, {2, b}, {3, c}}, {{5, {}}}}) {
    const Bytes packet = Write(extensions);
    const auto view = RtpPacketView::Parse(packet);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->header(), kHeader);
    EXPECT_TRUE(view->payload().empty());
    for (const auto& extension : extensions) {
      const auto value = view->Extension(extension.id);
      ASSERT_TRUE(value);
      EXPECT_TRUE(
          std::equal(value->begin(), value->end(), extension.data.begin(), extension.data.end()));
    }
  }
}

}  // namespace
}  // namespace remotemedia
