// Erasing of key material that is about to be released.
#pragma once

#include <cstddef>

namespace remotemedia {

// Zeroes `size` bytes at `data`; unlike memset it is never optimized away.
void SecureWipe(void* data, size_t size);

}  // namespace remotemedia
