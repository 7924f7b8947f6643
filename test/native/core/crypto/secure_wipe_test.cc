#include "core/crypto/secure_wipe.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace remotemedia {
namespace {

TEST(SecureWipeTest, ZeroesExactlyWhatItIsGiven) {
  std::array<uint8_t, 4> bytes = {1, 2, 3, 4};
  SecureWipe(bytes.data() + 1, 2);
  EXPECT_EQ(bytes, (std::array<uint8_t, 4>{1, 0, 0, 4}));
}

}  // namespace
}  // namespace remotemedia
