#include "core/rtp/rtcp_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "core/rtp/rtcp_reader.h"
#include "support/hex.h"

namespace remotemedia {
namespace {

using testing::ElementsAreArray;
using Bytes = std::vector<uint8_t>;

constexpr rtcp::ReportBlock kReportBlock{0xBBBB, 0x40, -2, 0x10005, 7, 0x11223344, 0x8000};
constexpr std::string_view kReportBlockHex =
    "0000BBBB 40 FFFFFE 00010005 00000007 11223344 00008000";

class RtcpWriterTest : public testing::Test {
 protected:
  Bytes Written() { return {writer_.written().begin(), writer_.written().end()}; }

  std::array<uint8_t, 1'500> buffer_;
  RtcpWriter writer_{buffer_};
};

TEST_F(RtcpWriterTest, WritesASenderReport) {
  EXPECT_TRUE(writer_.AddSenderReport(0xAAAA, {{0x0102030405060708}, 0x11111111, 0x22, 0x33},
                                      std::array{kReportBlock}));
  EXPECT_EQ(Written(), FromHex("81 C8 000C 0000AAAA 0102030405060708 11111111 00000022 00000033" +
                               std::string(kReportBlockHex)));
}

TEST_F(RtcpWriterTest, WritesAReceiverReport) {
  EXPECT_TRUE(writer_.AddReceiverReport(0xAAAA, std::array{kReportBlock}));
  EXPECT_EQ(Written(), FromHex("81 C9 0007 0000AAAA" + std::string(kReportBlockHex)));
}

TEST_F(RtcpWriterTest, EndsACnameWithOneToFourZeroBytes) {
  EXPECT_TRUE(writer_.AddSdesCname(0xAAAA, "hi"));
  EXPECT_TRUE(writer_.AddSdesCname(0xAAAA, "abcde"));
  EXPECT_EQ(Written(), FromHex("81 CA 0003 0000AAAA 01 02 6869 00000000"
                               "81 CA 0003 0000AAAA 01 05 6162636465 00"));
}

TEST_F(RtcpWriterTest, WritesABye) {
  EXPECT_TRUE(writer_.AddBye(std::array<uint32_t, 2>{0xAAAA, 0xBBBB}));
  EXPECT_EQ(Written(), FromHex("82 CB 0002 0000AAAA 0000BBBB"));
}

TEST_F(RtcpWriterTest, PacksNearbySequenceNumbersIntoOneNackItem) {
  EXPECT_TRUE(writer_.AddNack(0xAAAA, 0xBBBB, std::array<uint16_t, 5>{0xFFFE, 0xFFFF, 0, 14, 15}));
  EXPECT_EQ(Written(), FromHex("81 CD 0004 0000AAAA 0000BBBB FFFE 8003 000F 0000"));
}

TEST_F(RtcpWriterTest, WritesAPli) {
  EXPECT_TRUE(writer_.AddPli(0xAAAA, 0xBBBB));
  EXPECT_EQ(Written(), FromHex("81 CE 0002 0000AAAA 0000BBBB"));
}

TEST_F(RtcpWriterTest, WritesAFir) {
  EXPECT_TRUE(writer_.AddFir(0xAAAA, std::array{rtcp::FirEntry{0xBBBB, 7}}));
  EXPECT_EQ(Written(), FromHex("84 CE 0004 0000AAAA 00000000 0000BBBB 07 000000"));
}

TEST_F(RtcpWriterTest, WritesARembRoundedDownToEighteenBits) {
  EXPECT_TRUE(writer_.AddRemb(0xAAAA, 0x10000F, std::array<uint32_t, 1>{0xBBBB}));
  EXPECT_EQ(Written(), FromHex("8F CE 0005 0000AAAA 00000000 52454D42 01 0E0001 0000BBBB"));
}

TEST_F(RtcpWriterTest, WritesEveryBitrateARembCanCarry) {
  for (const uint64_t bitrate : {uint64_t{0}, uint64_t{1}, uint64_t{0x3'FFFF}, uint64_t{0x4'0000},
                                 uint64_t{2'500'000}, ~uint64_t{0}}) {
    RtcpWriter writer(buffer_);
    ASSERT_TRUE(writer.AddRemb(1, bitrate, {}));
    const auto packet = RtcpReader(writer.written()).Next();
    ASSERT_TRUE(packet);
    const uint64_t read = std::get<rtcp::Remb>(*packet).bitrate_bps;
    EXPECT_LE(read, bitrate);
    EXPECT_LE(bitrate - read, bitrate >> 17) << bitrate;
  }
}

TEST_F(RtcpWriterTest, WritesTransportFeedback) {
  const std::array arrivals = {rtcp::PacketArrival{153, Timestamp::Millis(64 * 10 + 37)}};
  EXPECT_EQ(writer_.AddTransportFeedback({0xAAAA, 0xBBBB, 153, 23}, arrivals), 1u);
  EXPECT_EQ(Written(), FromHex("AF CD 0005 0000AAAA 0000BBBB 0099 0001 00000A 17 2001 94 01"));
}

TEST_F(RtcpWriterTest, LinesUpACompoundPacket) {
  EXPECT_TRUE(writer_.empty());
  EXPECT_TRUE(writer_.AddReceiverReport(1, {}));
  EXPECT_TRUE(writer_.AddSdesCname(1, "c"));
  EXPECT_TRUE(writer_.AddPli(1, 2));
  EXPECT_FALSE(writer_.empty());
  EXPECT_EQ(writer_.size(), 8u + 12 + 12);

  RtcpReader reader(writer_.written());
  EXPECT_TRUE(std::holds_alternative<rtcp::ReceiverReport>(reader.Next().value()));
  EXPECT_TRUE(std::holds_alternative<rtcp::SdesCname>(reader.Next().value()));
  EXPECT_TRUE(std::holds_alternative<rtcp::Pli>(reader.Next().value()));
  EXPECT_FALSE(reader.Next());
  EXPECT_EQ(reader.malformed(), 0u);
}

TEST_F(RtcpWriterTest, RefusesWhatTheFormatCannotHold) {
  const std::vector<rtcp::ReportBlock> blocks(RtcpWriter::kMaxReportBlocks + 1);
  const std::vector<uint32_t> sources(256);
  EXPECT_FALSE(writer_.AddSenderReport(1, {}, blocks));
  EXPECT_FALSE(writer_.AddReceiverReport(1, blocks));
  EXPECT_FALSE(writer_.AddSdesCname(1, std::string(256, 'c')));
  EXPECT_FALSE(writer_.AddBye(std::span(sources).first(32)));
  EXPECT_FALSE(writer_.AddRemb(1, 1, sources));
  EXPECT_FALSE(writer_.AddNack(1, 2, {}));
  EXPECT_FALSE(writer_.AddFir(1, {}));
  EXPECT_EQ(writer_.AddTransportFeedback({}, {}), 0u);
  EXPECT_TRUE(writer_.empty());
}

TEST_F(RtcpWriterTest, WritesNothingOfAPacketThatDoesNotFit) {
  const std::array<uint16_t, 3> numbers = {1, 100, 200};
  const std::array arrivals = {rtcp::PacketArrival{1, Timestamp::Millis(5)}};
  const std::vector<std::function<bool(RtcpWriter&)>> additions = {
      [](RtcpWriter& w) { return w.AddSenderReport(1, {}, std::array{kReportBlock}); },
      [](RtcpWriter& w) { return w.AddReceiverReport(1, std::array{kReportBlock}); },
      [](RtcpWriter& w) { return w.AddSdesCname(1, "cname"); },
      [](RtcpWriter& w) { return w.AddBye(std::array<uint32_t, 1>{1}); },
      [&](RtcpWriter& w) { return w.AddNack(1, 2, numbers); },
      [](RtcpWriter& w) { return w.AddPli(1, 2); },
      [](RtcpWriter& w) {
        return w.AddFir(1, std::array{rtcp::FirEntry{2, 3}});
      },
      [](RtcpWriter& w) { return w.AddRemb(1, 2, std::array<uint32_t, 1>{3}); },
      [&](RtcpWriter& w) {
        return w.AddTransportFeedback({1, 2, 1, 0}, arrivals) == 1;
      },
  };
  for (size_t i = 0; i < additions.size(); ++i) {
    RtcpWriter measure(buffer_);
    ASSERT_TRUE(additions[i](measure)) << i;
    for (size_t room = 0; room < measure.size(); ++room) {
      Bytes small(8 + room);
      RtcpWriter writer(small);
      ASSERT_TRUE(writer.AddReceiverReport(7, {}));
      EXPECT_FALSE(additions[i](writer)) << i << " in " << room << " bytes";
      EXPECT_EQ(writer.size(), 8u);
    }
    Bytes exact(8 + measure.size());
    RtcpWriter writer(exact);
    ASSERT_TRUE(writer.AddReceiverReport(7, {}));
    EXPECT_TRUE(additions[i](writer)) << i;
  }
}

TEST_F(RtcpWriterTest, RoundTripsALongNack) {
  std::vector<uint16_t> numbers;
  for (int i = 0; i < 500; ++i) numbers.push_back(static_cast<uint16_t>(65'000 + i * (1 + i % 3)));
  std::sort(numbers.begin(), numbers.end(), [](uint16_t a, uint16_t b) {
    return static_cast<uint16_t>(a - 65'000) < static_cast<uint16_t>(b - 65'000);
  });
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());

  ASSERT_TRUE(writer_.AddNack(1, 2, numbers));
  const auto packet = RtcpReader(writer_.written()).Next();
  ASSERT_TRUE(packet);
  std::vector<uint16_t> read;
  std::get<rtcp::Nack>(*packet).ForEachSequenceNumber([&](uint16_t n) { read.push_back(n); });
  EXPECT_THAT(read, ElementsAreArray(numbers));
}

}  // namespace
}  // namespace remotemedia
