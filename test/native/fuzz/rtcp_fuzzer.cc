// Reads the input as an RTCP datagram, writes each packet found anew, and reads that.
//
// Whatever is read lies inside the input, takes time in proportion to it, and survives being
// written: the second reading says what the first one said.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <variant>
#include <vector>

#include "core/rtp/rtcp_reader.h"
#include "core/rtp/rtcp_writer.h"

namespace remotemedia {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

template <typename List>
auto All(const List& list) {
  std::vector<decltype(list[0])> all;
  for (const auto& record : list) all.push_back(record);
  return all;
}

std::vector<uint16_t> NumbersOf(const rtcp::Nack& nack) {
  std::vector<uint16_t> numbers;
  nack.ForEachSequenceNumber([&](uint16_t number) { numbers.push_back(number); });
  return numbers;
}

std::vector<rtcp::PacketArrival> ArrivalsOf(const rtcp::TransportFeedback& feedback) {
  std::vector<rtcp::PacketArrival> arrivals;
  int64_t number = feedback.header.base_sequence_number;
  int64_t statuses = 0;
  rtcp::TransportFeedbackReader reader(feedback);
  for (; const auto status = reader.Next(); ++number, ++statuses) {
    Require(status->sequence_number == static_cast<uint16_t>(number));
    if (status->arrival) arrivals.push_back({number, *status->arrival});
  }
  Require(statuses == feedback.status_count);
  return arrivals;
}

// Writes a packet of any kind, reads it, and compares the two.
class RoundTrip {
 public:
  void operator()(const rtcp::SenderReport& report) {
    if (!writer_.AddSenderReport(report.sender_ssrc, report.info, All(report.report_blocks)))
      return;
    const auto again = Read<rtcp::SenderReport>();
    Require(again.sender_ssrc == report.sender_ssrc && again.info == report.info);
    Require(All(again.report_blocks) == All(report.report_blocks));
  }

  void operator()(const rtcp::ReceiverReport& report) {
    if (!writer_.AddReceiverReport(report.sender_ssrc, All(report.report_blocks))) return;
    const auto again = Read<rtcp::ReceiverReport>();
    Require(again.sender_ssrc == report.sender_ssrc);
    Require(All(again.report_blocks) == All(report.report_blocks));
  }

  void operator()(const rtcp::SdesCname& description) {
    if (!writer_.AddSdesCname(description.ssrc, description.cname)) return;
    const auto again = Read<rtcp::SdesCname>();
    Require(again.ssrc == description.ssrc && again.cname == description.cname);
  }

  void operator()(const rtcp::Bye& bye) {
    if (!writer_.AddBye(All(bye.ssrcs))) return;
    Require(All(Read<rtcp::Bye>().ssrcs) == All(bye.ssrcs));
  }

  void operator()(const rtcp::Nack& nack) {
    if (!writer_.AddNack(nack.sender_ssrc, nack.media_ssrc, NumbersOf(nack))) return;
    const auto again = Read<rtcp::Nack>();
    Require(again.sender_ssrc == nack.sender_ssrc && again.media_ssrc == nack.media_ssrc);
    // Items may overlap: what counts is what is asked for.
    auto numbers = NumbersOf(nack);
    auto numbers_again = NumbersOf(again);
    for (auto* all : {&numbers, &numbers_again}) {
      std::sort(all->begin(), all->end());
      all->erase(std::unique(all->begin(), all->end()), all->end());
    }
    Require(numbers == numbers_again);
  }

  void operator()(const rtcp::Pli& pli) {
    Require(writer_.AddPli(pli.sender_ssrc, pli.media_ssrc));
    const auto again = Read<rtcp::Pli>();
    Require(again.sender_ssrc == pli.sender_ssrc && again.media_ssrc == pli.media_ssrc);
  }

  void operator()(const rtcp::Fir& fir) {
    if (!writer_.AddFir(fir.sender_ssrc, All(fir.entries))) return;
    const auto again = Read<rtcp::Fir>();
    Require(again.sender_ssrc == fir.sender_ssrc && All(again.entries) == All(fir.entries));
  }

  void operator()(const rtcp::Remb& remb) {
    if (!writer_.AddRemb(remb.sender_ssrc, remb.bitrate_bps, All(remb.ssrcs))) return;
    const auto again = Read<rtcp::Remb>();
    Require(again.sender_ssrc == remb.sender_ssrc && again.bitrate_bps == remb.bitrate_bps);
    Require(All(again.ssrcs) == All(remb.ssrcs));
  }

  void operator()(const rtcp::TransportFeedback& feedback) {
    const auto arrivals = ArrivalsOf(feedback);
    const size_t written = writer_.AddTransportFeedback(feedback.header, arrivals);
    Require(written <= arrivals.size());
    Require(writer_.size() <= rtcp::TransportFeedback::kMaxPacketSize);
    if (written == 0) return;
    const auto again = Read<rtcp::TransportFeedback>();
    const auto arrivals_again = ArrivalsOf(again);
    Require(arrivals_again.size() == written);
    // The reference time wraps, and so do the times counted from it.
    constexpr Duration kCycle = rtcp::TransportFeedback::kReferenceUnit * (int64_t{1} << 24);
    for (size_t i = 0; i < written; ++i) {
      Require(arrivals_again[i].sequence_number == arrivals[i].sequence_number);
      const Duration difference = arrivals_again[i].time - arrivals[i].time;
      Require(difference.micros() % kCycle.micros() == 0);
    }
  }

  void operator()(const rtcp::ExtendedReport&) {}

 private:
  // The only packet written.
  template <typename T>
  T Read() const {
    RtcpReader reader(std::span(buffer_).first(writer_.size()));
    const auto packet = reader.Next();
    Require(packet && std::holds_alternative<T>(*packet));
    Require(!reader.Next() && reader.malformed() == 0);
    return std::get<T>(*packet);
  }

  std::array<uint8_t, 1'500> buffer_;
  RtcpWriter writer_{buffer_};
};

void Run(std::span<const uint8_t> input) {
  RtcpReader reader(input);
  size_t packets = 0;
  while (const auto packet = reader.Next()) {
    std::visit(RoundTrip(), *packet);
    ++packets;
  }
  // The smallest thing answered or counted is a header, or an SDES chunk.
  Require(packets + reader.malformed() <= input.size() / 4 + 1);
  Require(!reader.Next());
}

}  // namespace
}  // namespace remotemedia

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  remotemedia::Run({data, size});
  return 0;
}
