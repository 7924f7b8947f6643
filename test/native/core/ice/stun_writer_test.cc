#include "core/ice/stun_writer.h"

#include <gtest/gtest.h>

#include "core/ice/ice_test_util.h"

namespace remotemedia {
namespace {

using ice_test::Address;
using ice_test::FromHex;

constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
constexpr TransactionId kTransaction = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                        0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};

std::span<const uint8_t> BytesOf(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::vector<uint8_t> ToVector(std::span<const uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

// RFC 5769 pads with spaces, this writer with zeros: the samples are compared up to the first byte
// of padding, and their values read back.
TEST(StunWriterTest, WritesTheSampleIpv4ResponseOfRfc5769ButForThePadding) {
  std::array<uint8_t, 200> room;
  StunWriter writer(room, StunClass::kSuccess, kTransaction);
  const auto bytes = writer.Attribute(0x8022, BytesOf("test vector"))
                         .XorMappedAddress(Address("192.0.2.1", 32853))
                         .Finish(kPassword);
  auto expected = FromHex(
      "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7200002000080001a147e112"
      "a643");
  EXPECT_EQ(ToVector(bytes.first(expected.size())), expected);
  EXPECT_EQ(bytes.size(), 80u);
}

TEST(StunWriterTest, WritesTheAddressOfTheSampleIpv6ResponseOfRfc5769) {
  std::array<uint8_t, 200> room;
  StunWriter writer(room, StunClass::kSuccess, kTransaction);
  const auto bytes = writer.XorMappedAddress(Address("2001:db8:1234:5678:11:2233:4455:6677", 32853))
                         .Finish(kPassword);
  EXPECT_EQ(ToVector(bytes.subspan(20, 24)),
            FromHex("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"));
}

TEST(StunWriterTest, WritesARequestThatTheParserReadsBack) {
  std::array<uint8_t, 200> room;
  StunWriter writer(room, StunClass::kRequest, kTransaction);
  const auto bytes = writer.Username("server", "me")
                         .Priority(0x6e0001ff)
                         .UseCandidate()
                         .IceControlling(0x932ff9b151263b36)
                         .Finish(kPassword);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message_class, StunClass::kRequest);
  EXPECT_EQ(message->transaction_id, kTransaction);
  EXPECT_EQ(message->username, "server:me");
  EXPECT_EQ(message->priority, 0x6e0001ffu);
  EXPECT_TRUE(message->use_candidate);
  EXPECT_EQ(message->ice_controlling, 0x932ff9b151263b36u);
  EXPECT_FALSE(message->ice_controlled);
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_TRUE(message->IsAuthenticBy(kPassword));
}

TEST(StunWriterTest, WritesAnErrorWithTheAttributesThatWereNotUnderstood) {
  std::array<uint8_t, 200> room;
  StunWriter writer(room, StunClass::kError, kTransaction);
  const std::array<uint16_t, 3> unknown = {0x7fff, 0x1234, 0x0042};
  const auto bytes =
      writer.ErrorCode(StunError::kUnknownAttribute).UnknownAttributes(unknown).Finish(kPassword);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message_class, StunClass::kError);
  EXPECT_EQ(message->error_code, 420);
  EXPECT_TRUE(message->IsAuthenticBy(kPassword));
  EXPECT_EQ(ToVector(bytes.subspan(20, 40)),
            FromHex("0009001500000414556e6b6e6f776e20417474726962757465000000"
                    "000a00067fff123400420000"));
}

TEST(StunWriterTest, FinishesEmptyWhenTheMessageDoesNotFit) {
  std::array<uint8_t, 200> room;
  const auto write = [&](size_t size) {
    StunWriter writer({room.data(), size}, StunClass::kRequest, kTransaction);
    return writer.Username("server", "me").Priority(1).Finish(kPassword).size();
  };
  const size_t needed = write(room.size());
  EXPECT_EQ(needed, 20u + 16u + 8u + 24u + 8u);
  EXPECT_EQ(write(needed), needed);
  for (size_t size = 0; size < needed; ++size) EXPECT_EQ(write(size), 0u) << size;
}

}  // namespace
}  // namespace remotemedia
