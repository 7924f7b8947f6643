// Reads network-order integers out of a span without ever leaving it.
//
// A read past the end returns zero (or an empty span), leaves the position where it was and makes
// ok() false for good, so that a parser may read a whole fixed part and check once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace remotemedia {

class ByteReader {
 public:
  explicit ByteReader(std::span<const uint8_t> data) : data_(data) {}

  bool ok() const { return ok_; }
  size_t position() const { return position_; }
  size_t remaining() const { return data_.size() - position_; }

  uint8_t U8() { return static_cast<uint8_t>(Integer(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Integer(2)); }
  uint32_t U24() { return static_cast<uint32_t>(Integer(3)); }
  uint32_t U32() { return static_cast<uint32_t>(Integer(4)); }
  uint64_t U64() { return Integer(8); }

  std::span<const uint8_t> Bytes(size_t size) {
    if (!Has(size)) return {};
    auto bytes = data_.subspan(position_, size);
    position_ += size;
    return bytes;
  }

  void Skip(size_t size) { Bytes(size); }

 private:
  bool Has(size_t size) {
    if (size > remaining()) ok_ = false;
    return ok_;
  }

  uint64_t Integer(size_t size) {
    if (!Has(size)) return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) value = (value << 8) | data_[position_ + i];
    position_ += size;
    return value;
  }

  std::span<const uint8_t> data_;
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace remotemedia
