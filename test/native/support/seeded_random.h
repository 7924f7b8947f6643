// Randomness that repeats: the same seed gives the same bytes on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <span>

#include "core/base/random.h"

namespace remotemedia {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}

  void Fill(std::span<uint8_t> out) override {
    for (uint8_t& byte : out) byte = static_cast<uint8_t>(engine_() >> 32);
  }

  // 0 up to, not including, 1.
  double Fraction() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  bool Chance(double probability) { return Fraction() < probability; }
  // 0 up to, not including, `end`.
  uint64_t Below(uint64_t end) { return engine_() % end; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace remotemedia
