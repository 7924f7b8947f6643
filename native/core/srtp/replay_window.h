// Remembers which of the last packets have been received (RFC 3711 section 3.3.2).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace remotemedia {

// Covers the highest packet index received and the kSize - 1 below it. The bitmap is a ring of
// words found by packet index (RFC 6479): moving on clears whole words and shifts nothing, and one
// word more than kSize needs keeps the oldest bits intact while the newest word fills.
template <size_t kSize>
class ReplayWindow {
 public:
  static_assert(kSize >= 128 && kSize % 64 == 0);

  // Whether `index` has not been received before, as far as the window can tell.
  bool IsFresh(uint64_t index) const {
    if (index > highest_) return true;
    return highest_ - index < kSize && (Word(index) & Bit(index)) == 0;
  }

  // Records a packet that is fresh and authentic.
  void Accept(uint64_t index) {
    if (index > highest_) {
      const uint64_t steps = std::min<uint64_t>(index / 64 - highest_ / 64, words_.size());
      for (uint64_t i = 0; i < steps; ++i) Word(index - i * 64) = 0;
      highest_ = index;
    }
    Word(index) |= Bit(index);
  }

  // The highest index received; 0 before the first.
  uint64_t highest() const { return highest_; }

 private:
  static uint64_t Bit(uint64_t index) { return uint64_t{1} << (index % 64); }
  uint64_t& Word(uint64_t index) { return words_[index / 64 % words_.size()]; }
  uint64_t Word(uint64_t index) const { return words_[index / 64 % words_.size()]; }

  uint64_t highest_ = 0;
  std::array<uint64_t, kSize / 64 + 1> words_{};
};

}  // namespace remotemedia
