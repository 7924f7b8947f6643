// The little of RTP and RTCP framing that SRTP must know: what stays in the clear and where it
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace remotemedia {

// First 32 bits of an RTCP packet and the sender's SSRC: the part that SRTCP leaves in the clear.
inline constexpr size_t kRtcpClearSize = 8;

// No UDP payload is larger. Far below the 2^20 bytes of keystream AES-CM has for a packet.
inline constexpr size_t kMaxSrtpPacket = 65'535;

// Size of the RTP header at the start of `packet` with its CSRCs and extension (RFC 3550
// sections 5.1 and 5.3.1). Nothing when it is cut short or not of version 2.
std::optional<size_t> RtpHeaderSize(std::span<const uint8_t> packet);

// Whether `packet` has the size and version of RTCP (RFC 3550 section 6.4).
bool HasRtcpFraming(std::span<const uint8_t> packet);

// For headers that RtpHeaderSize accepted.
uint16_t RtpSequenceNumber(std::span<const uint8_t> header);
uint32_t RtpSsrc(std::span<const uint8_t> header);

// For packets that HasRtcpFraming accepted.
uint32_t RtcpSsrc(std::span<const uint8_t> packet);

}  // namespace remotemedia
