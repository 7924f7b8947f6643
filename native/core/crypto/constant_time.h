// Comparison of secrets that takes the same time wherever they differ.
#pragma once

#include <cstdint>
#include <span>

namespace remotemedia {

// False for different sizes; sizes are not secret.
bool ConstantTimeEqual(std::span<const uint8_t> a, std::span<const uint8_t> b);

}  // namespace remotemedia
