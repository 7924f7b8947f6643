#include "support/allocation_counter.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

thread_local uint64_t allocation_count = 0;
std::atomic<int64_t> live_bytes = 0;

void* Allocate(size_t size) noexcept {
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (!memory) return nullptr;
  ++allocation_count;
  live_bytes.fetch_add(static_cast<int64_t>(malloc_usable_size(memory)), std::memory_order_relaxed);
  return memory;
}

void* AllocateOrDie(size_t size) {
  void* const memory = Allocate(size);
  if (!memory) std::abort();
  return memory;
}

void Release(void* memory) noexcept {
  if (!memory) return;
  live_bytes.fetch_sub(static_cast<int64_t>(malloc_usable_size(memory)), std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

// All forms but the aligned ones, which nothing here uses and which keep to themselves.
void* operator new(size_t size) { return AllocateOrDie(size); }
void* operator new[](size_t size) { return AllocateOrDie(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void operator delete(void* memory) noexcept { Release(memory); }
void operator delete[](void* memory) noexcept { Release(memory); }
void operator delete(void* memory, size_t) noexcept { Release(memory); }
void operator delete[](void* memory, size_t) noexcept { Release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { Release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { Release(memory); }

namespace remotemedia {

uint64_t AllocationCount() { return allocation_count; }

int64_t LiveBytes() { return live_bytes.load(std::memory_order_relaxed); }

}  // namespace remotemedia
