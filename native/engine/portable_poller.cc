#include "engine/portable_poller.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace remotemedia {

std::unique_ptr<PortablePoller> PortablePoller::Make() {
  std::unique_ptr<PortablePoller> poller(new PortablePoller);
  if (pipe(poller->pipe_.data()) < 0) return nullptr;
  for (const int end : poller->pipe_) {
    if (fcntl(end, F_SETFL, O_NONBLOCK) < 0 || fcntl(end, F_SETFD, FD_CLOEXEC) < 0) return nullptr;
  }
  poller->watched_.push_back({poller->pipe_[0], POLLIN, 0});
  poller->sockets_.push_back(0);
  return poller;
}

PortablePoller::~PortablePoller() {
  for (const int end : pipe_) {
    if (end >= 0) close(end);
  }
}

bool PortablePoller::Add(int fd, uint16_t socket) {
  watched_.push_back({fd, POLLIN, 0});
  sockets_.push_back(socket);
  ready_.reserve(sockets_.size());
  return true;
}

void PortablePoller::Remove(int fd) {
  const auto found = std::find_if(watched_.begin(), watched_.end(),
                                  [&](const pollfd& watched) { return watched.fd == fd; });
  if (found == watched_.end()) return;
  sockets_.erase(sockets_.begin() + (found - watched_.begin()));
  watched_.erase(found);
}

std::span<const uint16_t> PortablePoller::Wait(std::optional<Duration> timeout) {
  ready_.clear();
  // An interruption by a signal is one more reason to have a look around.
  if (poll(watched_.data(), watched_.size(), ToMillis(timeout)) <= 0) return ready_;
  if (watched_[0].revents != 0) {
    std::array<char, 64> wakes;
    while (read(pipe_[0], wakes.data(), wakes.size()) > 0) {
    }
  }
  for (size_t i = 1; i < watched_.size(); ++i) {
    if (watched_[i].revents != 0) ready_.push_back(sockets_[i]);
  }
  return ready_;
}

void PortablePoller::Wake() {
  const char byte = 0;
  // A full pipe wakes as well.
  [[maybe_unused]] const ssize_t written = write(pipe_[1], &byte, 1);
}

}  // namespace remotemedia
