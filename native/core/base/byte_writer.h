// Writes network-order integers into a span without ever leaving it.
//
// A write that does not fit writes nothing and makes ok() false for good, so that a builder may
// write a whole message and check once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace remotemedia {

class ByteWriter {
 public:
  explicit ByteWriter(std::span<uint8_t> out) : out_(out) {}

  bool ok() const { return ok_; }
  size_t size() const { return size_; }
  size_t remaining() const { return out_.size() - size_; }
  std::span<uint8_t> written() const { return out_.first(size_); }

  void U8(uint8_t value) { Integer(value, 1); }
  void U16(uint16_t value) { Integer(value, 2); }
  void U24(uint32_t value) { Integer(value, 3); }
  void U32(uint32_t value) { Integer(value, 4); }
  void U64(uint64_t value) { Integer(value, 8); }

  void Bytes(std::span<const uint8_t> bytes) {
    if (!Has(bytes.size()) || bytes.empty()) return;
    std::memcpy(out_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  void Zeros(size_t count) {
    if (!Has(count) || count == 0) return;
    std::memset(out_.data() + size_, 0, count);
    size_ += count;
  }

  // Overwrites two bytes already written, for length fields that are known only at the end.
  void PatchU16(size_t position, uint16_t value) {
    if (position + 2 > size_) {
      ok_ = false;
      return;
    }
    out_[position] = static_cast<uint8_t>(value >> 8);
    out_[position + 1] = static_cast<uint8_t>(value);
  }

 private:
  bool Has(size_t size) {
    if (size > remaining()) ok_ = false;
    return ok_;
  }

  void Integer(uint64_t value, size_t size) {
    if (!Has(size)) return;
    for (size_t i = 0; i < size; ++i) {
      out_[size_ + i] = static_cast<uint8_t>(value >> (8 * (size - 1 - i)));
    }
    size_ += size;
  }

  std::span<uint8_t> out_;
  size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace remotemedia
