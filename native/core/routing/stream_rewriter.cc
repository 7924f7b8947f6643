#include "core/routing/stream_rewriter.h"

#include <algorithm>

#include "core/base/sequence_number.h"

namespace remotemedia {

StreamRewriter::StreamRewriter(uint32_t clock_rate, uint16_t first_sequence_number,
                               uint32_t first_timestamp)
    : clock_rate_(clock_rate),
      last_sequence_number_(static_cast<int64_t>(first_sequence_number) - 1),
      last_timestamp_(first_timestamp) {}

void StreamRewriter::Start(Timestamp now, int64_t sequence_number, uint32_t timestamp) {
  uint32_t output_timestamp = last_timestamp_;
  if (last_time_) {
    const double elapsed = std::max(0.0, (now - *last_time_).seconds()) * clock_rate_;
    // At least one tick on: two pictures must not share a timestamp.
    // By way of 64 bits: after a long pause there are more ticks than 32 hold.
    output_timestamp += static_cast<uint32_t>(std::max<int64_t>(1, static_cast<int64_t>(elapsed)));
  }
  timestamp_offset_ = output_timestamp - timestamp;
  intervals_[0] = {.first = sequence_number,
                   .offset = sequence_number - (last_sequence_number_ + 1)};
  interval_count_ = 1;
  highest_source_ = sequence_number - 1;
}

std::optional<StreamRewriter::Output> StreamRewriter::Map(Timestamp now, int64_t sequence_number,
                                                          uint32_t timestamp) {
  size_t i = interval_count_;
  while (i > 0 && sequence_number < intervals_[i - 1].first) --i;
  if (i == 0) return std::nullopt;
  const Interval& interval = intervals_[i - 1];
  const int64_t output = sequence_number - interval.offset;
  if (i < interval_count_ && output >= intervals_[i].first - intervals_[i].offset) {
    return std::nullopt;  // skipped
  }

  const uint32_t output_timestamp = MapTimestamp(timestamp);
  highest_source_ = std::max(highest_source_, sequence_number);
  last_sequence_number_ = std::max(last_sequence_number_, output);
  if (!last_time_ || IsNewer(output_timestamp, last_timestamp_)) {
    last_timestamp_ = output_timestamp;
    last_time_ = now;
  }
  return Output{output, output_timestamp};
}

void StreamRewriter::Skip(int64_t sequence_number) {
  if (interval_count_ == 0 || sequence_number <= highest_source_) return;
  highest_source_ = sequence_number;
  Interval& newest = intervals_[interval_count_ - 1];
  if (newest.first == sequence_number) {
    ++newest.first;
    ++newest.offset;
    return;
  }
  if (interval_count_ == kMaxIntervals) {
    std::move(intervals_.begin() + 1, intervals_.end(), intervals_.begin());
    --interval_count_;
  }
  const int64_t offset = intervals_[interval_count_ - 1].offset + 1;
  intervals_[interval_count_++] = {.first = sequence_number + 1, .offset = offset};
}

std::optional<int64_t> StreamRewriter::SourceOf(int64_t output_sequence_number) const {
  if (output_sequence_number > last_sequence_number_) return std::nullopt;
  for (size_t i = interval_count_; i > 0; --i) {
    const Interval& interval = intervals_[i - 1];
    const int64_t source = output_sequence_number + interval.offset;
    if (source >= interval.first) return source;
  }
  return std::nullopt;
}

}  // namespace remotemedia
