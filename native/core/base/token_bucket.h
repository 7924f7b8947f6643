// Limits a rate and the size of a burst.
#pragma once

#include <algorithm>

#include "core/base/time.h"

namespace remotemedia {

class TokenBucket {
 public:
  constexpr TokenBucket(double per_second, double burst)
      : per_second_(per_second), burst_(burst), tokens_(burst) {}

  // Takes one token, or answers false when there is none.
  bool Take(Timestamp now) {
    if (now > refilled_) {
      tokens_ = std::min(burst_, tokens_ + (now - refilled_).seconds() * per_second_);
      refilled_ = now;
    }
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;
  Timestamp refilled_;
};

}  // namespace remotemedia
