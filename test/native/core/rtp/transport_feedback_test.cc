#include "core/rtp/transport_feedback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <vector>

#include "support/hex.h"

namespace remotemedia::rtcp {
namespace {

using testing::IsEmpty;
using Bytes = std::vector<uint8_t>;
using Arrivals = std::vector<PacketArrival>;

// Without the header's SSRCs, which are not part of the body.
Bytes Write(uint16_t base, const Arrivals& arrivals, size_t* written = nullptr) {
  std::array<uint8_t, 2'000> buffer;
  ByteWriter out(buffer);
  const size_t count = WriteTransportFeedback(out, {0, 0, base, 7}, arrivals);
  if (written) *written = count;
  return {out.written().begin(), out.written().end()};
}

std::vector<PacketStatus> Read(const Bytes& body) {
  const auto feedback = ParseTransportFeedback(body);
  if (!feedback) return {};
  std::vector<PacketStatus> statuses;
  TransportFeedbackReader reader(*feedback);
  while (const auto status = reader.Next()) statuses.push_back(*status);
  return statuses;
}

// That the body reports exactly these arrivals, from `base` on, to within an eighth of a
// millisecond.
void ExpectReports(const Bytes& body, uint16_t base, std::span<const PacketArrival> arrivals) {
  const auto statuses = Read(body);
  ASSERT_FALSE(statuses.empty());
  size_t next = 0;
  for (size_t i = 0; i < statuses.size(); ++i) {
    const auto number = static_cast<uint16_t>(base + i);
    ASSERT_EQ(statuses[i].sequence_number, number);
    const bool is_received =
        next < arrivals.size() && static_cast<uint16_t>(arrivals[next].sequence_number) == number;
    ASSERT_EQ(statuses[i].arrival.has_value(), is_received) << number;
    if (!is_received) continue;
    EXPECT_LE(std::abs((*statuses[i].arrival - arrivals[next].time).micros()), 125) << number;
    ++next;
  }
  EXPECT_EQ(next, arrivals.size());
  EXPECT_TRUE(statuses.back().arrival) << "nothing is said about what may still come";
}

constexpr Timestamp kStart = Timestamp::Millis(64 * 100);

PacketArrival At(int64_t number, int64_t ticks) {
  return {number, kStart + TransportFeedback::kDeltaUnit * ticks};
}

TEST(TransportFeedbackWriterTest, WritesARunOfSmallDeltas) {
  EXPECT_EQ(Write(10, {At(10, 1), At(11, 3), At(12, 258)}),
            FromHex("000A 0003 000064 07 2003 01 02 FF"));
}

TEST(TransportFeedbackWriterTest, WritesLargeAndNegativeDeltasInTwoBytes) {
  // One two-bit vector: small, large, large.
  EXPECT_EQ(Write(10, {At(10, 0), At(11, 256), At(12, 255)}),
            FromHex("000A 0003 000064 07 DA00 00 0100 FFFF"));
}

TEST(TransportFeedbackWriterTest, WritesAOneBitVectorOfSmallDeltasAndGaps) {
  EXPECT_EQ(Write(0, {At(0, 0), At(2, 1), At(3, 2), At(7, 3), At(13, 4)}),
            FromHex("0000 000E 000064 07 AC41 00 01 01 01 01"));
}

TEST(TransportFeedbackWriterTest, WritesLongGapsAsRuns) {
  // 100 missing, then one received and 13 missing as a vector, then 8,191 and 796 missing.
  EXPECT_EQ(Write(0, {At(100, 0), At(9'101, 1)}),
            FromHex("0000 238E 000064 07 0064 A000 1FFF 031C 2001 00 01"));
}

TEST(TransportFeedbackWriterTest, CountsSequenceNumbersAcrossTheWrap) {
  const Arrivals arrivals = {At(65'534, 0), At(65'535, 10), At(65'537, 20)};
  const Bytes body = Write(65'533, arrivals);
  ExpectReports(body, 65'533, arrivals);
}

TEST(TransportFeedbackWriterTest, WritesReferenceTimesModulo24Bits) {
  const auto half = TransportFeedback::kReferenceUnit * (int64_t{1} << 23);
  const Bytes body = Write(1, {{1, Timestamp() + half + Duration::Millis(3)}});
  const auto feedback = ParseTransportFeedback(body);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->reference_time, -(1 << 23));
  EXPECT_EQ(Read(body)[0].arrival, Timestamp() - half + Duration::Millis(3));
}

TEST(TransportFeedbackWriterTest, WritesTimesBeforeZero) {
  const Arrivals arrivals = {{1, Timestamp::Micros(-100'000)}, {2, Timestamp::Micros(-250)}};
  ExpectReports(Write(1, arrivals), 1, arrivals);
}

TEST(TransportFeedbackWriterTest, DoesNotAddUpRoundingErrors) {
  Arrivals arrivals;
  for (int i = 0; i < 500; ++i) arrivals.push_back({i, kStart + Duration::Micros(i * 1'124)});
  ExpectReports(Write(0, arrivals), 0, arrivals);
}

TEST(TransportFeedbackWriterTest, EndsBeforeADeltaOutOfRange) {
  size_t written = 0;
  const Arrivals arrivals = {At(1, 0), At(2, 32'767), At(3, 2 * 32'767 + 1), At(4, 70'000)};
  const Bytes body = Write(1, arrivals, &written);
  EXPECT_EQ(written, 2u);
  ExpectReports(body, 1, std::span(arrivals).first(2));
  Write(1, {At(1, 0), At(2, -32'768)}, &written);
  EXPECT_EQ(written, 2u);
  Write(1, {At(1, 0), At(2, -32'769)}, &written);
  EXPECT_EQ(written, 1u);
}

TEST(TransportFeedbackWriterTest, EndsWhereTheStatusCountDoes) {
  size_t written = 0;
  Write(0, {At(30'000, 0), At(65'534, 1)}, &written);
  EXPECT_EQ(written, 2u);
  Write(0, {At(30'000, 0), At(65'535, 1)}, &written);
  EXPECT_EQ(written, 1u);
}

TEST(TransportFeedbackWriterTest, WritesWhatFitsAnyBuffer) {
  // Gaps and deltas of all kinds.
  Arrivals arrivals;
  int64_t number = 500;
  int64_t ticks = 0;
  for (int i = 0; i < 120; ++i) {
    arrivals.push_back(At(number, ticks));
    number += i % 11 == 0 ? 40 : 1 + i % 3;
    ticks += i % 7 == 0 ? 400 : i % 5 - 1;
  }
  size_t longest = 0;
  for (size_t room = 0; room < 450; ++room) {
    Bytes buffer(room);
    ByteWriter out(buffer);
    const size_t written = WriteTransportFeedback(out, {0, 0, 499, 7}, arrivals);
    EXPECT_TRUE(out.ok());
    EXPECT_GE(written, longest) << "more room holds no less";
    longest = written;
    if (written == 0) continue;
    buffer.resize(out.size());
    ExpectReports(buffer, 499, std::span(arrivals).first(written));
  }
  EXPECT_EQ(longest, arrivals.size());
}

TEST(TransportFeedbackWriterTest, KeepsToTheMaximumPacketSize) {
  Arrivals arrivals;
  for (int i = 0; i < 2'000; ++i) arrivals.push_back(At(i, i));
  size_t written = 0;
  const Bytes body = Write(0, arrivals, &written);
  constexpr size_t kHeaderAndSsrcs = 12;
  EXPECT_LE(body.size() + kHeaderAndSsrcs, TransportFeedback::kMaxPacketSize);
  EXPECT_GT(written, 1'000u);
  ExpectReports(body, 0, std::span(arrivals).first(written));
}

TEST(TransportFeedbackWriterTest, RoundTripsEveryMixOfShortSequences) {
  // Each of eight packets missing, with a small or with a large delta.
  constexpr int kPackets = 8;
  for (int mix = 1; mix < 6'561; ++mix) {
    Arrivals arrivals;
    int64_t ticks = 0;
    for (int i = 0, rest = mix; i < kPackets; ++i, rest /= 3) {
      if (rest % 3 == 0) continue;
      ticks += rest % 3 == 1 ? 4 : 300;
      arrivals.push_back(At(i, ticks));
    }
    size_t written = 0;
    const Bytes body = Write(0, arrivals, &written);
    ASSERT_EQ(written, arrivals.size());
    ExpectReports(body, 0, arrivals);
    ASSERT_FALSE(HasFailure()) << mix;
  }
}

TEST(TransportFeedbackReaderTest, ReadsEveryKindOfChunk) {
  // A run of 2 small ones, a run of 3 missing, a one-bit vector of 14, a two-bit vector used up to
  // its third symbol.
  const auto statuses =
      Read(FromHex("FFFF 0016 FFFFFF 00 2002 0003 A001 E400 04 08 10 20 FF38 0C"));
  ASSERT_EQ(statuses.size(), 22u);
  const Timestamp start = Timestamp::Millis(-64);
  EXPECT_EQ(statuses[0].sequence_number, 0xFFFF);
  EXPECT_EQ(statuses[0].arrival, start + Duration::Millis(1));
  EXPECT_EQ(statuses[1].sequence_number, 0);
  EXPECT_EQ(statuses[1].arrival, start + Duration::Millis(3));
  EXPECT_FALSE(statuses[2].arrival);
  EXPECT_FALSE(statuses[4].arrival);
  EXPECT_EQ(statuses[5].arrival, start + Duration::Millis(7));
  EXPECT_FALSE(statuses[6].arrival);
  EXPECT_EQ(statuses[18].arrival, start + Duration::Millis(15));
  EXPECT_EQ(statuses[19].arrival, start + Duration::Millis(-35));
  EXPECT_EQ(statuses[20].arrival, start + Duration::Millis(-32));
  EXPECT_FALSE(statuses[21].arrival);
}

TEST(TransportFeedbackReaderTest, ToleratesZerosBehindTheDeltas) {
  EXPECT_EQ(Read(FromHex("000A 0001 000064 07 2001 04 00 00 00")).size(), 1u);
}

TEST(TransportFeedbackReaderTest, RejectsMalformedFeedback) {
  EXPECT_THAT(Read(FromHex("000A 0001 000064")), IsEmpty()) << "no feedback count";
  EXPECT_THAT(Read(FromHex("000A 0000 000064 07")), IsEmpty()) << "no status";
  EXPECT_THAT(Read(FromHex("000A 0001 000064 07")), IsEmpty()) << "no chunk";
  EXPECT_THAT(Read(FromHex("000A 0002 000064 07 2001 04")), IsEmpty()) << "too few chunks";
  EXPECT_THAT(Read(FromHex("000A 0002 000064 07 2002 04")), IsEmpty()) << "too few deltas";
  EXPECT_THAT(Read(FromHex("000A 0001 000064 07 4001 04")), IsEmpty()) << "half a large delta";
  EXPECT_THAT(Read(FromHex("000A 0001 000064 07 2000 2001 04")), IsEmpty()) << "an empty run";
  EXPECT_THAT(Read(FromHex("000A 0001 000064 07 6001 04")), IsEmpty()) << "a run of reserved";
  EXPECT_THAT(Read(FromHex("000A 0001 000064 07 F000 04")), IsEmpty()) << "a reserved symbol";
}

}  // namespace
}  // namespace remotemedia::rtcp
