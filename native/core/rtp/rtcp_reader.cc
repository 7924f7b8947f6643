#include "core/rtp/rtcp_reader.h"

#include "core/rtp/rtcp_format.h"

namespace remotemedia {
namespace {

using rtcp::Packet;

struct Header {
  uint8_t count_or_format = 0;
  uint8_t packet_type = 0;
};

std::optional<Packet> ParseSenderReport(const Header& header, ByteReader body) {
  rtcp::SenderReport report;
  report.sender_ssrc = body.U32();
  report.info.ntp = NtpTime{body.U64()};
  report.info.rtp_timestamp = body.U32();
  report.info.packet_count = body.U32();
  report.info.octet_count = body.U32();
  report.report_blocks =
      rtcp::ReportBlocks(body.Bytes(header.count_or_format * rtcp::ReportBlock::kSize));
  if (!body.ok()) return std::nullopt;
  return report;
}

std::optional<Packet> ParseReceiverReport(const Header& header, ByteReader body) {
  rtcp::ReceiverReport report;
  report.sender_ssrc = body.U32();
  report.report_blocks =
      rtcp::ReportBlocks(body.Bytes(header.count_or_format * rtcp::ReportBlock::kSize));
  if (!body.ok()) return std::nullopt;
  return report;
}

std::optional<Packet> ParseBye(const Header& header, ByteReader body) {
  rtcp::Bye bye;
  bye.ssrcs = rtcp::SsrcList(body.Bytes(header.count_or_format * size_t{4}));
  if (!body.ok()) return std::nullopt;
  return bye;
}

std::optional<Packet> ParseNack(ByteReader body) {
  rtcp::Nack nack;
  nack.sender_ssrc = body.U32();
  nack.media_ssrc = body.U32();
  nack.items = rtcp::NackItems(body.Bytes(body.remaining()));
  if (!body.ok() || nack.items.empty()) return std::nullopt;
  return nack;
}

std::optional<Packet> ParseTransportFeedback(ByteReader body) {
  const uint32_t sender_ssrc = body.U32();
  const uint32_t media_ssrc = body.U32();
  auto feedback = rtcp::ParseTransportFeedback(body.Bytes(body.remaining()));
  if (!feedback) return std::nullopt;
  feedback->header.sender_ssrc = sender_ssrc;
  feedback->header.media_ssrc = media_ssrc;
  return *feedback;
}

std::optional<Packet> ParsePli(ByteReader body) {
  rtcp::Pli pli;
  pli.sender_ssrc = body.U32();
  pli.media_ssrc = body.U32();
  if (!body.ok()) return std::nullopt;
  return pli;
}

std::optional<Packet> ParseFir(ByteReader body) {
  rtcp::Fir fir;
  fir.sender_ssrc = body.U32();
  body.Skip(4);  // the media SSRC of the feedback header is not used
  fir.entries = rtcp::FirEntries(body.Bytes(body.remaining()));
  if (!body.ok() || fir.entries.empty()) return std::nullopt;
  return fir;
}

std::optional<Packet> ParseRemb(ByteReader body) {
  rtcp::Remb remb;
  remb.sender_ssrc = body.U32();
  body.Skip(4);  // media SSRC: always 0
  body.Skip(4);  // "REMB"
  const uint8_t ssrc_count = body.U8();
  const uint32_t bitrate = body.U24();
  const uint64_t mantissa = bitrate & 0x3'FFFF;
  const uint32_t exponent = bitrate >> 18;
  remb.bitrate_bps = mantissa << exponent;
  remb.ssrcs = rtcp::SsrcList(body.Bytes(ssrc_count * size_t{4}));
  if (!body.ok() || remb.bitrate_bps >> exponent != mantissa) return std::nullopt;
  return remb;
}

std::optional<Packet> ParseExtendedReport(ByteReader body) {
  rtcp::ExtendedReport report;
  report.sender_ssrc = body.U32();
  while (body.ok() && body.remaining() > 0) {
    const uint8_t type = body.U8();
    body.Skip(1);
    const uint16_t words = body.U16();
    ByteReader block(body.Bytes(size_t{4} * words));
    if (type != rtcp::kReceiverReferenceTimeBlock) continue;
    report.receiver_reference_time = NtpTime{block.U64()};
    if (!block.ok()) return std::nullopt;
  }
  if (!body.ok()) return std::nullopt;
  return report;
}

bool IsRemb(ByteReader body) {
  body.Skip(8);
  return body.U32() == rtcp::kRembIdentifier;
}

// Answers false for a kind we do not know. Otherwise leaves `packet` empty when it is malformed.
bool ParseKnown(const Header& header, ByteReader body, std::optional<Packet>& packet) {
  switch (header.packet_type) {
    case rtcp::kSenderReport:
      packet = ParseSenderReport(header, body);
      return true;
    case rtcp::kReceiverReport:
      packet = ParseReceiverReport(header, body);
      return true;
    case rtcp::kGoodbye:
      packet = ParseBye(header, body);
      return true;
    case rtcp::kExtendedReport:
      packet = ParseExtendedReport(body);
      return true;
    case rtcp::kTransportLayerFeedback:
      switch (header.count_or_format) {
        case rtcp::kGenericNack:
          packet = ParseNack(body);
          return true;
        case rtcp::kTransportWideFeedback:
          packet = ParseTransportFeedback(body);
          return true;
        default:
          return false;
      }
    case rtcp::kPayloadSpecificFeedback:
      switch (header.count_or_format) {
        case rtcp::kPictureLossIndication:
          packet = ParsePli(body);
          return true;
        case rtcp::kFullIntraRequest:
          packet = ParseFir(body);
          return true;
        case rtcp::kApplicationLayer:
          if (!IsRemb(body)) return false;
          packet = ParseRemb(body);
          return true;
        default:
          return false;
      }
    default:
      return false;
  }
}

// Takes the padding off (RFC 3550 section 6.4.1); its last byte is its size.
std::optional<std::span<const uint8_t>> WithoutPadding(std::span<const uint8_t> body) {
  if (body.empty() || body.back() == 0 || body.back() > body.size()) return std::nullopt;
  return body.first(body.size() - body.back());
}

}  // namespace

std::optional<Packet> RtcpReader::Next() {
  while (true) {
    if (sdes_chunks_ > 0) {
      if (const auto cname = NextCname()) return *cname;
      continue;
    }
    if (datagram_.remaining() == 0) return std::nullopt;

    const uint8_t first = datagram_.U8();
    const Header header{static_cast<uint8_t>(first & 0x1F), datagram_.U8()};
    const uint16_t words = datagram_.U16();
    std::optional<std::span<const uint8_t>> body = datagram_.Bytes(size_t{4} * words);
    if (!datagram_.ok() || first >> 6 != rtcp::kVersion) {
      ++malformed_;
      datagram_ = ByteReader({});
      return std::nullopt;
    }
    const bool has_padding = first & 0x20;
    if (has_padding) body = WithoutPadding(*body);
    if (!body) {
      ++malformed_;
      continue;
    }
    if (header.packet_type == rtcp::kSourceDescription) {
      sdes_ = ByteReader(*body);
      sdes_chunks_ = header.count_or_format;
      continue;
    }
    std::optional<Packet> packet;
    if (!ParseKnown(header, ByteReader(*body), packet)) continue;
    if (packet) return packet;
    ++malformed_;
  }
}

// Reads one chunk (RFC 3550 section 6.5): items up to a zero byte, then zeros up to a 32-bit
// boundary.
std::optional<rtcp::SdesCname> RtcpReader::NextCname() {
  --sdes_chunks_;
  const uint32_t ssrc = sdes_.U32();
  std::optional<rtcp::SdesCname> found;
  while (const uint8_t type = sdes_.U8()) {
    const auto text = sdes_.Bytes(sdes_.U8());
    if (type != rtcp::kCnameItem || found) continue;
    found = {ssrc, {reinterpret_cast<const char*>(text.data()), text.size()}};
  }
  sdes_.Skip((4 - sdes_.position() % 4) % 4);
  if (sdes_.ok()) return found;
  ++malformed_;
  sdes_chunks_ = 0;
  return std::nullopt;
}

}  // namespace remotemedia
