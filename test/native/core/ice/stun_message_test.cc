#include "core/ice/stun_message.h"

#include <gtest/gtest.h>

#include "core/ice/ice_credentials.h"
#include "core/ice/ice_test_util.h"
#include "core/ice/stun_crc32.h"

namespace remotemedia {
namespace {

using ice_test::Check;
using ice_test::FromHex;

constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";

// The samples of RFC 5769: a request, and a response for each address family.
constexpr std::string_view kRequest =
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001"
    "ff"
    "80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f2"
    "49"
    "c1b571a280280004e57a3bcf";
constexpr std::string_view kResponseV4 =
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a6"
    "43"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";
constexpr std::string_view kResponseV6 =
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9"
    "fa"
    "a5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";

std::vector<uint8_t> Sample() {
  return Check::To({"receiver", "a password of 24 letters"}).Nominating().Bytes();
}

void SetLength(std::vector<uint8_t>& message, size_t length) {
  message[2] = static_cast<uint8_t>(length >> 8);
  message[3] = static_cast<uint8_t>(length);
}

// A message of attributes given in hex, with a right length field and neither integrity nor
// fingerprint.
std::vector<uint8_t> MessageOf(std::string_view attributes) {
  auto message = FromHex("000100002112a442b7e7a701bc34d686fa87dfae" + std::string(attributes));
  SetLength(message, message.size() - kStunHeaderSize);
  return message;
}

TEST(StunMessageTest, ReadsTheSampleRequestOfRfc5769) {
  const auto bytes = FromHex(kRequest);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message_class, StunClass::kRequest);
  EXPECT_EQ(message->method, kStunBinding);
  EXPECT_EQ(message->transaction_id[0], 0xb7);
  EXPECT_EQ(message->transaction_id[11], 0xae);
  EXPECT_EQ(message->username, "evtj:h6vY");
  EXPECT_EQ(message->priority, 0x6e0001ffu);
  EXPECT_EQ(message->ice_controlled, 0x932ff9b151263b36u);
  EXPECT_FALSE(message->ice_controlling);
  EXPECT_FALSE(message->use_candidate);
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_TRUE(message->unknown_attributes().empty());
  EXPECT_TRUE(message->IsAuthenticBy(kPassword));
  EXPECT_FALSE(message->IsAuthenticBy("VOkJxbRl1RmTxUk/WvJxBu"));
  EXPECT_FALSE(message->IsAuthenticBy(""));
}

TEST(StunMessageTest, ReadsTheSampleIpv4ResponseOfRfc5769) {
  const auto bytes = FromHex(kResponseV4);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message_class, StunClass::kSuccess);
  ASSERT_TRUE(message->xor_mapped_address);
  EXPECT_EQ(message->xor_mapped_address->ToString(), "192.0.2.1:32853");
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_TRUE(message->IsAuthenticBy(kPassword));
}

TEST(StunMessageTest, ReadsTheSampleIpv6ResponseOfRfc5769) {
  const auto bytes = FromHex(kResponseV6);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message_class, StunClass::kSuccess);
  ASSERT_TRUE(message->xor_mapped_address);
  EXPECT_EQ(message->xor_mapped_address->ToString(),
            "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_TRUE(message->IsAuthenticBy(kPassword));
}

TEST(StunMessageTest, RefusesEveryTruncationOfAMessage) {
  const auto bytes = Sample();
  ASSERT_TRUE(StunMessage::Parse(bytes));
  for (size_t size = 0; size < bytes.size(); ++size) {
    // In a block of its own, so that AddressSanitizer sees a read past the end.
    const std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_FALSE(StunMessage::Parse(cut)) << size;
  }
}

TEST(StunMessageTest, RefusesEverySingleFlippedBitBecauseOfTheFingerprint) {
  const auto bytes = Sample();
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto spoiled = bytes;
    spoiled[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
    const auto message = StunMessage::Parse(spoiled);
    // What a flip in the type of FINGERPRINT leaves is a message without one.
    EXPECT_FALSE(message && message->has_fingerprint) << bit;
  }
}

TEST(StunMessageTest, FindsEveryFlippedBitBeforeMessageIntegrityInAMessageWithoutFingerprint) {
  auto bytes = Sample();
  bytes.resize(bytes.size() - 8);
  SetLength(bytes, bytes.size() - kStunHeaderSize);
  ASSERT_TRUE(StunMessage::Parse(bytes)->IsAuthenticBy("a password of 24 letters"));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto spoiled = bytes;
    spoiled[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
    const auto message = StunMessage::Parse(spoiled);
    EXPECT_FALSE(message && message->IsAuthenticBy("a password of 24 letters")) << bit;
  }
}

TEST(StunMessageTest, RefusesWhatHasNoMagicCookieOrIsTooLong) {
  auto no_cookie = MessageOf("");
  ASSERT_TRUE(StunMessage::Parse(no_cookie));
  no_cookie[4] ^= 1;
  EXPECT_FALSE(StunMessage::Parse(no_cookie));

  std::vector<uint8_t> longest = MessageOf("802205c4");
  longest.resize(kMaxStunMessage);
  SetLength(longest, longest.size() - kStunHeaderSize);
  EXPECT_TRUE(StunMessage::Parse(longest));
  longest = MessageOf("802205c8");
  longest.resize(kMaxStunMessage + 4);
  SetLength(longest, longest.size() - kStunHeaderSize);
  EXPECT_FALSE(StunMessage::Parse(longest));
}

