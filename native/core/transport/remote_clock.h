// Relates a peer's wall clock to ours, so that its sender reports can be passed on in our time.
#pragma once

#include <algorithm>
#include <optional>

#include "core/base/time.h"
#include "core/rtp/ntp_time.h"

namespace remotemedia {

// The offset is that of the report that travelled fastest: what others took longer is network
// delay, not clock. It is the same for all streams of the peer, which keeps its audio and video in
// step.
class RemoteClock {
 public:
  explicit RemoteClock(NtpClock clock) : clock_(clock) {}

  // Takes in a report that arrives now and answers when, by our clock, it was made (plus the delay
  // of the fastest report).
  Timestamp OnSenderReport(Timestamp now, NtpTime remote) {
    const Timestamp remote_time = clock_.ToTimestamp(remote);
    const Duration offset = now - remote_time;
    // The fastest report may be long ago: clocks drift apart meanwhile, by less than this.
    constexpr int64_t kMaxDriftPpm = 200;
    if (offset_) {
      const Duration drift = (now - updated_) * kMaxDriftPpm / 1'000'000;
      offset_ = std::min(*offset_ + drift, offset);
    } else {
      offset_ = offset;
    }
    updated_ = now;
    return remote_time + *offset_;
  }

 private:
  const NtpClock clock_;
  std::optional<Duration> offset_;
  Timestamp updated_;
};

}  // namespace remotemedia
