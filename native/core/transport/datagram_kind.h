// Tells the protocols that share one UDP port apart by their first byte (RFC 7983 section 7).
#pragma once

#include <cstdint>
#include <span>

#include "core/rtp/rtp_packet.h"

namespace remotemedia {

enum class DatagramKind : uint8_t { kUnknown, kStun, kDtls, kRtp, kRtcp };

inline DatagramKind KindOf(std::span<const uint8_t> datagram) {
  if (datagram.empty()) return DatagramKind::kUnknown;
  const uint8_t first = datagram[0];
  if (first <= 3) return DatagramKind::kStun;
  if (first >= 20 && first <= 63) return DatagramKind::kDtls;
  if (first >= 128 && first <= 191) {
    return IsRtcp(datagram) ? DatagramKind::kRtcp : DatagramKind::kRtp;
  }
  return DatagramKind::kUnknown;
}

}  // namespace remotemedia
