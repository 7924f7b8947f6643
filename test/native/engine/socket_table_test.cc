#include "engine/socket_table.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>

#include "engine/socket_testing.h"

namespace remotemedia {
namespace {

TEST(SocketTableTest, GivesTheLowestFreeNumber) {
  SocketTable table;
  EXPECT_EQ(table.Add(BindForTest("127.0.0.1")), 0);
  EXPECT_EQ(table.Add(BindForTest("127.0.0.1")), 1);
  EXPECT_EQ(table.Add(BindForTest("127.0.0.1")), 2);

  table.Remove(1);
  EXPECT_EQ(table.Find(1), nullptr);
  EXPECT_NE(table.Find(2), nullptr);
  EXPECT_EQ(table.Add(BindForTest("127.0.0.1")), 1);
  EXPECT_EQ(table.Find(3), nullptr);
}

class BindAllTest : public testing::TestWithParam<IoBackend> {};

INSTANTIATE_TEST_SUITE_P(All, BindAllTest,
                         testing::Values(IoBackend::kPlatform, IoBackend::kPortable));

TEST_P(BindAllTest, BindsAllAddressesToOnePort) {
  std::vector<TransportAddress> addresses = {Address("127.0.0.1"), Address("127.0.0.2")};
  if (HasIpv6()) addresses.push_back(Address("::1"));
  SocketTable table;
  ASSERT_FALSE(BindAll(addresses, 0, GetParam(), table));
  ASSERT_EQ(table.size(), addresses.size());
  const uint16_t port = table.Find(0)->address().port;
  EXPECT_NE(port, 0);
  for (size_t i = 0; i < addresses.size(); ++i) {
    TransportAddress expected = addresses[i];
    expected.port = port;
    EXPECT_EQ(table.Find(static_cast<uint16_t>(i))->address(), expected);
  }
}

TEST_P(BindAllTest, NamesTheAddressThatIsTakenAndKeepsNone) {
  const auto taken = BindForTest("127.0.0.2");
  const std::array addresses = {Address("127.0.0.1"), Address("127.0.0.2")};
  SocketTable table;
  const auto error = BindAll(addresses, taken->address().port, GetParam(), table);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, EADDRINUSE);
  EXPECT_EQ(error->address, taken->address());
  EXPECT_EQ(table.size(), 0u);
}

TEST_P(BindAllTest, GivesUpWhereNoPortCanServeAllAddresses) {
  const std::array twice = {Address("127.0.0.1"), Address("127.0.0.1")};
  SocketTable table;
  const auto error = BindAll(twice, 0, GetParam(), table);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, EADDRINUSE);
}

}  // namespace
}  // namespace remotemedia
