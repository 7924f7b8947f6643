// Writes RTCP packets one behind the other into one datagram.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/byte_writer.h"
#include "core/rtp/rtcp_packet.h"

namespace remotemedia {

// Each Add* writes one whole packet, or nothing when it does not fit, and says which. A compound
// packet starts with a sender or receiver report followed by a CNAME (RFC 3550 section 6.1); where
// the remote has agreed to reduced-size RTCP (RFC 5506) any packet may stand alone.
class RtcpWriter {
 public:
  static constexpr size_t kMaxReportBlocks = 31;
  static constexpr size_t kMaxByeSources = 31;
  static constexpr size_t kMaxRembSources = 255;

  explicit RtcpWriter(std::span<uint8_t> out) : out_(out) {}

  bool AddSenderReport(uint32_t sender_ssrc, const rtcp::SenderInfo& info,
                       std::span<const rtcp::ReportBlock> blocks);
  bool AddReceiverReport(uint32_t sender_ssrc, std::span<const rtcp::ReportBlock> blocks);
  // `cname`: at most 255 bytes.
  bool AddSdesCname(uint32_t ssrc, std::string_view cname);
  bool AddBye(std::span<const uint32_t> ssrcs);
  // `sequence_numbers` in ascending order (across the wrap), as NackGenerator gives them.
  bool AddNack(uint32_t sender_ssrc, uint32_t media_ssrc,
               std::span<const uint16_t> sequence_numbers);
  bool AddPli(uint32_t sender_ssrc, uint32_t media_ssrc);
  bool AddFir(uint32_t sender_ssrc, std::span<const rtcp::FirEntry> entries);
  // The bitrate is rounded down to the 18 bits of precision there are.
  bool AddRemb(uint32_t sender_ssrc, uint64_t bitrate_bps, std::span<const uint32_t> ssrcs);
  // Writes the longest leading part of `arrivals` that fits one packet, and answers how many that
  // are: all of them, fewer (the rest belongs into a packet of its own), or 0 with nothing written.
  // See transport_feedback.h. Padded as libwebrtc does it, so it belongs last in a compound packet.
  size_t AddTransportFeedback(const rtcp::TransportFeedbackHeader& header,
                              std::span<const rtcp::PacketArrival> arrivals);

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  size_t remaining() const { return out_.size() - size_; }
  // The datagram so far.
  std::span<uint8_t> written() const { return out_.first(size_); }

 private:
  ByteWriter Begin(size_t count_or_format, uint8_t packet_type) const;
  bool End(ByteWriter& packet);

  std::span<uint8_t> out_;
  size_t size_ = 0;
};

}  // namespace remotemedia
