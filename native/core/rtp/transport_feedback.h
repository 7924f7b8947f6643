// Transport-wide congestion control feedback: which packets arrived, and when.
//
// draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1. Arrival times are counted on the
// receiver's clock from an unknown start; senders use their differences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/time.h"

namespace remotemedia::rtcp {

struct TransportFeedbackHeader {
  uint32_t sender_ssrc = 0;
  uint32_t media_ssrc = 0;
  // The first sequence number reported on, received or not.
  uint16_t base_sequence_number = 0;
  // Counts feedback packets, so that the sender notices a lost one.
  uint8_t feedback_count = 0;
};

struct TransportFeedback {
  static constexpr Duration kReferenceUnit = Duration::Millis(64);
  static constexpr Duration kDeltaUnit = Duration::Micros(250);
  // Of those we write, RTCP header included: leaves room for SRTCP and the headers below it on any
  // path a browser's media gets through.
  static constexpr size_t kMaxPacketSize = 1'100;

  TransportFeedbackHeader header;
  // Packets reported on: never 0.
  uint16_t status_count = 0;
  // What the first delta counts from: 24 bits, signed, in units of 64 ms.
  int32_t reference_time = 0;
  std::span<const uint8_t> chunks;
  std::span<const uint8_t> deltas;
};

struct PacketStatus {
  uint16_t sequence_number = 0;
  // nullopt when the packet has not been received.
  std::optional<Timestamp> arrival;
};

// Iterates over what a feedback packet reports:
//
//   TransportFeedbackReader reader(feedback);
//   while (auto status = reader.Next()) ...
class TransportFeedbackReader {
 public:
  // `feedback`: as ParseTransportFeedback answers it.
  explicit TransportFeedbackReader(const TransportFeedback& feedback);

  std::optional<PacketStatus> Next();

 private:
  ByteReader chunks_;
  ByteReader deltas_;
  Timestamp time_;
  uint16_t sequence_number_;
  uint16_t statuses_left_;
  uint16_t chunk_ = 0;  // a run of length zero
  uint16_t chunk_position_ = 0;
};

// `body`: what follows the two SSRCs. nullopt when malformed; `header` is filled but for the SSRCs.
std::optional<TransportFeedback> ParseTransportFeedback(std::span<const uint8_t> body);

struct PacketArrival {
  int64_t sequence_number = 0;  // unwrapped
  Timestamp time;
};

// Writes what follows the two SSRCs, for the longest leading part of `arrivals` that fits: into
// `out`, into the 16 bits of the status count and into the range of the deltas (±8 s). `arrivals`
// ascend strictly by sequence number; numbers left out have not been received, starting with
// `header.base_sequence_number`, which is less than 2^15 below the first arrival.
//
// Each time is rounded to 250 µs against the times before it as the sender will reconstruct them,
// so that errors do not add up: each arrival is reconstructed to within 125 µs.
//
// Answers how many arrivals were written: 0 when not even one fits, with `out` in no defined state.
size_t WriteTransportFeedback(ByteWriter& out, const TransportFeedbackHeader& header,
                              std::span<const PacketArrival> arrivals);

}  // namespace remotemedia::rtcp
