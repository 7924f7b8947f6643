#include "core/base/byte_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace remotemedia {
namespace {

std::vector<uint8_t> Written(const ByteWriter& writer) {
  return {writer.written().begin(), writer.written().end()};
}

TEST(ByteWriterTest, WritesIntegersInNetworkOrder) {
  std::array<uint8_t, 18> room;
  ByteWriter writer(room);
  writer.U8(0x01);
  writer.U16(0x0203);
  writer.U24(0x040506);
  writer.U32(0x0708090A);
  writer.U64(0x0B0C0D0E0F101112);
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(writer.remaining(), 0u);
  EXPECT_EQ(Written(writer),
            (std::vector<uint8_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}));
}

TEST(ByteWriterTest, WritesBytesAndZeros) {
  std::array<uint8_t, 5> room;
  room.fill(0xFF);
  ByteWriter writer(room);
  const std::array<uint8_t, 2> bytes = {7, 8};
  writer.Bytes(bytes);
  writer.Zeros(2);
  writer.Bytes({});
  writer.Zeros(0);
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(Written(writer), (std::vector<uint8_t>{7, 8, 0, 0}));
  EXPECT_EQ(room[4], 0xFF);
}

TEST(ByteWriterTest, WhatDoesNotFitIsNotWrittenAtAllAndFailsTheRest) {
  std::array<uint8_t, 4> room{};
  ByteWriter writer(room);
  writer.U8(1);
  writer.U32(0xFFFFFFFF);
  EXPECT_FALSE(writer.ok());
  writer.U8(2);
  writer.Zeros(1);
  const std::array<uint8_t, 1> bytes = {3};
  writer.Bytes(bytes);
  EXPECT_EQ(Written(writer), (std::vector<uint8_t>{1}));
  EXPECT_EQ(room, (std::array<uint8_t, 4>{1, 0, 0, 0}));
}

TEST(ByteWriterTest, PatchesOnlyWhatHasBeenWritten) {
  std::array<uint8_t, 6> room{};
  ByteWriter writer(room);
  writer.U32(0);
  writer.PatchU16(2, 0xABCD);
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(Written(writer), (std::vector<uint8_t>{0, 0, 0xAB, 0xCD}));
  writer.PatchU16(3, 0x1111);
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(Written(writer), (std::vector<uint8_t>{0, 0, 0xAB, 0xCD}));
}

}  // namespace
}  // namespace remotemedia
