// Arithmetic on counters that wrap: RTP sequence numbers (16 bits) and timestamps (32 bits).
#pragma once

#include <cstdint>
#include <type_traits>

namespace remotemedia {

// How far `b` lies ahead of `a`, negative when behind, on the shorter way around the circle.
template <typename T>
constexpr auto CircularDistance(T a, T b) {
  static_assert(std::is_unsigned_v<T>);
  return static_cast<std::make_signed_t<T>>(static_cast<T>(b - a));
}

template <typename T>
constexpr bool IsNewer(T candidate, T reference) {
  return CircularDistance(reference, candidate) > 0;
}

// Follows a wrapping counter with a 64-bit one that does not wrap. Values that arrive out of order
// map to numbers below the highest; the first value starts a cycle in, so that earlier ones stay
// positive.
template <typename T>
class Unwrapper {
 public:
  int64_t Unwrap(T value) {
    const int64_t unwrapped = Peek(value);
    if (!started_ || unwrapped > last_) last_ = unwrapped;
    started_ = true;
    return unwrapped;
  }

  // What Unwrap would answer, without following it.
  int64_t Peek(T value) const {
    if (!started_) return kCycle + static_cast<int64_t>(value);
    return last_ + CircularDistance(static_cast<T>(last_), value);
  }

  bool started() const { return started_; }
  // The highest number so far; meaningful once started.
  int64_t last() const { return last_; }

 private:
  static constexpr int64_t kCycle = int64_t{1} << (8 * sizeof(T));
  int64_t last_ = 0;
  bool started_ = false;
};

using SequenceNumberUnwrapper = Unwrapper<uint16_t>;

}  // namespace remotemedia
