// One incoming stream of media, from wherever it comes, and everybody it goes to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.h"
#include "core/routing/media_packet.h"
#include "core/routing/media_parameters.h"
#include "core/rtp/retransmission_buffer.h"

namespace remotemedia {

class Consumer;

// Whoever makes a producer's packets.
class KeyframeSource {
 public:
  virtual ~KeyframeSource() = default;
  // A receiver cannot go on without a keyframe. May be called as often as receivers like.
  virtual void RequestKeyframe(Timestamp now) = 0;
};

// Which moment of our clock an RTP timestamp of the source stands for.
struct ClockMapping {
  Timestamp time;
  uint32_t rtp_timestamp = 0;
};

// Engine thread only. Knows nothing of transports: packets are received
// (transport/receive_stream.h) or made (synthetic_source.h) elsewhere, and come in by Publish.
class Producer {
 public:
  explicit Producer(ProducerParameters parameters);

  const ProducerParameters& parameters() const { return parameters_; }
  ProducerId id() const { return parameters_.id; }

  // Forwards the packet to all consumers. `bytes` is the packet whole, as `packet` was parsed from.
  void Publish(Timestamp now, const MediaPacket& packet, std::span<const uint8_t> bytes);

  // A packet published before, for retransmission. nullopt when it is no longer kept.
  std::optional<MediaPacket> Find(uint32_t epoch, int64_t sequence_number) const;

  // The stream starts over with other sequence numbers and timestamps: the packets kept are of no
  // use, and the epoch of what follows is the one answered.
  uint32_t StartEpoch();
  uint32_t epoch() const { return epoch_; }

  // Passed on to the source, if there is one and this is video.
  void RequestKeyframe(Timestamp now);
  // nullptr when the source goes before the producer does.
  void set_source(KeyframeSource* source) { source_ = source; }

  // Known once the sender has reported (RTCP SR).
  void set_clock_mapping(ClockMapping mapping) { clock_mapping_ = mapping; }
  const std::optional<ClockMapping>& clock_mapping() const { return clock_mapping_; }

  uint64_t keyframes() const { return keyframes_; }

  // Called by the router.
  void Attach(Consumer* consumer);
  void Detach(Consumer* consumer);
  const std::vector<Consumer*>& consumers() const { return consumers_; }

 private:
  const ProducerParameters parameters_;
  // Audio is not worth repeating, unless its receivers can ask for it.
  const bool keeps_packets_;
  std::vector<Consumer*> consumers_;
  RetransmissionBuffer retransmission_buffer_;
  KeyframeSource* source_ = nullptr;
  std::optional<ClockMapping> clock_mapping_;
  uint32_t epoch_ = 0;
  uint64_t keyframes_ = 0;
};

}  // namespace remotemedia
