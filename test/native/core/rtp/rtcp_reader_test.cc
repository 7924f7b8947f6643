#include "core/rtp/rtcp_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "support/hex.h"

namespace remotemedia {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Bytes = std::vector<uint8_t>;

// Everything one datagram holds. The views point into `bytes`.
struct Datagram {
  explicit Datagram(std::string_view hex) : bytes(FromHex(hex)) {
    RtcpReader reader(bytes);
    while (auto packet = reader.Next()) packets.push_back(*packet);
    malformed = reader.malformed();
  }

  // The only packet, which has to be of this kind and well-formed.
  template <typename T>
  T Only() const {
    EXPECT_EQ(malformed, 0u);
    EXPECT_EQ(packets.size(), 1u);
    return std::get<T>(packets.at(0));
  }

  Bytes bytes;
  std::vector<rtcp::Packet> packets;
  size_t malformed = 0;
};

// The records of a list.
template <typename List>
auto All(const List& list) {
  std::vector<decltype(list[0])> all;
  for (const auto& record : list) all.push_back(record);
  return all;
}

constexpr std::string_view kReportBlock = "0000BBBB 40 FFFFFE 00010005 00000007 11223344 00008000";

std::string Concat(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const auto part : parts) all += part;
  return all;
}

TEST(RtcpReaderTest, ReadsASenderReport) {
  const Datagram datagram(
      Concat({"81 C8 000C 0000AAAA 0102030405060708 11111111 00000022 00000033", kReportBlock}));
  const auto report = datagram.Only<rtcp::SenderReport>();
  EXPECT_EQ(report.sender_ssrc, 0xAAAAu);
  EXPECT_EQ(report.info, (rtcp::SenderInfo{{0x0102030405060708}, 0x11111111, 0x22, 0x33}));
  EXPECT_THAT(All(report.report_blocks),
              ElementsAre(rtcp::ReportBlock{0xBBBB, 0x40, -2, 0x10005, 7, 0x11223344, 0x8000}));
}

TEST(RtcpReaderTest, ReadsAReceiverReport) {
  const Datagram datagram(Concat({"82 C9 000D 0000AAAA", kReportBlock, kReportBlock}));
  const auto report = datagram.Only<rtcp::ReceiverReport>();
  EXPECT_EQ(report.sender_ssrc, 0xAAAAu);
  EXPECT_EQ(report.report_blocks.size(), 2u);
  EXPECT_EQ(report.report_blocks[1].ssrc, 0xBBBBu);
}

TEST(RtcpReaderTest, PassesOverProfileSpecificExtensionsOfAReport) {
  const Datagram datagram("80 C9 0002 0000AAAA DEADBEEF");
  EXPECT_TRUE(datagram.Only<rtcp::ReceiverReport>().report_blocks.empty());
}

TEST(RtcpReaderTest, ReadsTheCnameOfEachChunk) {
  // The first chunk has a NAME ahead of its CNAME, the second a CNAME that needs no padding beyond
  // its terminating zero.
  const Datagram datagram(
      "82 CA 0007 0000AAAA 02 01 78 01 02 6869 00 0000BBBB 01 05 61 62 63 64 65 00 00000000");
  EXPECT_EQ(datagram.malformed, 0u);
  ASSERT_EQ(datagram.packets.size(), 2u);
  EXPECT_EQ(std::get<rtcp::SdesCname>(datagram.packets[0]).ssrc, 0xAAAAu);
  EXPECT_EQ(std::get<rtcp::SdesCname>(datagram.packets[0]).cname, "hi");
  EXPECT_EQ(std::get<rtcp::SdesCname>(datagram.packets[1]).ssrc, 0xBBBBu);
  EXPECT_EQ(std::get<rtcp::SdesCname>(datagram.packets[1]).cname, "abcde");
}

TEST(RtcpReaderTest, PassesOverChunksWithoutACname) {
  const Datagram datagram("82 CA 0006 0000AAAA 02 01 78 00 0000BBBB 01 04 61626364 0000 0000 0000");
  EXPECT_EQ(datagram.malformed, 0u);
  ASSERT_EQ(datagram.packets.size(), 1u);
  EXPECT_EQ(std::get<rtcp::SdesCname>(datagram.packets[0]).cname, "abcd");
}

TEST(RtcpReaderTest, ReadsABye) {
  const Datagram datagram("82 CB 0004 0000AAAA 0000BBBB 03 627965 00000000");
  EXPECT_THAT(All(datagram.Only<rtcp::Bye>().ssrcs), ElementsAre(0xAAAA, 0xBBBB));
}

