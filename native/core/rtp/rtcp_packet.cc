#include "core/rtp/rtcp_packet.h"

#include "core/base/byte_reader.h"

namespace remotemedia::rtcp {
namespace {

// Sign-extends a 24-bit two's complement number.
int32_t Signed24(uint32_t value) { return static_cast<int32_t>(value << 8) >> 8; }

}  // namespace

uint32_t ReadSsrc(std::span<const uint8_t, 4> bytes) { return ByteReader(bytes).U32(); }

ReportBlock ReadReportBlock(std::span<const uint8_t, ReportBlock::kSize> bytes) {
  ByteReader reader(bytes);
  ReportBlock block;
  block.ssrc = reader.U32();
  block.fraction_lost = reader.U8();
  block.cumulative_lost = Signed24(reader.U24());
  block.extended_highest_sequence_number = reader.U32();
  block.jitter = reader.U32();
  block.last_sr = reader.U32();
  block.delay_since_last_sr = reader.U32();
  return block;
}

NackItem ReadNackItem(std::span<const uint8_t, NackItem::kSize> bytes) {
  ByteReader reader(bytes);
  NackItem item;
  item.packet_id = reader.U16();
  item.lost_bitmask = reader.U16();
  return item;
}

FirEntry ReadFirEntry(std::span<const uint8_t, FirEntry::kSize> bytes) {
  ByteReader reader(bytes);
  FirEntry entry;
  entry.ssrc = reader.U32();
  entry.sequence_number = reader.U8();
  return entry;
}

}  // namespace remotemedia::rtcp
