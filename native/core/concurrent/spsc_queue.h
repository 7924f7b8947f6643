// A bounded queue between exactly two threads, without locks.
//
// Thread safety: one thread (the producer) calls Push, one thread (the consumer) calls Pop; which
// thread that is may change only with a happens-before between the two, as starting or joining a
// thread gives. Nothing else is callable while both are at work.
//
// 1. tail_ counts the pushes and is written by the producer only. It is stored with release after
//    the slot was filled, and the consumer loads it with acquire before it reads the slot: what it
//    sees counted, it sees filled.
// 2. head_ counts the pops and is written by the consumer only. It is stored with release after the
//    slot was emptied, and the producer loads it with acquire before it fills the slot again: it
//    never writes what is still being read.
// 3. Each side reads its own index relaxed, because nobody else writes it, and keeps a copy of the
//    other's. The copy only ever errs on the safe side (the queue looks fuller to the producer and
//    emptier to the consumer), so the shared index is looked at only when the copy says no.
// 4. The indices never wrap in practice (2^64 pushes) and lie on cache lines of their own, each
// with
//    the copy its writer keeps, so that the two threads write to no line in common.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace remotemedia {

// T is default-constructible and movable. A popped slot keeps a moved-from T until it is used
// again.
template <typename T, size_t kCapacity>
class SpscQueue {
  static_assert(kCapacity > 0 && (kCapacity & (kCapacity - 1)) == 0, "a power of two");

 public:
  SpscQueue() = default;
  SpscQueue(const SpscQueue&) = delete;
  SpscQueue& operator=(const SpscQueue&) = delete;

  // Producer. False when the queue is full: `value` is then untouched.
  [[nodiscard]] bool Push(T&& value) {
    const uint64_t tail = producer_.tail.load(std::memory_order_relaxed);
    if (tail - producer_.known_head == kCapacity) {
      producer_.known_head = consumer_.head.load(std::memory_order_acquire);
      if (tail - producer_.known_head == kCapacity) return false;
    }
    slots_[tail % kCapacity] = std::move(value);
    producer_.tail.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Consumer. nullopt when the queue is empty.
  std::optional<T> Pop() {
    const uint64_t head = consumer_.head.load(std::memory_order_relaxed);
    if (head == consumer_.known_tail) {
      consumer_.known_tail = producer_.tail.load(std::memory_order_acquire);
      if (head == consumer_.known_tail) return std::nullopt;
    }
    std::optional<T> value = std::move(slots_[head % kCapacity]);
    consumer_.head.store(head + 1, std::memory_order_release);
    return value;
  }

 private:
  // What std::hardware_destructive_interference_size is on the machines we run on.
  static constexpr size_t kCacheLine = 64;

  struct alignas(kCacheLine) ProducerSide {
    std::atomic<uint64_t> tail{0};
    uint64_t known_head = 0;
  };
  struct alignas(kCacheLine) ConsumerSide {
    std::atomic<uint64_t> head{0};
    uint64_t known_tail = 0;
  };

  ProducerSide producer_;
  ConsumerSide consumer_;
  alignas(kCacheLine) std::array<T, kCapacity> slots_{};
};

}  // namespace remotemedia
