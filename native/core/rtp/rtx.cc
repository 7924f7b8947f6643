#include "core/rtp/rtx.h"

#include <cstring>

#include "core/base/byte_writer.h"
#include "core/rtp/rtp_packet.h"

namespace remotemedia {

size_t WriteRtxPayload(std::span<uint8_t> out, uint16_t original_sequence_number,
                       std::span<const uint8_t> original_payload) {
  ByteWriter writer(out);
  writer.U16(original_sequence_number);
  writer.Bytes(original_payload);
  return writer.ok() ? writer.size() : 0;
}

std::optional<std::span<uint8_t>> RestoreFromRtx(std::span<uint8_t> rtx_packet,
                                                 uint8_t payload_type, uint32_t ssrc) {
  const auto rtx = RtpPacketView::Parse(rtx_packet);
  if (!rtx || rtx->payload().size() < kRtxOverhead) return std::nullopt;

  // The header moves up over the original sequence number, so that it meets the original payload.
  const uint8_t sequence_number[2] = {rtx->payload()[0], rtx->payload()[1]};
  const std::span<uint8_t> original = rtx_packet.subspan(kRtxOverhead);
  std::memmove(original.data(), rtx_packet.data(), rtx->header_size());

  original[1] = static_cast<uint8_t>((original[1] & 0x80) | (payload_type & 0x7F));
  original[2] = sequence_number[0];
  original[3] = sequence_number[1];
  ByteWriter(original.subspan(8)).U32(ssrc);
  return original;
}

}  // namespace remotemedia
