// Waiting on Linux: epoll, woken by an eventfd.
#pragma once

#ifdef __linux__

#include <array>
#include <memory>

#include "engine/poller.h"

namespace remotemedia {

class EpollPoller final : public Poller {
 public:
  static std::unique_ptr<EpollPoller> Make();
  ~EpollPoller() override;

  bool Add(int fd, uint16_t socket) override;
  void Remove(int fd) override;
  std::span<const uint16_t> Wait(std::optional<Duration> timeout) override;
  void Wake() override;

 private:
  static constexpr size_t kMaxReady = 64;

  EpollPoller() = default;

  int epoll_ = -1;
  int wake_ = -1;
  std::array<uint16_t, kMaxReady> ready_;
};

}  // namespace remotemedia

#endif
