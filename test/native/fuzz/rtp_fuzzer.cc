// Reads the input as an RTP packet, and makes of it what forwarding makes of packets: the same
// packet with another header, a retransmission, a restored original.
//
// Whatever is read lies inside the input, and whatever is written reads back as it was.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/rtp/keyframe.h"
#include "core/rtp/rtp_header_extension.h"
#include "core/rtp/rtp_header_writer.h"
#include "core/rtp/rtp_packet.h"
#include "core/rtp/rtx.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint8_t kRtxPayloadType = 97;
constexpr uint32_t kRtxSsrc = 0x12345678;

void Require(bool condition) {
  if (!condition) std::abort();
}

bool Equal(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool Equal(const std::vector<ExtensionValue>& a, const std::vector<ExtensionValue>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.id == y.id && Equal(x.data, y.data);
  });
}

std::vector<ExtensionValue> ExtensionsOf(const RtpPacketView& packet) {
  std::vector<ExtensionValue> extensions;
  packet.ForEachExtension([&](uint8_t id, std::span<const uint8_t> value) {
    Require(id != 0);
    extensions.push_back({id, value});
  });
  return extensions;
}

void ReadExtensionValues(const std::vector<ExtensionValue>& extensions) {
  for (const auto& extension : extensions) {
    if (const auto level = ReadAudioLevel(extension.data)) Require(level->level <= 127);
    if (const auto time = ReadAbsSendTime(extension.data)) {
      Require(Equal(WriteAbsSendTime(*time), extension.data));
    }
    if (const auto number = ReadTransportSequenceNumber(extension.data)) {
      Require(Equal(WriteTransportSequenceNumber(*number), extension.data));
    }
    Require(ReadExtensionText(extension.data).size() <= extension.data.size());
  }
}

// The packet with a header of our own, and no padding.
Bytes Rewrite(const RtpPacketView& packet, const RtpHeader& header,
              const std::vector<ExtensionValue>& extensions, bool as_rtx) {
  Bytes out(packet.packet().size() * 2 + 64);
  const size_t header_size = WriteRtpHeader(out, header, extensions);
  Require(header_size != 0 && header_size % 4 == 0);
  const auto room = std::span(out).subspan(header_size);
  size_t payload_size = packet.payload().size();
  if (as_rtx) {
    payload_size = WriteRtxPayload(room, packet.header().sequence_number, packet.payload());
    Require(payload_size == packet.payload().size() + kRtxOverhead);
  } else {
    std::copy(packet.payload().begin(), packet.payload().end(), room.begin());
  }
  out.resize(header_size + payload_size);
  return out;
}

void Run(std::span<const uint8_t> input) {
  IsRtcp(input);
  for (int i = 0; i < static_cast<int>(Codec::kCount); ++i) {
    StartsKeyframe(static_cast<Codec>(i), input);
  }

  const auto packet = RtpPacketView::Parse(input);
  if (!packet) return;
  Require(packet->header_size() + packet->payload().size() + packet->padding_size() ==
          input.size());
  Require(packet->csrcs().size() + RtpPacketView::kFixedHeaderSize <= packet->header_size());
  const auto extensions = ExtensionsOf(*packet);
  for (const auto& extension : extensions) Require(packet->Extension(extension.id).has_value());
  ReadExtensionValues(extensions);

  const Bytes rewritten = Rewrite(*packet, packet->header(), extensions, /*as_rtx=*/false);
  const auto reread = RtpPacketView::Parse(rewritten);
  Require(reread && reread->header() == packet->header());
  Require(Equal(reread->payload(), packet->payload()));
  Require(Equal(ExtensionsOf(*reread), extensions));

  RtpHeader rtx_header = packet->header();
  rtx_header.payload_type = kRtxPayloadType;
  rtx_header.ssrc = kRtxSsrc;
  rtx_header.sequence_number = 1;
  Bytes rtx = Rewrite(*packet, rtx_header, extensions, /*as_rtx=*/true);
  const auto restored = RestoreFromRtx(rtx, packet->header().payload_type, packet->header().ssrc);
  Require(restored && Equal(*restored, rewritten));

  Bytes as_received(input.begin(), input.end());
  if (const auto original = RestoreFromRtx(as_received, 96, 1)) {
    Require(RtpPacketView::Parse(*original).has_value());
  }
}

}  // namespace
}  // namespace remotemedia

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  remotemedia::Run({data, size});
  return 0;
}
