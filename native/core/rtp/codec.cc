#include "core/rtp/codec.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace remotemedia {
namespace {

struct Description {
  std::string_view name;
  uint32_t clock_rate;
  bool is_video;
};

// In the order of Codec.
constexpr std::array<Description, static_cast<size_t>(Codec::kCount)> kDescriptions = {{
    {"other", 0, false},
    {"opus", 48'000, false},
    {"PCMU", 8'000, false},
    {"PCMA", 8'000, false},
    {"G722", 8'000, false},  // RFC 3551 section 4.5.2: 16 kHz sampling, 8 kHz timestamps
    {"red", 48'000, false},
    {"telephone-event", 8'000, false},
    {"CN", 8'000, false},
    {"VP8", 90'000, true},
    {"VP9", 90'000, true},
    {"H264", 90'000, true},
    {"AV1", 90'000, true},
    {"rtx", 0, false},
}};
static_assert(!kDescriptions.back().name.empty());

const Description& DescriptionOf(Codec codec) { return kDescriptions[static_cast<size_t>(codec)]; }

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}

}  // namespace

std::string_view CodecName(Codec codec) { return DescriptionOf(codec).name; }

Codec CodecFromName(std::string_view name) {
  for (size_t i = 0; i < kDescriptions.size(); ++i) {
    if (EqualIgnoringCase(kDescriptions[i].name, name)) return static_cast<Codec>(i);
  }
  return Codec::kOther;
}

uint32_t DefaultClockRate(Codec codec) { return DescriptionOf(codec).clock_rate; }

bool IsVideo(Codec codec) { return DescriptionOf(codec).is_video; }

}  // namespace remotemedia
