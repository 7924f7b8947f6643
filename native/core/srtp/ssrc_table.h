// A bounded map from SSRC to per-stream state that replaces the stream silent for longest.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace remotemedia {

// A flat array, because a connection has a handful of SSRCs. Grows only when it meets a new one.
template <typename State, size_t kCapacity>
class SsrcTable {
 public:
  size_t size() const { return streams_.size(); }

  // Null for an SSRC without state. Valid until the next Use().
  const State* Find(uint32_t ssrc) const {
    const size_t position = Position(ssrc);
    return position < streams_.size() ? &streams_[position].state : nullptr;
  }

  // The state of `ssrc`, made afresh where there is none; from now on the one used last.
  State& Use(uint32_t ssrc) {
    size_t position = Position(ssrc);
    if (position == streams_.size()) position = Add(ssrc);
    streams_[position].last_use = ++uses_;
    return streams_[position].state;
  }

 private:
  struct Stream {
    uint32_t ssrc;
    uint64_t last_use;
    State state;
  };

  size_t Position(uint32_t ssrc) const {
    size_t position = 0;
    while (position < streams_.size() && streams_[position].ssrc != ssrc) ++position;
    return position;
  }

  size_t Add(uint32_t ssrc) {
    const Stream fresh{ssrc, 0, State{}};
    if (streams_.size() < kCapacity) {
      streams_.push_back(fresh);
      return streams_.size() - 1;
    }
    const auto oldest =
        std::min_element(streams_.begin(), streams_.end(),
                         [](const Stream& a, const Stream& b) { return a.last_use < b.last_use; });
    *oldest = fresh;
    return static_cast<size_t>(oldest - streams_.begin());
  }

  std::vector<Stream> streams_;
  uint64_t uses_ = 0;
};

}  // namespace remotemedia