TEST(RtcpReaderTest, ReadsANackAcrossTheWrap) {
  const Datagram datagram("81 CD 0004 0000AAAA 0000BBBB FFFF 8001 0064 0000");
  const auto nack = datagram.Only<rtcp::Nack>();
  EXPECT_EQ(nack.sender_ssrc, 0xAAAAu);
  EXPECT_EQ(nack.media_ssrc, 0xBBBBu);
  std::vector<uint16_t> numbers;
  nack.ForEachSequenceNumber([&](uint16_t number) { numbers.push_back(number); });
  EXPECT_THAT(numbers, ElementsAre(0xFFFF, 0, 15, 100));
}

TEST(RtcpReaderTest, ReadsAPli) {
  const Datagram datagram("81 CE 0002 0000AAAA 0000BBBB");
  const auto pli = datagram.Only<rtcp::Pli>();
  EXPECT_EQ(pli.sender_ssrc, 0xAAAAu);
  EXPECT_EQ(pli.media_ssrc, 0xBBBBu);
}

TEST(RtcpReaderTest, ReadsAFir) {
  const Datagram datagram("84 CE 0006 0000AAAA 00000000 0000BBBB 07000000 0000CCCC 08000000");
  const auto fir = datagram.Only<rtcp::Fir>();
  EXPECT_EQ(fir.sender_ssrc, 0xAAAAu);
  EXPECT_THAT(All(fir.entries), ElementsAre(rtcp::FirEntry{0xBBBB, 7}, rtcp::FirEntry{0xCCCC, 8}));
}

TEST(RtcpReaderTest, ReadsARemb) {
  // Exponent 3, mantissa 0x20001.
  const Datagram datagram("8F CE 0006 0000AAAA 00000000 52454D42 02 0E0001 0000BBBB 0000CCCC");
  const auto remb = datagram.Only<rtcp::Remb>();
  EXPECT_EQ(remb.bitrate_bps, uint64_t{0x20001} << 3);
  EXPECT_THAT(All(remb.ssrcs), ElementsAre(0xBBBB, 0xCCCC));
}

TEST(RtcpReaderTest, RejectsARembWhoseBitrateOverflows) {
  const Datagram datagram("8F CE 0004 0000AAAA 00000000 52454D42 00 FFFFFF");
  EXPECT_THAT(datagram.packets, IsEmpty());
  EXPECT_EQ(datagram.malformed, 1u);
}

TEST(RtcpReaderTest, PassesOverOtherApplicationLayerFeedback) {
  const Datagram datagram("8F CE 0003 0000AAAA 00000000 41424344");
  EXPECT_THAT(datagram.packets, IsEmpty());
  EXPECT_EQ(datagram.malformed, 0u);
}

TEST(RtcpReaderTest, ReadsTransportFeedback) {
  const Datagram datagram("8F CD 0005 0000AAAA 0000BBBB 0099 0001 3DE802 17 2001 94 00");
  const auto feedback = datagram.Only<rtcp::TransportFeedback>();
  EXPECT_EQ(feedback.header.sender_ssrc, 0xAAAAu);
  EXPECT_EQ(feedback.header.media_ssrc, 0xBBBBu);
  EXPECT_EQ(feedback.header.base_sequence_number, 153);
  EXPECT_EQ(feedback.header.feedback_count, 23);
  EXPECT_EQ(feedback.status_count, 1);
  EXPECT_EQ(feedback.reference_time, 0x3DE802);
}

TEST(RtcpReaderTest, ReadsTheReferenceTimeOfAnExtendedReport) {
  // A block of another type (DLRR) comes first.
  const Datagram datagram(
      "80 CF 0008 0000AAAA 05 00 0003 0000BBBB 11111111 22222222 04 00 0002 0102030405060708");
  const auto report = datagram.Only<rtcp::ExtendedReport>();
  EXPECT_EQ(report.sender_ssrc, 0xAAAAu);
  EXPECT_EQ(report.receiver_reference_time, (NtpTime{0x0102030405060708}));
}

TEST(RtcpReaderTest, ToleratesAnExtendedReportOfUnknownBlocks) {
  const Datagram datagram("80 CF 0003 0000AAAA FE 00 0001 00000000");
  EXPECT_EQ(datagram.Only<rtcp::ExtendedReport>().receiver_reference_time, std::nullopt);
}

TEST(RtcpReaderTest, ReadsCompoundPacketsInOrder) {
  const Datagram datagram(
      "80 C9 0001 0000AAAA"
      "81 CA 0003 0000AAAA 01 02 6869 00 000000"
      "81 CE 0002 0000AAAA 0000BBBB");
  EXPECT_EQ(datagram.malformed, 0u);
  ASSERT_EQ(datagram.packets.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<rtcp::ReceiverReport>(datagram.packets[0]));
  EXPECT_TRUE(std::holds_alternative<rtcp::SdesCname>(datagram.packets[1]));
  EXPECT_TRUE(std::holds_alternative<rtcp::Pli>(datagram.packets[2]));
}

