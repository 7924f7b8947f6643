#include "core/ice/ice_credentials.h"

#include <gtest/gtest.h>

#include <set>

#include "core/ice/ice_test_util.h"

namespace remotemedia {
namespace {

using ice_test::Check;
using ice_test::SeededRandom;

TEST(IceCredentialsTest, GeneratesWellFormedOnesThatDiffer) {
  SeededRandom random(1);
  std::set<std::string> ufrags, pwds;
  for (int i = 0; i < 1'000; ++i) {
    const auto credentials = IceCredentials::Generate(random);
    EXPECT_EQ(credentials.ufrag.size(), 16u);
    EXPECT_EQ(credentials.pwd.size(), 24u);
    EXPECT_TRUE(credentials.IsWellFormed());
    ufrags.insert(credentials.ufrag);
    pwds.insert(credentials.pwd);
  }
  EXPECT_EQ(ufrags.size(), 1'000u);
  EXPECT_EQ(pwds.size(), 1'000u);
}

TEST(IceCredentialsTest, UsesEveryIceCharacter) {
  SeededRandom random(2);
  std::set<char> seen;
  for (int i = 0; i < 200; ++i) {
    for (const char c : IceCredentials::Generate(random).pwd) seen.insert(c);
  }
  EXPECT_EQ(seen.size(), 64u);
}

TEST(IceCredentialsTest, KnowsTheLengthsAndCharactersThatAreAllowed) {
  const std::string pwd(22, 'p');
  EXPECT_TRUE((IceCredentials{"abcd", pwd}.IsWellFormed()));
  EXPECT_TRUE((IceCredentials{std::string(256, 'u'), std::string(256, '/')}.IsWellFormed()));
  EXPECT_FALSE((IceCredentials{"abc", pwd}.IsWellFormed()));
  EXPECT_FALSE((IceCredentials{std::string(257, 'u'), pwd}.IsWellFormed()));
  EXPECT_FALSE((IceCredentials{"abcd", std::string(21, 'p')}.IsWellFormed()));
  EXPECT_FALSE((IceCredentials{"abcd", std::string(257, 'p')}.IsWellFormed()));
  EXPECT_FALSE((IceCredentials{"ab:d", pwd}.IsWellFormed()));
  EXPECT_FALSE((IceCredentials{"abcd", pwd + "\n"}.IsWellFormed()));
}

TEST(IceCredentialsTest, AreEqualWhenBothPartsAre) {
  const IceCredentials credentials{"ufrag", "password"};
  EXPECT_EQ(credentials, (IceCredentials{"ufrag", "password"}));
  EXPECT_NE(credentials, (IceCredentials{"ufrag", "passwore"}));
  EXPECT_NE(credentials, (IceCredentials{"ufrag", "passwor"}));
  EXPECT_NE(credentials, (IceCredentials{"ufraf", "password"}));
}

TEST(IceUsernameTest, SplitsAtTheFirstColon) {
  const auto username = IceUsername::Parse("server:client:more");
  ASSERT_TRUE(username);
  EXPECT_EQ(username->receiver, "server");
  EXPECT_EQ(username->sender, "client:more");
  EXPECT_TRUE(IceUsername::Parse("server:"));
  EXPECT_FALSE(IceUsername::Parse("server"));
  EXPECT_FALSE(IceUsername::Parse(":client"));
  EXPECT_FALSE(IceUsername::Parse(""));
}

TEST(LocalUfragOfTest, FindsTheReceiverOfABindingRequest) {
  const auto bytes = Check::To({"receiver", "password"}).Bytes();
  EXPECT_EQ(LocalUfragOf(bytes), "receiver");
}

TEST(LocalUfragOfTest, FindsNothingInOtherMessages) {
  auto response = Check::To({"receiver", "password"}).Bytes();
  response[0] = 1;
  EXPECT_FALSE(LocalUfragOf(response));
  auto no_cookie = Check::To({"receiver", "password"}).Bytes();
  no_cookie[4] ^= 1;
  EXPECT_FALSE(LocalUfragOf(no_cookie));
  EXPECT_FALSE(LocalUfragOf(Check::To({"", "password"}).Bytes()));
  EXPECT_FALSE(LocalUfragOf({}));
  const std::vector<uint8_t> rtp = {0x80, 96, 0, 1, 0x21, 0x12, 0xA4, 0x42, 0, 0, 0, 1, 9, 9, 9, 9};
  EXPECT_FALSE(LocalUfragOf(rtp));
}

TEST(LocalUfragOfTest, StaysInsideATruncatedDatagram) {
  const auto bytes = Check::To({"receiver", "password"}).Bytes();
  constexpr size_t kEndOfUsername = 20 + 4 + 13;
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_EQ(LocalUfragOf(cut).has_value(), size >= kEndOfUsername) << size;
  }
}

}  // namespace
}  // namespace remotemedia
