#include "core/srtp/ssrc_table.h"

#include <gtest/gtest.h>

namespace remotemedia {
namespace {

using Table = SsrcTable<int, 4>;

TEST(SsrcTableTest, LookingForAnUnknownSsrcAddsNothing) {
  Table table;
  EXPECT_EQ(table.Find(1), nullptr);
  EXPECT_EQ(table.size(), 0u);
}

TEST(SsrcTableTest, EverySsrcHasStateOfItsOwn) {
  Table table;
  table.Use(1) = 10;
  table.Use(2) = 20;
  EXPECT_EQ(*table.Find(1), 10);
  EXPECT_EQ(*table.Find(2), 20);
  EXPECT_EQ(table.Use(1), 10);
  EXPECT_EQ(table.size(), 2u);
}

TEST(SsrcTableTest, AFullTableReplacesTheOneSilentForLongestWithFreshState) {
  Table table;
  for (const uint32_t ssrc : {1, 2, 3, 4}) table.Use(ssrc) = 100;
  table.Use(1);
  EXPECT_EQ(table.Use(5), 0);
  EXPECT_EQ(table.size(), 4u);
  EXPECT_EQ(table.Find(2), nullptr);
  for (const uint32_t ssrc : {1, 3, 4, 5}) EXPECT_NE(table.Find(ssrc), nullptr) << ssrc;
}

TEST(SsrcTableTest, ANewSsrcIsNotTheNextToBeReplaced) {
  Table table;
  for (uint32_t ssrc = 1; ssrc <= 6; ++ssrc) table.Use(ssrc);
  for (const uint32_t ssrc : {3, 4, 5, 6}) EXPECT_NE(table.Find(ssrc), nullptr) << ssrc;
}

}  // namespace
}  // namespace remotemedia