TEST(RtcpReaderTest, PassesOverApplicationDefinedAndUnknownPackets) {
  const Datagram datagram(
      "80 CC 0002 0000AAAA 41424344"           // APP
      "82 CD 0002 0000AAAA 0000BBBB"           // RTPFB of an unknown format
      "82 CE 0003 0000AAAA 0000BBBB 00000000"  // SLI
      "80 D0 0001 00000000"                    // packet type 208
      "81 CE 0002 0000AAAA 0000BBBB");         // PLI
  EXPECT_EQ(datagram.Only<rtcp::Pli>().media_ssrc, 0xBBBBu);
}

TEST(RtcpReaderTest, LeavesPaddingOut) {
  const Datagram datagram("A1 CD 0004 0000AAAA 0000BBBB 0064 0000 00000004");
  EXPECT_EQ(datagram.Only<rtcp::Nack>().items.size(), 1u);
}

TEST(RtcpReaderTest, CountsPacketsWithBrokenPaddingAndGoesOn) {
  const Datagram datagram(
      "A1 CE 0002 0000AAAA 00000000"  // no padding in spite of the bit
      "A1 CE 0002 0000AAAA 00000009"  // more padding than packet
      "A1 CE 0000"                    // no room for any
      "81 CE 0002 0000AAAA 0000BBBB");
  EXPECT_EQ(datagram.malformed, 3u);
  ASSERT_EQ(datagram.packets.size(), 1u);
  EXPECT_EQ(std::get<rtcp::Pli>(datagram.packets[0]).media_ssrc, 0xBBBBu);
}

TEST(RtcpReaderTest, CountsPacketsWhoseContentsDoNotFitAndGoesOn) {
  const Datagram datagram(
      "81 C8 0006 0000AAAA 0102030405060708 11111111 00000022 00000033"  // the block is missing
      "81 C9 0001 0000AAAA"                                              // so it is here
      "82 CB 0001 0000AAAA"                                              // one SSRC of two
      "81 CD 0002 0000AAAA 0000BBBB"                                     // nothing asked for
      "81 CE 0001 0000AAAA"                                              // no media SSRC
      "84 CE 0002 0000AAAA 00000000"                                     // no entry
      "8F CE 0004 0000AAAA 00000000 52454D42 01 0E0001"                  // no SSRC
      "8F CD 0003 0000AAAA 0000BBBB 0099 0001"                           // no reference time
      "80 CF 0002 0000AAAA 04 00 0002"                                   // the block is missing
      "80 CF 0003 0000AAAA 04 00 0001 00000000"                          // half a reference time
      "81 CE 0002 0000AAAA 0000BBBB");
  EXPECT_EQ(datagram.malformed, 10u);
  ASSERT_EQ(datagram.packets.size(), 1u);
}

TEST(RtcpReaderTest, CountsBrokenDescriptionsOnce) {
  const Datagram datagram(
      "83 CA 0003 0000AAAA 01 02 6869 00 000000"  // one chunk of three
      "81 CA 0002 0000AAAA 01 09 6869"            // text beyond the end
      "81 CA 0002 0000AAAA 01 02 6869"            // no zero behind the last item
      "81 CE 0002 0000AAAA 0000BBBB");
  EXPECT_EQ(datagram.malformed, 3u);
  ASSERT_EQ(datagram.packets.size(), 2u);
  EXPECT_EQ(std::get<rtcp::SdesCname>(datagram.packets[0]).cname, "hi");
}

TEST(RtcpReaderTest, StopsWhereTheFramingBreaks) {
  constexpr std::string_view kPli = "81 CE 0002 0000AAAA 0000BBBB";
  for (const std::string_view broken : {"41 CE 0002 0000AAAA 0000BBBB",  // version 1
                                        "81 CE 0003 0000AAAA 0000BBBB",  // longer than the datagram
                                        "81 CE 00", "81"}) {
    const Datagram datagram(Concat({kPli, broken}));
    EXPECT_EQ(datagram.packets.size(), 1u) << broken;
    EXPECT_EQ(datagram.malformed, 1u) << broken;
  }
}

TEST(RtcpReaderTest, AnswersNothingForAnEmptyDatagram) {
  const Datagram datagram("");
  EXPECT_THAT(datagram.packets, IsEmpty());
  EXPECT_EQ(datagram.malformed, 0u);
}

}  // namespace
}  // namespace remotemedia
