// RTP packets for tests, as bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/rtp/rtp_header_writer.h"
#include "core/rtp/rtp_packet.h"

namespace remotemedia {

// VP8 payload descriptors with the first byte of the frame (RFC 7741): what StartsKeyframe reads.
inline constexpr std::array<uint8_t, 4> kVp8KeyframeStart = {0x10, 0x00, 0xAA, 0xBB};
inline constexpr std::array<uint8_t, 4> kVp8InterFrame = {0x10, 0x01, 0xAA, 0xBB};

inline std::span<const uint8_t> TextBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline std::vector<uint8_t> RtpBytes(const RtpHeader& header, std::span<const uint8_t> payload,
                                     std::vector<ExtensionValue> extensions = {}) {
  std::vector<uint8_t> bytes(1'500);
  const size_t header_size = WriteRtpHeader(bytes, header, extensions);
  bytes.resize(header_size);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

// A packet that is nothing but padding.
inline std::vector<uint8_t> PaddingBytes(const RtpHeader& header) {
  std::vector<uint8_t> bytes = RtpBytes(header, std::array<uint8_t, 4>{0, 0, 0, 4});
  bytes[0] |= 0x20;
  return bytes;
}

}  // namespace remotemedia
