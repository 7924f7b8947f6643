// What a receiver report says about one incoming RTP stream (RFC 3550 appendices A.1, A.3 and A.8).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/sequence_number.h"
#include "core/base/time.h"
#include "core/rtp/ntp_time.h"
#include "core/rtp/rtcp_packet.h"
#include "core/rtp/rtp_packet.h"

namespace remotemedia {

// A packet recovered by RTX counts as received: the report then tells what is missing after repair,
// so that a sender lowers its bitrate for losses that hurt and not for those that were made good.
// (Senders that want the raw loss have it from transport-wide feedback.) A packet counts once,
// however often and on whatever way it comes. Engine thread only.
class ReceiveStatistics {
 public:
  // `clock_rate`: of the RTP timestamps, in Hz.
  ReceiveStatistics(uint32_t ssrc, uint32_t clock_rate) : ssrc_(ssrc), clock_rate_(clock_rate) {}

  // Answers whether the packet counts: false for a duplicate, and for one so far from its
  // predecessors that it is taken for a stray until its successor confirms that the stream has
  // jumped there.
  bool OnPacket(Timestamp now, const RtpHeader& header);
  // Takes in a packet that came by RTX, under its original sequence number. Answers whether it was
  // missing until now. It says nothing about jitter, and never restarts the stream.
  bool OnRecoveredPacket(uint16_t sequence_number);
  void OnSenderReport(Timestamp now, NtpTime ntp);

  // The report on everything since the previous call. nullopt before the first packet.
  std::optional<rtcp::ReportBlock> MakeReportBlock(Timestamp now);

  uint32_t ssrc() const { return ssrc_; }
  // Since the stream began or restarted.
  int64_t packets_received() const { return received_; }
  // Expected minus received; never negative, as duplicates do not count.
  int64_t packets_lost() const { return sequence_.started() ? expected() - received_ : 0; }
  // Interarrival jitter, smoothed as RFC 3550 says, in units of the clock rate.
  uint32_t jitter() const { return static_cast<uint32_t>(jitter_q4_ >> 4); }

 private:
  // How far behind the highest one a packet may arrive.
  static constexpr int64_t kWindow = 1'024;
  // MAX_DROPOUT of RFC 3550 appendix A.1.
  static constexpr int64_t kMaxDropout = 3'000;

  bool IsNearHighest(uint16_t sequence_number) const;
  void Restart();
  bool MarkReceived(uint16_t sequence_number);
  void UpdateJitter(Timestamp now, uint32_t timestamp);
  int64_t expected() const { return sequence_.last() - base_ + 1; }

  uint32_t ssrc_;
  uint32_t clock_rate_;

  SequenceNumberUnwrapper sequence_;
  int64_t base_ = 0;
  // One bit for each of the last kWindow sequence numbers.
  std::array<uint64_t, kWindow / 64> seen_{};
  std::optional<uint16_t> confirming_;
  int64_t received_ = 0;
  int64_t expected_at_report_ = 0;
  int64_t received_at_report_ = 0;

  struct Arrival {
    uint32_t transit = 0;  // arrival minus timestamp, in units of the clock rate
    uint32_t timestamp = 0;
  };
  std::optional<Arrival> last_arrival_;
  int64_t jitter_q4_ = 0;

  struct LastSenderReport {
    Timestamp arrival;
    uint32_t ntp = 0;
  };
  std::optional<LastSenderReport> last_sender_report_;
};

}  // namespace remotemedia
