// Tells the sender when its packets arrived: the receiving side of transport-wide congestion
// control (draft-holmer-rmcat-transport-wide-cc-extensions-01).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/base/sequence_number.h"
#include "core/base/time.h"
#include "core/rtp/rtcp_writer.h"

namespace remotemedia {

// One for each transport: the numbers run over all its streams. A browser's bandwidth estimate
// rests on these reports, so they are to be exact, complete and timely. Engine thread only. Memory
// is allocated with the first packet.
//
// When a packet arrives after later ones have been reported, the next report starts with it and
// repeats everything since, as libwebrtc's receiver does: senders ignore what they know already. A
// number further back than kWindow means that the sender has started over.
class TransportFeedbackGenerator {
 public:
  // From the first packet not reported yet to the report. libwebrtc's receivers report every 50 ms
  // whenever that costs less than 5 % of the bandwidth, which is from 220 kbit/s up; its estimator
  // and its probing are tuned for that rhythm.
  static constexpr Duration kInterval = Duration::Millis(50);
  // Reported without waiting when this many sequence numbers are pending.
  static constexpr int64_t kMaxPending = 400;

  explicit TransportFeedbackGenerator(uint32_t sender_ssrc) : sender_ssrc_(sender_ssrc) {}

  // `media_ssrc`: of the packet. Reports name the latest, the field has no other meaning.
  void OnPacket(Timestamp now, uint16_t transport_sequence_number, uint32_t media_ssrc);

  // Adds one feedback packet when one is due. Answers whether it did: call again, each time with a
  // writer that has TransportFeedback::kMaxPacketSize bytes left, until it answers false.
  bool Poll(Timestamp now, RtcpWriter& out);

  // When Poll has something to do next. Changes with OnPacket and Poll.
  std::optional<Timestamp> PollTimeout() const { return due_; }

 private:
  // Sequence numbers remembered, a power of two: what has arrived, and what may still arrive late.
  static constexpr int64_t kWindow = 1'024;

  Timestamp& ArrivalOf(int64_t sequence_number) {
    return arrivals_[static_cast<size_t>(sequence_number) % kWindow];
  }
  void Restart(uint16_t transport_sequence_number);

  uint32_t sender_ssrc_;
  uint32_t media_ssrc_ = 0;
  uint8_t feedback_count_ = 0;
  SequenceNumberUnwrapper sequence_;
  // Arrival times of the last kWindow numbers up to sequence_.last().
  std::unique_ptr<Timestamp[]> arrivals_;
  // The first number of the next report; everything is reported when it is past the last one.
  int64_t next_ = 0;
  std::optional<Timestamp> due_;
};

}  // namespace remotemedia
