#include "core/base/byte_reader.h"

#include <gtest/gtest.h>

#include <array>

namespace remotemedia {
namespace {

constexpr std::array<uint8_t, 18> kBytes = {1,  2,  3,  4,  5,  6,  7,  8,  9,
                                            10, 11, 12, 13, 14, 15, 16, 17, 18};

TEST(ByteReaderTest, ReadsIntegersInNetworkOrder) {
  ByteReader reader(kBytes);
  EXPECT_EQ(reader.U8(), 0x01u);
  EXPECT_EQ(reader.U16(), 0x0203u);
  EXPECT_EQ(reader.U24(), 0x040506u);
  EXPECT_EQ(reader.U32(), 0x0708090Au);
  EXPECT_EQ(reader.U64(), 0x0B0C0D0E0F101112u);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_EQ(reader.position(), kBytes.size());
}

TEST(ByteReaderTest, HandsOutBytesWithoutCopyingThem) {
  ByteReader reader(kBytes);
  reader.Skip(3);
  const auto bytes = reader.Bytes(4);
  EXPECT_EQ(bytes.data(), kBytes.data() + 3);
  EXPECT_EQ(bytes.size(), 4u);
  EXPECT_EQ(reader.position(), 7u);
}

TEST(ByteReaderTest, AReadPastTheEndAnswersZeroAndStaysWhereItWas) {
  ByteReader reader({kBytes.data(), 3});
  reader.Skip(1);
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.position(), 1u);
  EXPECT_TRUE(reader.Bytes(3).empty());
  EXPECT_EQ(reader.position(), 1u);
}

TEST(ByteReaderTest, AFailedReadFailsAllThatFollow) {
  ByteReader reader(kBytes);
  reader.Skip(19);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0u);
  EXPECT_TRUE(reader.Bytes(1).empty());
  EXPECT_EQ(reader.position(), 0u);
}

TEST(ByteReaderTest, RefusesASizeThatWouldWrapAround) {
  ByteReader reader(kBytes);
  reader.Skip(2);
  EXPECT_TRUE(reader.Bytes(SIZE_MAX).empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReaderTest, ReadsNothingFromNothing) {
  ByteReader reader({});
  EXPECT_TRUE(reader.Bytes(0).empty());
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.U8(), 0u);
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace remotemedia
