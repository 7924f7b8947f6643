#include "core/base/transport_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>
#include <unordered_set>

namespace remotemedia {
namespace {

TEST(TransportAddressTest, ReadsAndWritesIpv4) {
  const auto address = TransportAddress::Parse("192.0.2.1", 5'000);
  ASSERT_TRUE(address);
  EXPECT_TRUE(address->is_v4());
  EXPECT_EQ(address->ip_string(), "192.0.2.1");
  EXPECT_EQ(address->ToString(), "192.0.2.1:5000");
  EXPECT_EQ(*address, TransportAddress::V4({192, 0, 2, 1}, 5'000));
}

TEST(TransportAddressTest, WritesIpv6AsRfc5952Says) {
  const std::pair<const char*, const char*> cases[] = {
      {"2001:db8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"0:0:1:0:0:0:0:0", "0:0:1::"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
  };
  for (const auto& [text, expected] : cases) {
    const auto address = TransportAddress::Parse(text, 1);
    ASSERT_TRUE(address) << text;
    EXPECT_FALSE(address->is_v4());
    EXPECT_EQ(address->ip_string(), expected);
    EXPECT_EQ(address->ToString(), "[" + std::string(expected) + "]:1");
  }
}

TEST(TransportAddressTest, ReadsBackEveryIpv6AddressItWritesAndAgreesWithInetPton) {
  std::mt19937 random(3);
  for (int i = 0; i < 2'000; ++i) {
    std::array<uint8_t, 16> ip;
    // Many zeros, so that runs of them are common.
    for (uint8_t& byte : ip) byte = random() % 3 == 0 ? static_cast<uint8_t>(random()) : 0;
    const auto address = TransportAddress::V6(ip, 1);
    if (address.is_v4()) continue;
    const std::string text = address.ip_string();
    EXPECT_EQ(TransportAddress::Parse(text, 1), address) << text;
    std::array<uint8_t, 16> reference;
    ASSERT_EQ(inet_pton(AF_INET6, text.c_str(), reference.data()), 1) << text;
    EXPECT_EQ(reference, ip) << text;
  }
}

TEST(TransportAddressTest, TakesAnIpv4MappedAddressForTheIpv4OneItIs) {
  EXPECT_EQ(TransportAddress::Parse("::ffff:192.0.2.1", 9),
            TransportAddress::Parse("192.0.2.1", 9));
  EXPECT_EQ(TransportAddress::Parse("::ffff:c000:201", 9), TransportAddress::Parse("192.0.2.1", 9));
}

TEST(TransportAddressTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1.2.3.04",
                           "1.2.3.",
                           ".1.2.3",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.-4",
                           "+1.2.3.4",
                           "1..2.3",
                           "1.2.3.4:80",
                           "localhost",
                           ":",
                           ":::",
                           "1:",
                           ":1",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7::8",
                           "1::2::3",
                           "12345::",
                           "g::",
                           "[::1]",
                           "::1%lo",
                           "::1.2.3",
                           "1.2.3.4::",
                           "::1.2.3.4:5",
                           "1:2:3:4:5:6:7:1.2.3.4"}) {
    EXPECT_FALSE(TransportAddress::Parse(text, 1)) << '"' << text << '"';
  }
}

TEST(TransportAddressTest, KnowsLoopback) {
  EXPECT_TRUE(TransportAddress::Parse("127.0.0.1", 1)->is_loopback());
  EXPECT_TRUE(TransportAddress::Parse("127.255.0.9", 1)->is_loopback());
  EXPECT_TRUE(TransportAddress::Parse("::1", 1)->is_loopback());
  EXPECT_FALSE(TransportAddress::Parse("128.0.0.1", 1)->is_loopback());
  EXPECT_FALSE(TransportAddress::Parse("::", 1)->is_loopback());
  EXPECT_FALSE(TransportAddress::Parse("1::1", 1)->is_loopback());
}

TEST(TransportAddressTest, ComparesAddressPortAndSocket) {
  const auto a = TransportAddress::V4({10, 0, 0, 1}, 1);
  const auto b = TransportAddress::V4({10, 0, 0, 1}, 2);
  const auto c = TransportAddress::V4({10, 0, 0, 2}, 1);
  EXPECT_NE(a, b);
  EXPECT_NE(a, c);
  EXPECT_LT(a, c);
  EXPECT_NE((Path{0, a}), (Path{1, a}));
  EXPECT_EQ((Path{1, a}), (Path{1, a}));
}

TEST(TransportAddressTest, HashesNeighboringAddressesApart) {
  std::unordered_set<size_t> addresses, paths;
  for (uint8_t host = 0; host < 100; ++host) {
    for (uint16_t port = 1'000; port < 1'100; ++port) {
      const auto address = TransportAddress::V4({10, 0, 0, host}, port);
      addresses.insert(std::hash<TransportAddress>{}(address));
      paths.insert(std::hash<Path>{}(Path{static_cast<uint16_t>(port % 3), address}));
    }
  }
  EXPECT_EQ(addresses.size(), 10'000u);
  EXPECT_EQ(paths.size(), 10'000u);
}

}  // namespace
}  // namespace remotemedia
