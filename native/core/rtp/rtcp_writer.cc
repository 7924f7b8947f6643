#include "core/rtp/rtcp_writer.h"

#include <algorithm>
#include <bit>

#include "core/rtp/rtcp_format.h"

namespace remotemedia {
namespace {

constexpr uint8_t kPaddingBit = 0x20;
constexpr size_t kMaxCname = 255;

void WriteReportBlock(ByteWriter& packet, const rtcp::ReportBlock& block) {
  packet.U32(block.ssrc);
  packet.U8(block.fraction_lost);
  packet.U24(static_cast<uint32_t>(block.cumulative_lost));
  packet.U32(block.extended_highest_sequence_number);
  packet.U32(block.jitter);
  packet.U32(block.last_sr);
  packet.U32(block.delay_since_last_sr);
}

size_t PaddingTo32Bits(size_t size) { return (4 - size % 4) % 4; }

}  // namespace

bool RtcpWriter::AddSenderReport(uint32_t sender_ssrc, const rtcp::SenderInfo& info,
                                 std::span<const rtcp::ReportBlock> blocks) {
  if (blocks.size() > kMaxReportBlocks) return false;
  ByteWriter packet = Begin(blocks.size(), rtcp::kSenderReport);
  packet.U32(sender_ssrc);
  packet.U64(info.ntp.value);
  packet.U32(info.rtp_timestamp);
  packet.U32(info.packet_count);
  packet.U32(info.octet_count);
  for (const auto& block : blocks) WriteReportBlock(packet, block);
  return End(packet);
}

bool RtcpWriter::AddReceiverReport(uint32_t sender_ssrc,
                                   std::span<const rtcp::ReportBlock> blocks) {
  if (blocks.size() > kMaxReportBlocks) return false;
  ByteWriter packet = Begin(blocks.size(), rtcp::kReceiverReport);
  packet.U32(sender_ssrc);
  for (const auto& block : blocks) WriteReportBlock(packet, block);
  return End(packet);
}

bool RtcpWriter::AddSdesCname(uint32_t ssrc, std::string_view cname) {
  if (cname.size() > kMaxCname) return false;
  ByteWriter packet = Begin(1, rtcp::kSourceDescription);
  packet.U32(ssrc);
  packet.U8(rtcp::kCnameItem);
  packet.U8(static_cast<uint8_t>(cname.size()));
  packet.Bytes({reinterpret_cast<const uint8_t*>(cname.data()), cname.size()});
  packet.U8(0);  // ends the chunk's items
  packet.Zeros(PaddingTo32Bits(packet.size()));
  return End(packet);
}

bool RtcpWriter::AddBye(std::span<const uint32_t> ssrcs) {
  if (ssrcs.size() > kMaxByeSources) return false;
  ByteWriter packet = Begin(ssrcs.size(), rtcp::kGoodbye);
  for (const uint32_t ssrc : ssrcs) packet.U32(ssrc);
  return End(packet);
}

bool RtcpWriter::AddNack(uint32_t sender_ssrc, uint32_t media_ssrc,
                         std::span<const uint16_t> sequence_numbers) {
  if (sequence_numbers.empty()) return false;
  ByteWriter packet = Begin(rtcp::kGenericNack, rtcp::kTransportLayerFeedback);
  packet.U32(sender_ssrc);
  packet.U32(media_ssrc);
  for (size_t i = 0; i < sequence_numbers.size();) {
    const uint16_t packet_id = sequence_numbers[i++];
    uint16_t lost_bitmask = 0;
    for (; i < sequence_numbers.size(); ++i) {
      const auto bit = static_cast<uint16_t>(sequence_numbers[i] - packet_id - 1);
      if (bit >= 16) break;
      lost_bitmask |= static_cast<uint16_t>(1 << bit);
    }
    packet.U16(packet_id);
    packet.U16(lost_bitmask);
  }
  return End(packet);
}

bool RtcpWriter::AddPli(uint32_t sender_ssrc, uint32_t media_ssrc) {
  ByteWriter packet = Begin(rtcp::kPictureLossIndication, rtcp::kPayloadSpecificFeedback);
  packet.U32(sender_ssrc);
  packet.U32(media_ssrc);
  return End(packet);
}

bool RtcpWriter::AddFir(uint32_t sender_ssrc, std::span<const rtcp::FirEntry> entries) {
  if (entries.empty()) return false;
  ByteWriter packet = Begin(rtcp::kFullIntraRequest, rtcp::kPayloadSpecificFeedback);
  packet.U32(sender_ssrc);
  packet.U32(0);  // media SSRC: the entries name theirs
  for (const auto& entry : entries) {
    packet.U32(entry.ssrc);
    packet.U8(entry.sequence_number);
    packet.U24(0);  // reserved
  }
  return End(packet);
}

bool RtcpWriter::AddRemb(uint32_t sender_ssrc, uint64_t bitrate_bps,
                         std::span<const uint32_t> ssrcs) {
  if (ssrcs.size() > kMaxRembSources) return false;
  constexpr int kMantissaBits = 18;
  const int exponent = std::max(0, static_cast<int>(std::bit_width(bitrate_bps)) - kMantissaBits);
  const auto mantissa = static_cast<uint32_t>(bitrate_bps >> exponent);

  ByteWriter packet = Begin(rtcp::kApplicationLayer, rtcp::kPayloadSpecificFeedback);
  packet.U32(sender_ssrc);
  packet.U32(0);  // media SSRC: always 0
  packet.U32(rtcp::kRembIdentifier);
  packet.U8(static_cast<uint8_t>(ssrcs.size()));
  packet.U24(static_cast<uint32_t>(exponent) << kMantissaBits | mantissa);
  for (const uint32_t ssrc : ssrcs) packet.U32(ssrc);
  return End(packet);
}

size_t RtcpWriter::AddTransportFeedback(const rtcp::TransportFeedbackHeader& header,
                                        std::span<const rtcp::PacketArrival> arrivals) {
  ByteWriter packet = Begin(rtcp::kTransportWideFeedback, rtcp::kTransportLayerFeedback);
  packet.U32(header.sender_ssrc);
  packet.U32(header.media_ssrc);
  const size_t written = rtcp::WriteTransportFeedback(packet, header, arrivals);
  if (written == 0) return 0;
  if (const size_t padding = PaddingTo32Bits(packet.size())) {
    packet.Zeros(padding - 1);
    packet.U8(static_cast<uint8_t>(padding));
    packet.written()[0] |= kPaddingBit;
  }
  return End(packet) ? written : 0;
}

ByteWriter RtcpWriter::Begin(size_t count_or_format, uint8_t packet_type) const {
  // Whole words only, so that whatever is written can also be padded.
  ByteWriter packet(out_.subspan(size_, remaining() / 4 * 4));
  packet.U8(static_cast<uint8_t>(rtcp::kVersion << 6 | count_or_format));
  packet.U8(packet_type);
  packet.U16(0);  // the length, patched by End
  return packet;
}

bool RtcpWriter::End(ByteWriter& packet) {
  packet.PatchU16(2, static_cast<uint16_t>(packet.size() / 4 - 1));
  if (!packet.ok()) return false;
  size_ += packet.size();
  return true;
}

}  // namespace remotemedia
