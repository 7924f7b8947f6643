// Bytes written as hexadecimal text, for test vectors.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace remotemedia {

// Skips spaces and line breaks. Throws on anything else that is not a hexadecimal digit and on half
// a byte, which fails the test.
inline std::vector<uint8_t> FromHex(std::string_view text) {
  std::vector<uint8_t> bytes;
  int digits = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f')) throw std::invalid_argument("hex");
    const int value = is_digit ? c - '0' : (c | 0x20) - 'a' + 10;
    if (digits++ % 2 == 0) {
      bytes.push_back(static_cast<uint8_t>(value << 4));
    } else {
      bytes.back() |= static_cast<uint8_t>(value);
    }
  }
  if (digits % 2 != 0) throw std::invalid_argument("half a byte");
  return bytes;
}

}  // namespace remotemedia
