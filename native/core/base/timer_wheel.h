// Deadlines of many objects in one place: setting one costs the same whether there are ten or ten
// thousand, and nothing walks over the objects that are not due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.h"

namespace remotemedia {

// A wheel of kSlots ticks. Each key has at most one deadline. Deadlines are rounded up to the tick,
// so that nothing fires early; those beyond one turn of the wheel stay in their slot until it is
// theirs. A deadline that is set after its time has been popped fires one tick later.
//
// Keys are small integers: the table of timers is as long as the largest one.
class TimerWheel {
 public:
  static constexpr Duration kTick = Duration::Millis(1);
  static constexpr size_t kSlots = 1'024;

  using Key = uint32_t;

  TimerWheel() : slots_(kSlots, kNone) {}

  // Replaces the key's deadline.
  void Set(Key key, Timestamp deadline);
  void Cancel(Key key);

  // Takes out one key whose deadline has come. Call until it answers nullopt.
  std::optional<Key> PopDue(Timestamp now);

  // No key is due before this time. It may be too early (by less than one turn of the wheel), never
  // too late; nullopt when no deadline is set.
  std::optional<Timestamp> NextDeadline() const;

 private:
  static constexpr Key kNone = ~Key{0};

  struct Timer {
    int64_t tick = 0;
    Key previous = kNone;
    Key next = kNone;
    bool set = false;
  };

  Key& SlotOf(int64_t tick) { return slots_[static_cast<size_t>(tick) % kSlots]; }

  std::vector<Key> slots_;  // heads of doubly linked lists
  std::vector<Timer> timers_;
  size_t count_ = 0;
  // Every tick before this one has been emptied.
  int64_t current_ = 0;
};

}  // namespace remotemedia
