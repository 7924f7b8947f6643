#include "engine/epoll_poller.h"

#ifdef __linux__

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace remotemedia {
namespace {

// Beyond every socket number.
constexpr uint32_t kWakeMark = 0x1'0000;

bool Watch(int epoll, int fd, uint32_t mark) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = mark;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

std::unique_ptr<EpollPoller> EpollPoller::Make() {
  std::unique_ptr<EpollPoller> poller(new EpollPoller);
  poller->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (poller->epoll_ < 0) return nullptr;
  poller->wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (poller->wake_ < 0) return nullptr;
  if (!Watch(poller->epoll_, poller->wake_, kWakeMark)) return nullptr;
  return poller;
}

EpollPoller::~EpollPoller() {
  if (wake_ >= 0) close(wake_);
  if (epoll_ >= 0) close(epoll_);
}

bool EpollPoller::Add(int fd, uint16_t socket) { return Watch(epoll_, fd, socket); }

void EpollPoller::Remove(int fd) { epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

std::span<const uint16_t> EpollPoller::Wait(std::optional<Duration> timeout) {
  std::array<epoll_event, kMaxReady> events;
  // An interruption by a signal is one more reason to have a look around.
  const int count = epoll_wait(epoll_, events.data(), kMaxReady, ToMillis(timeout));
  size_t ready = 0;
  for (int i = 0; i < count; ++i) {
    const uint32_t mark = events[static_cast<size_t>(i)].data.u32;
    if (mark != kWakeMark) {
      ready_[ready++] = static_cast<uint16_t>(mark);
      continue;
    }
    eventfd_t wakes;
    eventfd_read(wake_, &wakes);
  }
  return std::span(ready_).first(ready);
}

void EpollPoller::Wake() { eventfd_write(wake_, 1); }

}  // namespace remotemedia

#endif
