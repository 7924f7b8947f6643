// The payload formats we forward, by their media type names.
#pragma once

#include <cstdint>
#include <string_view>

namespace remotemedia {

enum class Codec : uint8_t {
  kOther,  // forwarded without being understood
  kOpus,
  kPcmu,
  kPcma,
  kG722,
  kRed,             // RFC 2198, audio
  kTelephoneEvent,  // RFC 4733
  kComfortNoise,    // RFC 3389
  kVp8,
  kVp9,
  kH264,
  kAv1,
  kRtx,  // RFC 4588
  kCount,
};

// The subtype as SDP spells it, "other" for kOther.
std::string_view CodecName(Codec codec);
// Case does not matter (RFC 4855); kOther for names we do not know.
Codec CodecFromName(std::string_view name);
// In Hz, what the format prescribes or browsers use first; 0 where only the SDP can tell.
uint32_t DefaultClockRate(Codec codec);
bool IsVideo(Codec codec);

}  // namespace remotemedia