TEST(StunMessageTest, RefusesKnownAttributesOfAWrongSize) {
  for (const std::string_view attribute : {
           "002400020000"
           "0000",                              // PRIORITY of 2 bytes
           "0025000400000000",                  // USE-CANDIDATE with content
           "8029000400000000",                  // ICE-CONTROLLED of 4 bytes
           "802a000c000000000000000000000000",  // ICE-CONTROLLING of 12 bytes
           "0020000400010000",                  // XOR-MAPPED-ADDRESS without address
           "0020000800020000"
           "00000000",  // an IPv6 one of IPv4 size
           "0020000800030000"
           "00000000",  // of an unknown family
           "0020000c0001000000000000"
           "00000000",  // an IPv4 one with something behind
           "00090003000004"
           "00",                                        // ERROR-CODE without number
           "0009000400000200",                          // of class 2
           "0009000400000464",                          // number 100
           "0008001000000000000000000000000000000000",  // MESSAGE-INTEGRITY of 16 bytes
           "802800020000"
           "0000",  // FINGERPRINT of 2 bytes
           "00060005"
           "61626364",  // USERNAME longer than the message
           "000600",    // half a header
       }) {
    EXPECT_FALSE(StunMessage::Parse(MessageOf(attribute))) << attribute;
  }
}

TEST(StunMessageTest, TakesTheFirstOfAnAttributeThatOccursTwice) {
  const auto bytes = MessageOf(
      "0024000400000001"
      "0024000400000002"
      "000600013a000000"
      "0006000162000000");
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->priority, 1u);
  EXPECT_EQ(message->username, ":");
}

TEST(StunMessageTest, IgnoresWhatFollowsMessageIntegrity) {
  const auto bytes = MessageOf(
      "00080014"
      "0000000000000000000000000000000000000000"
      "00250000"
      "7fff0000");
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->has_integrity);
  EXPECT_FALSE(message->use_candidate);
  EXPECT_TRUE(message->unknown_attributes().empty());
}

TEST(StunMessageTest, RefusesAttributesBehindAFingerprint) {
  auto bytes = Sample();
  SetLength(bytes, bytes.size() + 4 - kStunHeaderSize);
  // Makes the fingerprint right again for the new length, so that only the order is wrong.
  const auto covered = std::span(bytes).first(bytes.size() - 8);
  const uint32_t crc = Crc32(covered) ^ kStunFingerprintXor;
  for (size_t i = 0; i < 4; ++i)
    bytes[bytes.size() - 4 + i] = static_cast<uint8_t>(crc >> (24 - 8 * i));
  bytes.insert(bytes.end(), {0x80, 0x22, 0, 0});
  EXPECT_FALSE(StunMessage::Parse(bytes));
}

TEST(StunMessageTest, ListsUnknownAttributesThatHaveToBeUnderstoodOnceEachAndUpToABound) {
  const auto bytes = MessageOf(
      "7fff0000"
      "7fff0000"
      "c0570000"
      "00ff0000");
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(std::vector<uint16_t>(message->unknown_attributes().begin(),
                                  message->unknown_attributes().end()),
            (std::vector<uint16_t>{0x7fff, 0x00ff}));

  const auto many = MessageOf("700000007001000070020000700300007004000070050000");
  EXPECT_EQ(StunMessage::Parse(many)->unknown_attributes().size(), StunMessage::kMaxUnknown);
}

TEST(StunMessageTest, TellsTheFourClassesAndTheMethodApart) {
  const std::pair<uint16_t, StunClass> types[] = {{0x0001, StunClass::kRequest},
                                                  {0x0011, StunClass::kIndication},
                                                  {0x0101, StunClass::kSuccess},
                                                  {0x0111, StunClass::kError}};
  for (const auto& [type, expected] : types) {
    auto bytes = MessageOf("");
    bytes[0] = static_cast<uint8_t>(type >> 8);
    bytes[1] = static_cast<uint8_t>(type);
    EXPECT_EQ(StunMessage::Parse(bytes)->message_class, expected);
    EXPECT_EQ(StunMessage::Parse(bytes)->method, kStunBinding);
  }
  auto other = MessageOf("");
  other[0] = 0x3e;
  other[1] = 0xef;
  EXPECT_EQ(StunMessage::Parse(other)->method, 0xfff);
  EXPECT_EQ(StunMessage::Parse(other)->message_class, StunClass::kRequest);
}

TEST(StunMessageTest, ReadsAnErrorCode) {
  const auto bytes = MessageOf("0009000400000457");
  EXPECT_EQ(StunMessage::Parse(bytes)->error_code, 487);
}

TEST(StunCrc32Test, HasTheCheckValueOfTheAlgorithm) {
  constexpr std::array<uint8_t, 9> kDigits = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(Crc32(kDigits), 0xCBF43926u);
}

}  // namespace
}  // namespace remotemedia
