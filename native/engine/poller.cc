#include "engine/poller.h"

#include <algorithm>
#include <limits>

#include "engine/epoll_poller.h"
#include "engine/portable_poller.h"

namespace remotemedia {

std::unique_ptr<Poller> Poller::Make(IoBackend backend) {
#ifdef __linux__
  if (backend == IoBackend::kPlatform) return EpollPoller::Make();
#else
  static_cast<void>(backend);
#endif
  return PortablePoller::Make();
}

int Poller::ToMillis(std::optional<Duration> timeout) {
  if (!timeout) return -1;
  constexpr int64_t kLongest = std::numeric_limits<int>::max();
  const int64_t us = std::clamp<int64_t>(timeout->micros(), 0, kLongest * 1'000);
  return static_cast<int>(std::min((us + 999) / 1'000, kLongest));
}

}  // namespace remotemedia
