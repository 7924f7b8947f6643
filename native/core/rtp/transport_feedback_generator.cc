#include "core/rtp/transport_feedback_generator.h"

#include <algorithm>
#include <array>

namespace remotemedia {
namespace {

// Arrivals tried for one packet. More of them do not fit but in the rarest case.
constexpr size_t kMaxArrivals = 512;

// A feedback packet may begin with at most this many numbers that have not been received.
constexpr int64_t kMaxLeadingGap = 0x7FFE;

// Never an arrival.
constexpr Timestamp kMissing = Timestamp::Never();

}  // namespace

void TransportFeedbackGenerator::OnPacket(Timestamp now, uint16_t transport_sequence_number,
                                          uint32_t media_ssrc) {
  media_ssrc_ = media_ssrc;
  const bool is_in_window =
      sequence_.started() && sequence_.Peek(transport_sequence_number) > sequence_.last() - kWindow;
  if (!is_in_window) Restart(transport_sequence_number);

  const int64_t previous = sequence_.last();
  const int64_t number = sequence_.Unwrap(transport_sequence_number);
  for (int64_t n = std::max(previous, number - kWindow) + 1; n <= number; ++n) {
    ArrivalOf(n) = kMissing;
  }
  if (ArrivalOf(number) != kMissing) return;
  ArrivalOf(number) = now;
  next_ = std::min(next_, number);

  const bool is_full = sequence_.last() - next_ >= kMaxPending;
  const Timestamp due = is_full ? now : now + kInterval;
  due_ = std::min(due_.value_or(due), due);
}

bool TransportFeedbackGenerator::Poll(Timestamp now, RtcpWriter& out) {
  if (!due_ || now < *due_) return false;

  std::array<rtcp::PacketArrival, kMaxArrivals> arrivals;
  size_t count = 0;
  const int64_t last = sequence_.last();
  for (int64_t n = std::max(next_, last - kWindow + 1); n <= last && count < kMaxArrivals; ++n) {
    if (ArrivalOf(n) != kMissing) arrivals[count++] = {n, ArrivalOf(n)};
  }
  const int64_t base = std::max(next_, arrivals[0].sequence_number - kMaxLeadingGap);
  const size_t written = out.AddTransportFeedback(
      {sender_ssrc_, media_ssrc_, static_cast<uint16_t>(base), feedback_count_},
      std::span(arrivals).first(count));
  if (written == 0) return false;

  ++feedback_count_;
  next_ = arrivals[written - 1].sequence_number + 1;
  if (next_ > last) due_.reset();
  return true;
}

void TransportFeedbackGenerator::Restart(uint16_t transport_sequence_number) {
  if (!arrivals_) arrivals_ = std::make_unique<Timestamp[]>(kWindow);
  sequence_ = {};
  next_ = sequence_.Peek(transport_sequence_number);
}

}  // namespace remotemedia
