#include "core/base/timer_wheel.h"

#include <algorithm>

namespace remotemedia {

void TimerWheel::Set(Key key, Timestamp deadline) {
  if (key >= timers_.size()) timers_.resize(key + 1);
  const int64_t whole_ticks = deadline.micros() / kTick.micros();
  const int64_t rounded_up = whole_ticks + (deadline.micros() % kTick.micros() > 0 ? 1 : 0);
  const int64_t tick = std::max(rounded_up, current_);
  if (timers_[key].set && timers_[key].tick == tick) return;
  Cancel(key);

  Key& head = SlotOf(tick);
  timers_[key] = {.tick = tick, .previous = kNone, .next = head, .set = true};
  if (head != kNone) timers_[head].previous = key;
  head = key;
  ++count_;
}

void TimerWheel::Cancel(Key key) {
  if (key >= timers_.size() || !timers_[key].set) return;
  Timer& timer = timers_[key];
  if (timer.previous != kNone) {
    timers_[timer.previous].next = timer.next;
  } else {
    SlotOf(timer.tick) = timer.next;
  }
  if (timer.next != kNone) timers_[timer.next].previous = timer.previous;
  timer.set = false;
  --count_;
}

std::optional<TimerWheel::Key> TimerWheel::PopDue(Timestamp now) {
  const int64_t now_tick = now.micros() / kTick.micros();
  if (count_ == 0) {
    current_ = std::max(current_, now_tick + 1);
    return std::nullopt;
  }
  // After a whole turn every slot has been looked at.
  int64_t tick = std::max(current_, now_tick - static_cast<int64_t>(kSlots) + 1);
  for (; tick <= now_tick; ++tick) {
    for (Key key = SlotOf(tick); key != kNone; key = timers_[key].next) {
      if (timers_[key].tick > now_tick) continue;
      Cancel(key);
      current_ = tick;
      return key;
    }
  }
  current_ = std::max(current_, now_tick + 1);
  return std::nullopt;
}

std::optional<Timestamp> TimerWheel::NextDeadline() const {
  if (count_ == 0) return std::nullopt;
  int64_t tick = current_;
  const int64_t turn_end = current_ + static_cast<int64_t>(kSlots);
  while (tick < turn_end && slots_[static_cast<size_t>(tick) % kSlots] == kNone) ++tick;
  return Timestamp::Micros(tick * kTick.micros());
}

}  // namespace remotemedia
