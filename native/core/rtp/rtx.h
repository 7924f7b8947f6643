// RTP retransmission payload format (RFC 4588), SSRC-multiplexed: a retransmitted packet goes out
// on a stream of its own, its payload being the original sequence number followed by the original
// payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace remotemedia {

constexpr size_t kRtxOverhead = 2;

// Writes the payload of a retransmission and answers its size, 0 when it does not fit.
size_t WriteRtxPayload(std::span<uint8_t> out, uint16_t original_sequence_number,
                       std::span<const uint8_t> original_payload);

// Turns a (decrypted) retransmission back into the packet it repeats, in place and without moving
// the payload: the answer is the part of `rtx_packet` that now is the original packet, with marker,
// timestamp, header extensions and padding as they came. `payload_type` and `ssrc` are those of the
// original stream.
//
// nullopt, with nothing changed, when it is no RTP packet or has no original sequence number:
// senders probe for bandwidth with RTX packets that are nothing but padding.
std::optional<std::span<uint8_t>> RestoreFromRtx(std::span<uint8_t> rtx_packet,
                                                 uint8_t payload_type, uint32_t ssrc);

}  // namespace remotemedia
