#include "core/rtp/nack_generator.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace remotemedia {

void NackGenerator::OnPacket(Timestamp now, uint16_t sequence_number, bool is_recovered) {
  if (!sequence_.started()) {
    if (!is_recovered) sequence_.Unwrap(sequence_number);
    return;
  }
  const int64_t highest = sequence_.last();
  const int64_t number = sequence_.Peek(sequence_number);
  if (std::abs(number - highest) > kMaxMissing) {
    if (!is_recovered) Restart(sequence_number);
  } else if (number <= highest) {
    Remove(number);
  } else {
    AddMissing(now, highest + 1, number);
    sequence_.Unwrap(sequence_number);
  }
}

void NackGenerator::OnKeyframe(uint16_t sequence_number) {
  keyframe_ = std::max(keyframe_, sequence_.Peek(sequence_number));
}

size_t NackGenerator::GetDue(Timestamp now, std::span<uint16_t> out) {
  std::erase_if(missing_, [&](const Missing& packet) {
    const bool is_exhausted = packet.requests == kMaxRequests && now >= packet.due;
    if (!is_exhausted && now < packet.noticed + kMaxAge) return false;
    GiveUp(packet);
    return true;
  });

  size_t due_count = 0;
  timeout_.reset();
  for (Missing& packet : missing_) {
    if (now >= packet.due && due_count < out.size()) {
      out[due_count++] = static_cast<uint16_t>(packet.sequence_number);
      packet.due = now + RetryInterval();
      ++packet.requests;
    }
    const Timestamp next = std::min(packet.due, packet.noticed + kMaxAge);
    timeout_ = std::min(timeout_.value_or(next), next);
  }
  return due_count;
}

bool NackGenerator::TakeKeyframeNeeded() { return std::exchange(keyframe_needed_, false); }

void NackGenerator::Restart(uint16_t sequence_number) {
  sequence_ = {};
  sequence_.Unwrap(sequence_number);
  missing_.clear();
  timeout_.reset();
  keyframe_ = 0;
  keyframe_needed_ = true;
}

// Adds the numbers from `first` up to, not including, `end`: fewer than kMaxMissing.
void NackGenerator::AddMissing(Timestamp now, int64_t first, int64_t end) {
  if (first == end) return;
  const auto size = static_cast<int64_t>(missing_.size());
  const int64_t excess = std::max<int64_t>(size + (end - first) - kMaxMissing, 0);
  if (excess > 0) {
    GiveUp(missing_[static_cast<size_t>(excess - 1)]);
    missing_.erase(missing_.begin(), missing_.begin() + excess);
  }
  const Timestamp due = now + kReorderingTolerance;
  for (int64_t number = first; number < end; ++number) missing_.push_back({number, now, due, 0});
  timeout_ = std::min(timeout_.value_or(due), due);
}

void NackGenerator::Remove(int64_t sequence_number) {
  const auto found = std::lower_bound(
      missing_.begin(), missing_.end(), sequence_number,
      [](const Missing& packet, int64_t number) { return packet.sequence_number < number; });
  if (found != missing_.end() && found->sequence_number == sequence_number) missing_.erase(found);
  if (missing_.empty()) timeout_.reset();
}

void NackGenerator::GiveUp(const Missing& packet) {
  if (packet.sequence_number >= keyframe_) keyframe_needed_ = true;
}

Duration NackGenerator::RetryInterval() const { return std::max(kMinRetryInterval, rtt_ * 5 / 4); }

}  // namespace remotemedia
