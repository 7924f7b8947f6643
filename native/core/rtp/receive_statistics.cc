#include "core/rtp/receive_statistics.h"

#include <algorithm>
#include <cstdlib>

namespace remotemedia {
namespace {

constexpr int64_t kFirstCycle = 65'536;  // where SequenceNumberUnwrapper starts
constexpr int64_t kMaxCumulativeLost = 0x7F'FFFF;

// Time in units of the clock rate, modulo 2^32 like RTP timestamps.
uint32_t ToRtpTime(Timestamp time, uint32_t clock_rate) {
  const int64_t seconds = time.micros() / 1'000'000;
  const int64_t micros = time.micros() % 1'000'000;
  return static_cast<uint32_t>(seconds * clock_rate + micros * clock_rate / 1'000'000);
}

}  // namespace

bool ReceiveStatistics::OnPacket(Timestamp now, const RtpHeader& header) {
  const uint16_t sequence_number = header.sequence_number;
  if (sequence_.started() && !IsNearHighest(sequence_number)) {
    if (confirming_ != sequence_number) {
      confirming_ = static_cast<uint16_t>(sequence_number + 1);
      return false;
    }
    Restart();
  }
  confirming_.reset();

  const bool is_highest = sequence_.Peek(sequence_number) > sequence_.last();
  if (!MarkReceived(sequence_number)) return false;
  if (is_highest) UpdateJitter(now, header.timestamp);
  return true;
}

bool ReceiveStatistics::OnRecoveredPacket(uint16_t sequence_number) {
  return sequence_.started() && IsNearHighest(sequence_number) && MarkReceived(sequence_number);
}

void ReceiveStatistics::OnSenderReport(Timestamp now, NtpTime ntp) {
  last_sender_report_ = {now, ntp.compact()};
}

std::optional<rtcp::ReportBlock> ReceiveStatistics::MakeReportBlock(Timestamp now) {
  if (!sequence_.started()) return std::nullopt;

  rtcp::ReportBlock block;
  block.ssrc = ssrc_;
  block.extended_highest_sequence_number = static_cast<uint32_t>(sequence_.last() - kFirstCycle);
  block.cumulative_lost = static_cast<int32_t>(std::min(packets_lost(), kMaxCumulativeLost));
  block.jitter = jitter();

  const int64_t expected_since = expected() - expected_at_report_;
  const int64_t lost_since = expected_since - (received_ - received_at_report_);
  if (lost_since > 0) {
    block.fraction_lost =
        static_cast<uint8_t>(std::min<int64_t>(lost_since * 256 / expected_since, 255));
  }
  expected_at_report_ = expected();
  received_at_report_ = received_;

  if (last_sender_report_) {
    block.last_sr = last_sender_report_->ntp;
    block.delay_since_last_sr = ToCompactNtp(now - last_sender_report_->arrival);
  }
  return block;
}

bool ReceiveStatistics::IsNearHighest(uint16_t sequence_number) const {
  const int64_t distance = sequence_.Peek(sequence_number) - sequence_.last();
  return distance > -kWindow && distance <= kMaxDropout;
}

void ReceiveStatistics::Restart() {
  sequence_ = {};
  seen_ = {};
  received_ = 0;
  expected_at_report_ = 0;
  received_at_report_ = 0;
  last_arrival_.reset();
}

bool ReceiveStatistics::MarkReceived(uint16_t sequence_number) {
  const bool is_first = !sequence_.started();
  const int64_t previous = sequence_.last();
  const int64_t number = sequence_.Unwrap(sequence_number);
  for (int64_t n = std::max(previous, number - kWindow) + 1; n <= number; ++n) {
    seen_[n % kWindow / 64] &= ~(uint64_t{1} << n % 64);
  }

  uint64_t& word = seen_[number % kWindow / 64];
  const uint64_t bit = uint64_t{1} << number % 64;
  if (word & bit) return false;
  word |= bit;
  ++received_;
  base_ = is_first ? number : std::min(base_, number);
  return true;
}

// RFC 3550 appendix A.8, for the first packet of each timestamp only, as libwebrtc does it: the
// others of a video frame are sent later on purpose.
void ReceiveStatistics::UpdateJitter(Timestamp now, uint32_t timestamp) {
  if (last_arrival_ && last_arrival_->timestamp == timestamp) return;
  const uint32_t transit = ToRtpTime(now, clock_rate_) - timestamp;
  if (last_arrival_) {
    const int64_t change = std::abs(int64_t{CircularDistance(last_arrival_->transit, transit)});
    // Timestamps that jump are a new source, not jitter.
    const bool is_jump = change > int64_t{5} * clock_rate_;
    if (!is_jump) jitter_q4_ += change - ((jitter_q4_ + 8) >> 4);
  }
  last_arrival_ = {transit, timestamp};
}

}  // namespace remotemedia
