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

NtpClock ReadNtpClock() {
  const int64_t unix_time = Micros<std::chrono::system_clock>();
  return NtpClock::FromUnixTime(Duration::Micros(unix_time - Now().micros()));
}

}  // namespace remotemedia
