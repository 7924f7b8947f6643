// The RTP header extensions we know: their URIs, the ids negotiated for them, their values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/time.h"

namespace remotemedia {

enum class RtpExtension : uint8_t {
  kMid,                      // RFC 9143
  kRid,                      // RFC 8852
  kRepairedRid,              // RFC 8852
  kAudioLevel,               // RFC 6464
  kAbsSendTime,              // webrtc.org abs-send-time
  kTransportSequenceNumber,  // draft-holmer-rmcat-transport-wide-cc-extensions-01
  kVideoOrientation,         // 3GPP TS 26.114 CVO
  kDependencyDescriptor,     // AV1 RTP specification, appendix A
  kAbsCaptureTime,
  kPlayoutDelay,
  kVideoContentType,
  kVideoTiming,
  kColorSpace,
  kVideoLayersAllocation,
  kTransmissionOffset,  // RFC 5450
  kCount,
};

std::string_view RtpExtensionUri(RtpExtension extension);
std::optional<RtpExtension> RtpExtensionFromUri(std::string_view uri);

// Which id stands for which extension on one transport or m-line.
class RtpExtensionMap {
 public:
  // Id 0 takes the extension out. An id stands for one extension only: the last one set.
  void Set(RtpExtension extension, uint8_t id);

  // 0 when not negotiated.
  uint8_t id(RtpExtension extension) const { return ids_[static_cast<size_t>(extension)]; }
  std::optional<RtpExtension> type(uint8_t id) const;

 private:
  std::array<uint8_t, static_cast<size_t>(RtpExtension::kCount)> ids_{};
};

// Seconds modulo 64 as 6.18 fixed point, in 24 bits. Receivers use differences only, so any clock
// does.
constexpr size_t kAbsSendTimeSize = 3;
uint32_t ToAbsSendTime(Timestamp time);
std::optional<uint32_t> ReadAbsSendTime(std::span<const uint8_t> value);
std::array<uint8_t, kAbsSendTimeSize> WriteAbsSendTime(uint32_t abs_send_time);

struct AudioLevel {
  bool voice_activity = false;
  uint8_t level = 127;  // -dBov: 0 is the loudest, 127 is silence
};
std::optional<AudioLevel> ReadAudioLevel(std::span<const uint8_t> value);

constexpr size_t kTransportSequenceNumberSize = 2;
std::optional<uint16_t> ReadTransportSequenceNumber(std::span<const uint8_t> value);
std::array<uint8_t, kTransportSequenceNumberSize> WriteTransportSequenceNumber(uint16_t number);

// The text of a MID, RID or repaired RID, without trailing zero bytes. Not checked any further.
std::string_view ReadExtensionText(std::span<const uint8_t> value);

}  // namespace remotemedia
