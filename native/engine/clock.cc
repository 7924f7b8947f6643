#include "engine/clock.h"

#include <chrono>

namespace remotemedia {
namespace {

template <typename Clock>
int64_t Micros() {
  const auto since_start = Clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_start).count();
}

}  // namespace

Timestamp Now() { return Timestamp::Micros(Micros<std::chrono::steady_clock>()); }

Duration UnixTime() { return Duration::Micros(Micros<std::chrono::system_clock>()); }

NtpClock ReadNtpClock() {
  return NtpClock::FromUnixTime(UnixTime() - Duration::Micros(Now().micros()));
}

}  // namespace remotemedia
