#include "core/rtp/rtp_header_extension.h"

#include "core/base/byte_reader.h"

namespace remotemedia {
namespace {

constexpr size_t kExtensionCount = static_cast<size_t>(RtpExtension::kCount);

// In the order of RtpExtension.
constexpr std::array<std::string_view, kExtensionCount> kUris = {
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "urn:3gpp:video-orientation",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-timing",
    "http://www.webrtc.org/experiments/rtp-hdrext/color-space",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
    "urn:ietf:params:rtp-hdrext:toffset",
};
static_assert(!kUris.back().empty());

}  // namespace

std::string_view RtpExtensionUri(RtpExtension extension) {
  return kUris[static_cast<size_t>(extension)];
}

std::optional<RtpExtension> RtpExtensionFromUri(std::string_view uri) {
  for (size_t i = 0; i < kExtensionCount; ++i) {
    if (kUris[i] == uri) return static_cast<RtpExtension>(i);
  }
  return std::nullopt;
}

void RtpExtensionMap::Set(RtpExtension extension, uint8_t id) {
  if (const auto previous = type(id)) ids_[static_cast<size_t>(*previous)] = 0;
  ids_[static_cast<size_t>(extension)] = id;
}

std::optional<RtpExtension> RtpExtensionMap::type(uint8_t id) const {
  if (id == 0) return std::nullopt;
  for (size_t i = 0; i < kExtensionCount; ++i) {
    if (ids_[i] == id) return static_cast<RtpExtension>(i);
  }
  return std::nullopt;
}

uint32_t ToAbsSendTime(Timestamp time) {
  constexpr int64_t kCycle = 64'000'000;
  const int64_t us = ((time.micros() % kCycle) + kCycle) % kCycle;
  return static_cast<uint32_t>((us << 18) / 1'000'000);
}

std::optional<uint32_t> ReadAbsSendTime(std::span<const uint8_t> value) {
  if (value.size() != kAbsSendTimeSize) return std::nullopt;
  return ByteReader(value).U24();
}

std::array<uint8_t, kAbsSendTimeSize> WriteAbsSendTime(uint32_t abs_send_time) {
  return {static_cast<uint8_t>(abs_send_time >> 16), static_cast<uint8_t>(abs_send_time >> 8),
          static_cast<uint8_t>(abs_send_time)};
}

std::optional<AudioLevel> ReadAudioLevel(std::span<const uint8_t> value) {
  if (value.empty()) return std::nullopt;
  return AudioLevel{(value[0] & 0x80) != 0, static_cast<uint8_t>(value[0] & 0x7F)};
}

std::optional<uint16_t> ReadTransportSequenceNumber(std::span<const uint8_t> value) {
  if (value.size() != kTransportSequenceNumberSize) return std::nullopt;
  return ByteReader(value).U16();
}

std::array<uint8_t, kTransportSequenceNumberSize> WriteTransportSequenceNumber(uint16_t number) {
  return {static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)};
}

std::string_view ReadExtensionText(std::span<const uint8_t> value) {
  std::string_view text(reinterpret_cast<const char*>(value.data()), value.size());
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  return text;
}

}  // namespace remotemedia
