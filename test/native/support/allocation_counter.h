// Counts what operator new gives out, to prove that a path allocates nothing and that a process
// does not grow.
#pragma once

#include <cstdint>

namespace remotemedia {

// Calls of operator new by this thread since it began.
uint64_t AllocationCount();
// Bytes from operator new that have not been given back, of all threads.
int64_t LiveBytes();

}  // namespace remotemedia
