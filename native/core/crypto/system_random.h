// The randomness used in production: the CSPRNG of libcrypto, seeded by the operating system.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/random.h"

namespace remotemedia {

// May be used from several threads. Takes a lock inside libcrypto and, rarely, a system call to
// reseed: for set-up and control traffic, not for every packet.
class SystemRandom final : public Random {
 public:
  // Ends the process when the CSPRNG fails, because nothing built on predictable bytes is safe.
  void Fill(std::span<uint8_t> out) override;
};

}  // namespace remotemedia
