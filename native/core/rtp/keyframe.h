// Recognizes where a keyframe starts: the only place where a receiver can be switched to a stream.
#pragma once

#include <cstdint>
#include <span>

#include "core/rtp/codec.h"

namespace remotemedia {

// Whether an RTP payload is the first of a keyframe, of the base spatial layer where there are
// layers. For H.264 that is a parameter set too, because encoders send SPS and PPS ahead of the IDR
// picture and the picture cannot be decoded without. Always true for audio, where every packet
// stands alone; false for formats we do not understand and for payloads that are malformed.
bool StartsKeyframe(Codec codec, std::span<const uint8_t> payload);

}  // namespace remotemedia
