// Turns the sequence numbers and timestamps of changing sources into those of one continuous
// stream.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/time.h"

namespace remotemedia {

// The receiver must not notice that the source changed, or that packets were taken out on purpose:
// both would look like loss. Real losses stay visible as gaps, so that the receiver asks for them.
//
// A source is forwarded from the packet given to Start on; what comes before it in sequence has no
// number in the new stream.
class StreamRewriter {
 public:
  struct Output {
    int64_t sequence_number = 0;  // unwrapped; ROC << 16 | sequence number of SRTP
    uint32_t timestamp = 0;
  };

  // The stream begins with these; `first_sequence_number` below 2^15 keeps the first wrap away from
  // the start, where a receiver that misses the first packets would lose count (RFC 3711 3.3.1).
  StreamRewriter(uint32_t clock_rate, uint16_t first_sequence_number, uint32_t first_timestamp);

  // Begins a source whose first packet is this one. It becomes the successor of the last packet
  // written; its timestamp is as much later as time has passed since.
  void Start(Timestamp now, int64_t sequence_number, uint32_t timestamp);

  // The numbers of a packet of the current source; nullopt when it is from before Start, was
  // skipped, or is too old for its place to be known.
  std::optional<Output> Map(Timestamp now, int64_t sequence_number, uint32_t timestamp);

  // Closes the gap of a packet that is not going to be forwarded. Only possible for a packet newer
  // than all mapped ones: later ones already depend on the gap. Then, the gap stays.
  void Skip(int64_t sequence_number);

  // The source's sequence number behind one of ours, for retransmissions of the current source.
  std::optional<int64_t> SourceOf(int64_t output_sequence_number) const;

  // The output timestamp that belongs to a timestamp of the current source.
  uint32_t MapTimestamp(uint32_t timestamp) const { return timestamp + timestamp_offset_; }

  // The highest sequence number written; before the first packet, the one before it.
  int64_t last_sequence_number() const { return last_sequence_number_; }

 private:
  // From `first` on, output = source - offset.
  struct Interval {
    int64_t first = 0;
    int64_t offset = 0;
  };
  // Skips come in bursts (padding sent to probe for bandwidth), and neighbors share an interval.
  // What is older than the oldest interval is older than any retransmission.
  static constexpr size_t kMaxIntervals = 16;

  const uint32_t clock_rate_;
  std::array<Interval, kMaxIntervals> intervals_;  // the first interval_count_, oldest first
  size_t interval_count_ = 0;
  uint32_t timestamp_offset_ = 0;
  int64_t highest_source_ = 0;

  int64_t last_sequence_number_;
  uint32_t last_timestamp_;
  std::optional<Timestamp> last_time_;
};

}  // namespace remotemedia
