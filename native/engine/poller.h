// Where the engine thread waits: for datagrams, for its next deadline, or to be woken.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/base/time.h"
#include "engine/io_backend.h"

namespace remotemedia {

// Everything but Wake belongs to the engine thread (or to the one that will start it).
class Poller {
 public:
  // nullptr when the system has no descriptors left; errno says so.
  static std::unique_ptr<Poller> Make(IoBackend backend = IoBackend::kPlatform);

  virtual ~Poller() = default;

  // Watches a descriptor, which Wait answers as `socket` when it is readable. False when the system
  // refuses.
  [[nodiscard]] virtual bool Add(int fd, uint16_t socket) = 0;
  // Before the descriptor is closed.
  virtual void Remove(int fd) = 0;

  // Returns when a watched socket is readable, Wake has been called, or the time is up (rounded up
  // to a millisecond; nullopt: never). Answers sockets that are readable, valid until the next
  // call; it may be called again at once for those that were not listed.
  virtual std::span<const uint16_t> Wait(std::optional<Duration> timeout) = 0;

  // From any thread: the current or next Wait returns. Wakes are not counted.
  virtual void Wake() = 0;

 protected:
  // In whole milliseconds, -1 for never.
  static int ToMillis(std::optional<Duration> timeout);
};

}  // namespace remotemedia
