// NTP timestamps as RTCP uses them (RFC 3550 section 4), and round-trip times made of them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "core/base/time.h"

namespace remotemedia {

// Seconds since 1900 as 32.32 fixed point, wrapping in 2036.
struct NtpTime {
  uint64_t value = 0;

  constexpr uint32_t seconds() const { return static_cast<uint32_t>(value >> 32); }
  constexpr uint32_t fraction() const { return static_cast<uint32_t>(value); }
  // The middle 32 bits: 16.16 seconds, what LSR carries.
  constexpr uint32_t compact() const { return static_cast<uint32_t>(value >> 16); }

  friend constexpr bool operator==(NtpTime, NtpTime) = default;
};

// Converts between the core's Timestamps and NTP time: pure arithmetic around a fixed offset, so
// both ends of a conversion advance in step even when the system's wall clock is adjusted.
class NtpClock {
 public:
  static constexpr Duration kUnixEpoch = Duration::Seconds(2'208'988'800);

  // `offset`: the NTP time of Timestamp zero, as time since 1900.
  constexpr explicit NtpClock(Duration offset) : offset_(offset) {}
  // `unix_time`: the time since 1970 at Timestamp zero.
  static constexpr NtpClock FromUnixTime(Duration unix_time) {
    return NtpClock(kUnixEpoch + unix_time);
  }

  constexpr NtpTime ToNtp(Timestamp time) const {
    const auto us = static_cast<uint64_t>(time.micros() + offset_.micros());
    const uint64_t fraction = ((us % 1'000'000) << 32) / 1'000'000;
    return {((us / 1'000'000) << 32) | fraction};
  }

  // Exact to a microsecond for times within 68 years of Timestamp zero, across the wrap.
  constexpr Timestamp ToTimestamp(NtpTime ntp) const {
    const auto since_zero = static_cast<int64_t>(ntp.value - ToNtp(Timestamp()).value);
    const int64_t seconds = since_zero >> 32;
    const auto fraction = static_cast<uint64_t>(since_zero & 0xFFFF'FFFF);
    const uint64_t us = (fraction * 1'000'000 + (uint64_t{1} << 31)) >> 32;
    return Timestamp() + Duration::Seconds(seconds) + Duration::Micros(static_cast<int64_t>(us));
  }

 private:
  Duration offset_;
};

// 16.16 seconds, saturating: what DLSR carries. Negative durations count as zero.
constexpr uint32_t ToCompactNtp(Duration duration) {
  constexpr int64_t kMaxMicros = int64_t{0xFFFF} * 1'000'000;
  if (duration.micros() <= 0) return 0;
  if (duration.micros() > kMaxMicros) return 0xFFFF'FFFF;
  return static_cast<uint32_t>((duration.micros() * 65'536 + 500'000) / 1'000'000);
}

constexpr Duration FromCompactNtp(uint32_t compact) {
  return Duration::Micros((static_cast<int64_t>(compact) * 1'000'000 + 32'768) >> 16);
}

// The sender's round-trip time from a report block (RFC 3550 section 6.4.1): `now` minus LSR minus
// DLSR, all compact. nullopt when the remote has not seen a sender report yet (LSR is 0). Clocks
// that drift can make it come out slightly negative: that is zero.
constexpr std::optional<Duration> RoundTripTime(uint32_t now, uint32_t last_sr,
                                                uint32_t delay_since_last_sr) {
  if (last_sr == 0) return std::nullopt;
  const uint32_t elapsed = now - last_sr - delay_since_last_sr;
  if (elapsed > 0x8000'0000) return Duration();
  return FromCompactNtp(elapsed);
}

}  // namespace remotemedia
