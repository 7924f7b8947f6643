// Waiting on nothing but POSIX: poll, woken by a pipe.
#pragma once

#include <poll.h>

#include <array>
#include <memory>
#include <vector>

#include "engine/poller.h"

namespace remotemedia {

class PortablePoller final : public Poller {
 public:
  static std::unique_ptr<PortablePoller> Make();
  ~PortablePoller() override;

  bool Add(int fd, uint16_t socket) override;
  void Remove(int fd) override;
  std::span<const uint16_t> Wait(std::optional<Duration> timeout) override;
  void Wake() override;

 private:
  PortablePoller() = default;

  std::array<int, 2> pipe_ = {-1, -1};
  // In step; the first is the pipe.
  std::vector<pollfd> watched_;
  std::vector<uint16_t> sockets_;
  std::vector<uint16_t> ready_;
};

}  // namespace remotemedia
