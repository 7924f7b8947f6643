// Writes an RTP header with its header extensions (RFC 3550 section 5.1, RFC 8285).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/rtp/rtp_packet.h"

namespace remotemedia {

struct ExtensionValue {
  uint8_t id = 0;                 // 1-255
  std::span<const uint8_t> data;  // 0-255 bytes
};

// Writes the header, without CSRCs and padding, to the start of `out`, and answers its size: a
// multiple of four, the payload goes right behind. Without extensions there is no extension block.
// The one-byte form is used unless an id is above 14 or a value is empty or longer than 16 bytes.
//
// Answers 0, with `out` in no defined state, when it does not fit, an id is 0 or a value is longer
// than 255 bytes.
size_t WriteRtpHeader(std::span<uint8_t> out, const RtpHeader& header,
                      std::span<const ExtensionValue> extensions);

}  // namespace remotemedia
