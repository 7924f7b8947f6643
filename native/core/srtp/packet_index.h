// Which of the 2^48 packets of a stream a 16-bit sequence number stands for (RFC 3711
// section 3.3.1).
#pragma once

#include <cstdint>
#include <optional>

namespace remotemedia {

inline constexpr uint64_t kMaxPacketIndex = (uint64_t{1} << 48) - 1;

// The index closest to `highest`, the highest one received so far. Nothing when that is before the
// first packet of the stream or after the last its key may protect.
constexpr std::optional<uint64_t> EstimatePacketIndex(uint64_t highest, uint16_t sequence_number) {
  constexpr int32_t kHalf = 0x8000;
  const int32_t reference = static_cast<uint16_t>(highest);
  const int32_t distance = sequence_number - reference;
  int64_t roc = static_cast<int64_t>(highest >> 16);
  if (reference < kHalf && distance > kHalf) --roc;
  if (reference >= kHalf && distance < -kHalf) ++roc;
  if (roc < 0 || roc > static_cast<int64_t>(kMaxPacketIndex >> 16)) return std::nullopt;
  return static_cast<uint64_t>(roc) << 16 | sequence_number;
}

}  // namespace remotemedia
