#include "core/srtp/rtp_framing.h"

#include "core/base/byte_reader.h"

namespace remotemedia {
namespace {

constexpr size_t kFixedHeaderSize = 12;

bool IsVersion2(std::span<const uint8_t> packet) { return packet[0] >> 6 == 2; }

}  // namespace

std::optional<size_t> RtpHeaderSize(std::span<const uint8_t> packet) {
  if (packet.size() < kFixedHeaderSize || !IsVersion2(packet)) return std::nullopt;
  const bool has_extension = (packet[0] & 0x10) != 0;
  const size_t csrc_count = packet[0] & 0x0f;
  ByteReader reader(packet);
  reader.Skip(kFixedHeaderSize + csrc_count * 4);
  if (has_extension) {
    reader.Skip(2);  // The profile's own 16 bits.
    const size_t words = reader.U16();
    reader.Skip(words * 4);
  }
  if (!reader.ok()) return std::nullopt;
  return reader.position();
}

bool HasRtcpFraming(std::span<const uint8_t> packet) {
  return packet.size() >= kRtcpClearSize && packet.size() % 4 == 0 && IsVersion2(packet);
}

uint16_t RtpSequenceNumber(std::span<const uint8_t> header) {
  return ByteReader(header.subspan(2)).U16();
}

uint32_t RtpSsrc(std::span<const uint8_t> header) { return ByteReader(header.subspan(8)).U32(); }

uint32_t RtcpSsrc(std::span<const uint8_t> packet) { return ByteReader(packet.subspan(4)).U32(); }

}  // namespace remotemedia
