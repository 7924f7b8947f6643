// Points and spans of time on one monotonic clock.
//
// There is no now() here on purpose: code in core/ cannot read a clock, it is told the time. That
// is what lets an hour of call run in a second of test.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace remotemedia {

class Duration {
 public:
  constexpr Duration() = default;

  static constexpr Duration Micros(int64_t us) { return Duration(us); }
  static constexpr Duration Millis(int64_t ms) { return Duration(ms * 1'000); }
  static constexpr Duration Seconds(int64_t s) { return Duration(s * 1'000'000); }

  constexpr int64_t micros() const { return us_; }
  constexpr int64_t millis() const { return us_ / 1'000; }
  constexpr double seconds() const { return static_cast<double>(us_) / 1e6; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(a.us_ + b.us_); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(a.us_ - b.us_); }
  friend constexpr Duration operator*(Duration a, int64_t n) { return Duration(a.us_ * n); }
  friend constexpr Duration operator/(Duration a, int64_t n) { return Duration(a.us_ / n); }

 private:
  explicit constexpr Duration(int64_t us) : us_(us) {}
  int64_t us_ = 0;
};

class Timestamp {
 public:
  constexpr Timestamp() = default;

  // Microseconds since an arbitrary start that is the same for every Timestamp of a process.
  static constexpr Timestamp Micros(int64_t us) { return Timestamp(us); }
  static constexpr Timestamp Millis(int64_t ms) { return Timestamp(ms * 1'000); }
  // Later than every real time: "never".
  static constexpr Timestamp Never() { return Timestamp(std::numeric_limits<int64_t>::max()); }

  constexpr int64_t micros() const { return us_; }
  constexpr int64_t millis() const { return us_ / 1'000; }

  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
  friend constexpr Timestamp operator+(Timestamp t, Duration d) {
    return Timestamp(t.us_ + d.micros());
  }
  friend constexpr Timestamp operator-(Timestamp t, Duration d) {
    return Timestamp(t.us_ - d.micros());
  }
  friend constexpr Duration operator-(Timestamp a, Timestamp b) {
    return Duration::Micros(a.us_ - b.us_);
  }

 private:
  explicit constexpr Timestamp(int64_t us) : us_(us) {}
  int64_t us_ = 0;
};

}  // namespace remotemedia
