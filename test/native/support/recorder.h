// Receives what a producer publishes, as a decoder would, and remembers what counts in a test.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/routing/consumer.h"
#include "core/routing/producer.h"
#include "core/routing/rtp_outlet.h"
#include "core/rtp/rtp_packet.h"
#include "support/seeded_random.h"

namespace remotemedia {

struct RecordedPacket {
  Timestamp time;
  RtpHeader header;
  // Which packet of its synthetic source it is.
  int64_t source_number = 0;
  std::vector<uint8_t> payload;
};

// The sequence numbers and timestamps it sees are the producer's but for a constant.
class Recorder final : public RtpOutlet {
 public:
  using Clock = std::function<Timestamp()>;

  Recorder(Clock clock, Producer& producer)
      : clock_(std::move(clock)), consumer_(ParametersFor(producer), *this, random_) {
    std::vector<PayloadTypeMapping> payload_types;
    for (const CodecParameters& codec : producer.parameters().codecs) {
      payload_types.push_back({codec.payload_type, codec.payload_type});
    }
    producer.Attach(&consumer_);
    consumer_.SetProducer(clock_(), &producer, std::move(payload_types));
  }
  // Before the producer goes.
  ~Recorder() override {
    if (consumer_.producer()) consumer_.producer()->Detach(&consumer_);
  }

  // Not for hours of media.
  void KeepPackets() { keeps_packets_ = true; }

  Consumer& consumer() { return consumer_; }
  const std::vector<RecordedPacket>& packets() const { return packets_; }
  uint64_t packet_count() const { return packet_count_; }
  uint64_t frame_count() const { return frame_count_; }
  // The longest time between the ends of two frames, since the last call.
  Duration TakeLongestGap() { return std::exchange(longest_gap_, Duration()); }

  std::span<uint8_t> BeginPacket() override { return room_; }
  uint16_t NextTransportSequenceNumber() override { return 0; }

  bool FinishPacket(size_t header_size, std::span<const uint8_t> payload, uint64_t) override {
    const auto view = RtpPacketView::Parse(std::span(room_).first(header_size));
    if (!view) return false;
    const Timestamp now = clock_();
    ++packet_count_;
    if (view->header().marker) {
      if (frame_count_++ > 0) longest_gap_ = std::max(longest_gap_, now - last_frame_);
      last_frame_ = now;
    }
    if (!keeps_packets_) return true;
    ByteReader reader(payload);
    reader.Skip(2);
    const auto number = static_cast<int64_t>(reader.U64());
    packets_.push_back({now, view->header(), number, {payload.begin(), payload.end()}});
    return true;
  }

 private:
  static ConsumerParameters ParametersFor(const Producer& producer) {
    ConsumerParameters parameters;
    parameters.is_video = producer.parameters().is_video;
    parameters.ssrc = 1;
    parameters.codecs = producer.parameters().codecs;
    for (CodecParameters& codec : parameters.codecs) {
      codec.nack = false;
      codec.rtx_payload_type = 0;
    }
    return parameters;
  }

  const Clock clock_;
  SeededRandom random_{1};
  std::array<uint8_t, 1'504> room_;
  Consumer consumer_;
  bool keeps_packets_ = false;
  std::vector<RecordedPacket> packets_;
  uint64_t packet_count_ = 0;
  uint64_t frame_count_ = 0;
  Timestamp last_frame_;
  Duration longest_gap_;
};

}  // namespace remotemedia
