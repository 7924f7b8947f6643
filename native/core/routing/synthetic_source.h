// Makes the packets of a producer: filler at a steady rate, in the place of a remote peer, for
// tests and benchmarks.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/base/time.h"
#include "core/routing/producer.h"

namespace remotemedia {

struct SyntheticSourceParameters {
  ProducerId id{};
  bool is_video = false;
  CodecParameters codec;
  // All packets of a frame share one timestamp, the last has the marker. At least 1.
  uint16_t packets_per_frame = 1;
  uint16_t frames_per_second = 50;  // at least 1
  // 16-1,200. The first bytes count the packets, the rest is filler.
  uint16_t payload_bytes = 160;
};

// Engine thread only. Video starts a keyframe whenever one is asked for, in the shape of VP8.
class SyntheticSource final : public KeyframeSource {
 public:
  SyntheticSource(Timestamp now, Producer& producer, const SyntheticSourceParameters& parameters,
                  Random& random);
  ~SyntheticSource() override;

  void HandleTimeout(Timestamp now);
  Timestamp PollTimeout() const { return next_frame_; }
  void RequestKeyframe(Timestamp) override { keyframe_wanted_ = true; }

 private:
  void MakeFrame(Timestamp now);

  Producer& producer_;
  const SyntheticSourceParameters parameters_;
  const Timestamp started_;
  const uint32_t ssrc_;
  Timestamp next_frame_;
  int64_t frames_ = 0;
  int64_t next_sequence_number_;
  bool keyframe_wanted_ = true;
  std::vector<uint8_t> packet_;
};

}  // namespace remotemedia
