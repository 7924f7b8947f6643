#include "core/rtp/keyframe.h"

#include "core/base/byte_reader.h"

namespace remotemedia {
namespace {

// RFC 7741 sections 4.2 and 4.3.
bool StartsVp8Keyframe(std::span<const uint8_t> payload) {
  ByteReader reader(payload);
  const uint8_t descriptor = reader.U8();
  const bool is_extended = descriptor & 0x80;
  const bool starts_partition = descriptor & 0x10;
  const uint8_t partition = descriptor & 0x07;
  if (is_extended) {
    const uint8_t present = reader.U8();
    if (present & 0x80) {  // I: PictureID of 7 bits, or of 15 when M is set
      const bool is_long = reader.U8() & 0x80;
      if (is_long) reader.Skip(1);
    }
    if (present & 0x40) reader.Skip(1);  // L: TL0PICIDX
    if (present & 0x30) reader.Skip(1);  // T, K: TID, Y and KEYIDX share a byte
  }
  const uint8_t frame_header = reader.U8();
  const bool is_interframe = frame_header & 0x01;
  return reader.ok() && starts_partition && partition == 0 && !is_interframe;
}

// RFC 9628 section 4.2.
bool StartsVp9Keyframe(std::span<const uint8_t> payload) {
  ByteReader reader(payload);
  const uint8_t descriptor = reader.U8();
  const bool has_picture_id = descriptor & 0x80;
  const bool is_predicted = descriptor & 0x40;
  const bool has_layers = descriptor & 0x20;
  const bool starts_frame = descriptor & 0x08;
  if (has_picture_id) {
    const bool is_long = reader.U8() & 0x80;
    if (is_long) reader.Skip(1);
  }
  const uint8_t layers = has_layers ? reader.U8() : 0;
  const uint8_t spatial_layer = layers >> 1 & 0x07;
  return reader.ok() && starts_frame && !is_predicted && spatial_layer == 0;
}

// RFC 6184 section 5.2 names the types, ITU-T H.264 section 7.3 the header of a slice.
namespace h264 {

constexpr uint8_t kTypeMask = 0x1F;
constexpr uint8_t kIdrSlice = 5;
constexpr uint8_t kSps = 7;
constexpr uint8_t kStapA = 24;
constexpr uint8_t kFuA = 28;

// `body`: what follows the NAL unit's header byte.
bool StartsKeyframe(uint8_t type, std::span<const uint8_t> body) {
  if (body.empty()) return false;
  // first_mb_in_slice leads a slice: an Exp-Golomb number, a single 1 bit when it is 0.
  const bool is_first_slice = body[0] & 0x80;
  return type == kSps || (type == kIdrSlice && is_first_slice);
}

bool AggregateStartsKeyframe(ByteReader aggregate) {
  while (aggregate.remaining() > 0) {
    const auto unit = aggregate.Bytes(aggregate.U16());
    if (!aggregate.ok() || unit.empty()) return false;
    if (StartsKeyframe(unit[0] & kTypeMask, unit.subspan(1))) return true;
  }
  return false;
}

}  // namespace h264

bool StartsH264Keyframe(std::span<const uint8_t> payload) {
  ByteReader reader(payload);
  const uint8_t type = reader.U8() & h264::kTypeMask;
  if (!reader.ok()) return false;
  if (type == h264::kStapA) return h264::AggregateStartsKeyframe(reader);
  if (type != h264::kFuA) return h264::StartsKeyframe(type, payload.subspan(1));
  const uint8_t fragment = reader.U8();
  const bool is_start = fragment & 0x80;
  return reader.ok() && is_start &&
         h264::StartsKeyframe(fragment & h264::kTypeMask, payload.subspan(2));
}

// AV1 RTP payload specification section 4.4: N says that a coded video sequence starts here, which
// is a sequence header and a keyframe. It cannot be set in a packet that continues an OBU (Z).
bool StartsAv1Keyframe(std::span<const uint8_t> payload) {
  if (payload.size() < 2) return false;
  const bool continues_obu = payload[0] & 0x80;
  const bool starts_sequence = payload[0] & 0x08;
  return starts_sequence && !continues_obu;
}

}  // namespace

bool StartsKeyframe(Codec codec, std::span<const uint8_t> payload) {
  switch (codec) {
    case Codec::kVp8:
      return StartsVp8Keyframe(payload);
    case Codec::kVp9:
      return StartsVp9Keyframe(payload);
    case Codec::kH264:
      return StartsH264Keyframe(payload);
    case Codec::kAv1:
      return StartsAv1Keyframe(payload);
    case Codec::kOther:
    case Codec::kRtx:
    case Codec::kCount:
      return false;
    default:
      return true;
  }
}

}  // namespace remotemedia
