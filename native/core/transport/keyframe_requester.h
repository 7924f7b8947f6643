// When to ask a producer for a keyframe.
#pragma once

#include <algorithm>
#include <optional>

#include "core/base/time.h"

namespace remotemedia {

// A hundred viewers that join or lose packets at the same moment cost the sender one keyframe: what
// is asked for too soon after the last request is kept, and sent when its time has come unless the
// keyframe arrives first. A request that no keyframe answers is repeated.
class KeyframeRequester {
 public:
  // libwebrtc's encoders make at most one keyframe in this time.
  static constexpr Duration kMinInterval = Duration::Millis(300);
  // Long enough for a round trip around the world and a slow encoder.
  static constexpr Duration kRetryInterval = Duration::Millis(1'000);

  // Somebody needs a keyframe that starts after `now`.
  void Request(Timestamp now) {
    if (due_) return;  // under way: asked again when it is late, and no sooner
    due_ = last_sent_ ? std::max(now, *last_sent_ + kMinInterval) : now;
  }

  void OnKeyframe() { due_.reset(); }

  // Whether a request is to be sent now; counts as sent.
  bool TakeDue(Timestamp now) {
    if (!due_ || *due_ > now) return false;
    last_sent_ = now;
    due_ = now + kRetryInterval;
    return true;
  }

  // When TakeDue has something to do next.
  std::optional<Timestamp> PollTimeout() const { return due_; }

 private:
  std::optional<Timestamp> due_;
  std::optional<Timestamp> last_sent_;
};

}  // namespace remotemedia
