#include "core/rtp/rtp_header_writer.h"

#include <algorithm>

#include "core/base/byte_writer.h"

namespace remotemedia {
namespace {

constexpr uint16_t kOneByteProfile = 0xBEDE;
constexpr uint16_t kTwoByteProfile = 0x1000;
constexpr size_t kMaxValueSize = 255;

bool IsWritable(const ExtensionValue& extension) {
  return extension.id != 0 && extension.data.size() <= kMaxValueSize;
}

bool NeedsTwoByteForm(const ExtensionValue& extension) {
  return extension.id > 14 || extension.data.empty() || extension.data.size() > 16;
}

void WriteExtensions(ByteWriter& writer, std::span<const ExtensionValue> extensions) {
  const bool two_byte = std::any_of(extensions.begin(), extensions.end(), NeedsTwoByteForm);
  writer.U16(two_byte ? kTwoByteProfile : kOneByteProfile);
  const size_t words_position = writer.size();
  writer.U16(0);
  const size_t start = writer.size();
  for (const ExtensionValue& extension : extensions) {
    const size_t size = extension.data.size();
    if (two_byte) {
      writer.U8(extension.id);
      writer.U8(static_cast<uint8_t>(size));
    } else {
      writer.U8(static_cast<uint8_t>(extension.id << 4 | (size - 1)));
    }
    writer.Bytes(extension.data);
  }
  writer.Zeros((4 - (writer.size() - start) % 4) % 4);
  writer.PatchU16(words_position, static_cast<uint16_t>((writer.size() - start) / 4));
}

}  // namespace

size_t WriteRtpHeader(std::span<uint8_t> out, const RtpHeader& header,
                      std::span<const ExtensionValue> extensions) {
  if (!std::all_of(extensions.begin(), extensions.end(), IsWritable)) return 0;

  ByteWriter writer(out);
  writer.U8(extensions.empty() ? 0x80 : 0x90);
  writer.U8(static_cast<uint8_t>((header.marker ? 0x80 : 0) | (header.payload_type & 0x7F)));
  writer.U16(header.sequence_number);
  writer.U32(header.timestamp);
  writer.U32(header.ssrc);
  if (!extensions.empty()) WriteExtensions(writer, extensions);
  return writer.ok() ? writer.size() : 0;
}

}  // namespace remotemedia
