#include "core/routing/synthetic_source.h"

#include <span>
#include <utility>

#include "core/base/byte_writer.h"
#include "core/rtp/rtp_header_writer.h"

namespace remotemedia {
namespace {

// VP8's payload descriptor (RFC 7741 section 4.2) of a frame's first packet and of the others, and
// the first byte of the frame itself, whose lowest bit is 0 for a keyframe.
constexpr uint8_t kVp8FirstPacket = 0x10;
constexpr uint8_t kVp8LaterPacket = 0x00;
constexpr uint8_t kVp8InterFrame = 0x01;
constexpr uint8_t kVp8Keyframe = 0x00;

}  // namespace

SyntheticSource::SyntheticSource(Timestamp now, Producer& producer,
                                 const SyntheticSourceParameters& parameters, Random& random)
    : producer_(producer),
      parameters_(parameters),
      started_(now),
      ssrc_(random.Next32()),
      next_frame_(now),
      next_sequence_number_(random.Next32() & 0x7FFF),
      packet_(RtpPacketView::kFixedHeaderSize + parameters.payload_bytes) {
  producer_.set_source(this);
}

SyntheticSource::~SyntheticSource() { producer_.set_source(nullptr); }

void SyntheticSource::HandleTimeout(Timestamp now) {
  if (now < next_frame_) return;
  MakeFrame(now);
  ++frames_;
  next_frame_ = started_ + Duration::Seconds(frames_) / parameters_.frames_per_second;
}

void SyntheticSource::MakeFrame(Timestamp now) {
  const bool keyframe = parameters_.is_video && std::exchange(keyframe_wanted_, false);
  const auto timestamp =
      static_cast<uint32_t>(frames_ * parameters_.codec.clock_rate / parameters_.frames_per_second);
  producer_.set_clock_mapping({next_frame_, timestamp});

  for (uint16_t i = 0; i < parameters_.packets_per_frame; ++i) {
    const int64_t sequence_number = next_sequence_number_++;
    const RtpHeader header = {.marker = i + 1 == parameters_.packets_per_frame,
                              .payload_type = parameters_.codec.payload_type,
                              .sequence_number = static_cast<uint16_t>(sequence_number),
                              .timestamp = timestamp,
                              .ssrc = ssrc_};
    const size_t header_size = WriteRtpHeader(packet_, header, {});
    ByteWriter payload(std::span<uint8_t>(packet_).subspan(header_size));
    payload.U8(i == 0 ? kVp8FirstPacket : kVp8LaterPacket);
    payload.U8(keyframe ? kVp8Keyframe : kVp8InterFrame);
    payload.U64(static_cast<uint64_t>(sequence_number));

    const auto view = RtpPacketView::Parse(packet_);
    if (!view) return;
    MediaPacket packet = MediaPacket::From(*view, producer_.parameters().extensions,
                                           sequence_number, producer_.epoch());
    packet.starts_keyframe = keyframe && i == 0;
    producer_.Publish(now, packet, packet_);
  }
}

}  // namespace remotemedia
