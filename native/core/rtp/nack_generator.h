// Decides which lost packets of one incoming stream to ask for again, and when (RFC 4585 NACK).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/sequence_number.h"
#include "core/base/time.h"

namespace remotemedia {

// Engine thread only. PollTimeout changes with OnPacket and GetDue.
//
// Memory grows with the number of packets missing at the same time, up to kMaxMissing of them.
class NackGenerator {
 public:
  // A jump of more than this many sequence numbers, either way, is not loss: the stream has
  // restarted.
  static constexpr int64_t kMaxMissing = 1'000;
  // How long a gap may be mere reordering. Senders pace their packets in bursts of about 5 ms, and
  // those that overtake each other are of the same burst; waiting longer would only delay repair.
  static constexpr Duration kReorderingTolerance = Duration::Millis(5);
  // The least time between two requests for the same packet. Above that it is the RTT and a
  // quarter, so that a retransmission already on its way is not asked for again.
  static constexpr Duration kMinRetryInterval = Duration::Millis(20);
  static constexpr int kMaxRequests = 10;
  // After this time no receiver's jitter buffer waits for the packet any more.
  static constexpr Duration kMaxAge = Duration::Millis(1'500);
  // Until OnRtt has said better.
  static constexpr Duration kDefaultRtt = Duration::Millis(100);

  // `is_recovered`: it came by RTX, under its original number. Such a packet never restarts the
  // stream.
  void OnPacket(Timestamp now, uint16_t sequence_number, bool is_recovered);
  void OnRtt(Duration rtt) { rtt_ = rtt; }
  // A keyframe starts at this packet: losses before it no longer make another one necessary.
  void OnKeyframe(uint16_t sequence_number);

  // Fills `out` with the sequence numbers to ask for now, oldest first, and answers how many. They
  // count as asked for. More may be due when `out` was filled up: call again. Gives up, too, on
  // what has been missing for too long.
  size_t GetDue(Timestamp now, std::span<uint16_t> out);

  // When GetDue may have something to do next.
  std::optional<Timestamp> PollTimeout() const { return timeout_; }

  // Whether packets have been given up on that pictures may depend on, since the last call.
  bool TakeKeyframeNeeded();

  size_t missing() const { return missing_.size(); }

 private:
  struct Missing {
    int64_t sequence_number = 0;
    Timestamp noticed;
    Timestamp due;
    int requests = 0;
  };

  void Restart(uint16_t sequence_number);
  void AddMissing(Timestamp now, int64_t first, int64_t end);
  void Remove(int64_t sequence_number);
  void GiveUp(const Missing& packet);
  Duration RetryInterval() const;

  SequenceNumberUnwrapper sequence_;
  // Ascending by sequence number, and so by `noticed`.
  std::vector<Missing> missing_;
  std::optional<Timestamp> timeout_;
  Duration rtt_ = kDefaultRtt;
  int64_t keyframe_ = 0;
  bool keyframe_needed_ = false;
};

}  // namespace remotemedia
