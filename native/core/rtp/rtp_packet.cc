#include "core/rtp/rtp_packet.h"

#include "core/base/byte_reader.h"

namespace remotemedia {
namespace {

constexpr uint8_t kVersion = 2;
constexpr uint16_t kOneByteProfile = 0xBEDE;
constexpr uint16_t kTwoByteProfile = 0x1000;  // the low four bits are "appbits" of no meaning to us
constexpr uint8_t kPaddingId = 0;
constexpr uint8_t kStopId = 15;

}  // namespace

bool IsRtcp(std::span<const uint8_t> packet) {
  return packet.size() >= 2 && packet[1] >= 192 && packet[1] <= 223;
}

std::optional<RtpPacketView> RtpPacketView::Parse(std::span<const uint8_t> packet) {
  ByteReader reader(packet);
  RtpPacketView view(packet);

  const uint8_t first = reader.U8();
  const uint8_t second = reader.U8();
  view.header_.marker = second & 0x80;
  view.header_.payload_type = second & 0x7F;
  view.header_.sequence_number = reader.U16();
  view.header_.timestamp = reader.U32();
  view.header_.ssrc = reader.U32();
  if (!reader.ok() || first >> 6 != kVersion) return std::nullopt;

  view.csrc_count_ = first & 0x0F;
  reader.Skip(size_t{4} * view.csrc_count_);

  const bool has_extensions = first & 0x10;
  if (has_extensions) {
    const uint16_t profile = reader.U16();
    const uint16_t words = reader.U16();
    const auto block = reader.Bytes(size_t{4} * words);
    view.two_byte_extensions_ = (profile & 0xFFF0) == kTwoByteProfile;
    if (profile == kOneByteProfile || view.two_byte_extensions_) view.extensions_ = block;
  }
  if (!reader.ok()) return std::nullopt;
  view.header_size_ = static_cast<uint32_t>(reader.position());

  const bool has_padding = first & 0x20;
  if (has_padding) {
    view.padding_size_ = packet.back();
    if (view.padding_size_ == 0 || view.padding_size_ > reader.remaining()) return std::nullopt;
  }
  return view;
}

std::optional<std::span<const uint8_t>> RtpPacketView::Extension(uint8_t id) const {
  for (size_t position = 0; auto element = NextExtension(position);) {
    if (element->id == id) return element->value;
  }
  return std::nullopt;
}

std::optional<RtpPacketView::Element> RtpPacketView::NextExtension(size_t& position) const {
  ByteReader reader(extensions_.subspan(position));
  while (reader.remaining() > 0) {
    const uint8_t first = reader.U8();
    const uint8_t id = two_byte_extensions_ ? first : first >> 4;
    // In the one-byte form a padding byte is all zero; id 0 with a length is no element either.
    if (id == kPaddingId) {
      if (!two_byte_extensions_ && first != 0) return std::nullopt;
      continue;
    }
    if (!two_byte_extensions_ && id == kStopId) return std::nullopt;
    const size_t size = two_byte_extensions_ ? reader.U8() : (first & 0x0F) + 1;
    const auto value = reader.Bytes(size);
    if (!reader.ok()) return std::nullopt;
    position += reader.position();
    return Element{id, value};
  }
  return std::nullopt;
}

}  // namespace remotemedia
