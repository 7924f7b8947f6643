#include "core/crypto/system_random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace remotemedia {

void SystemRandom::Fill(std::span<uint8_t> out) {
  while (!out.empty()) {
    const size_t size = std::min<size_t>(out.size(), std::numeric_limits<int>::max());
    if (RAND_bytes(out.data(), static_cast<int>(size)) != 1) std::abort();
    out = out.subspan(size);
  }
}

}  // namespace remotemedia
