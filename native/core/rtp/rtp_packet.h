// Reads an RTP packet (RFC 3550 section 5.1) and its header extensions (RFC 8285) in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace remotemedia {

struct RtpHeader {
  bool marker = false;
  uint8_t payload_type = 0;  // 7 bits
  uint16_t sequence_number = 0;
  uint32_t timestamp = 0;
  uint32_t ssrc = 0;

  friend bool operator==(const RtpHeader&, const RtpHeader&) = default;
};

// Tells RTCP from RTP on a shared port, by the payload types RFC 5761 section 4 keeps apart. Works
// on encrypted packets too.
bool IsRtcp(std::span<const uint8_t> packet);

// A view: valid as long as the bytes it was parsed from.
class RtpPacketView {
 public:
  static constexpr size_t kFixedHeaderSize = 12;

  // nullopt when version, CSRC list, extension block or padding do not fit the bytes given.
  // `packet` has to be decrypted: the padding count is its last byte.
  static std::optional<RtpPacketView> Parse(std::span<const uint8_t> packet);

  const RtpHeader& header() const { return header_; }
  // Four bytes in network order for each contributing source.
  std::span<const uint8_t> csrcs() const {
    return packet_.subspan(kFixedHeaderSize, size_t{4} * csrc_count_);
  }
  std::span<const uint8_t> payload() const {
    return packet_.subspan(header_size_, packet_.size() - header_size_ - padding_size_);
  }
  // Fixed header, CSRCs and extension block, in bytes.
  size_t header_size() const { return header_size_; }
  // Padding after the payload including its count byte, 0 when there is none.
  size_t padding_size() const { return padding_size_; }
  std::span<const uint8_t> packet() const { return packet_; }

  // The value of the first element with this id. An empty span is a value (two-byte form only).
  std::optional<std::span<const uint8_t>> Extension(uint8_t id) const;

  // Calls f(uint8_t id, std::span<const uint8_t> value) for each element in order. Stops silently
  // at an element that does not fit the block, and at id 15 of the one-byte form (RFC 8285
  // section 4.2). Blocks of another profile than the two of RFC 8285 have no elements.
  template <typename F>
  void ForEachExtension(F&& f) const {
    for (size_t position = 0; auto element = NextExtension(position);) {
      f(element->id, element->value);
    }
  }

 private:
  struct Element {
    uint8_t id;
    std::span<const uint8_t> value;
  };

  explicit RtpPacketView(std::span<const uint8_t> packet) : packet_(packet) {}

  // Reads the element at or after `position` of the block, and moves `position` behind it.
  std::optional<Element> NextExtension(size_t& position) const;

  std::span<const uint8_t> packet_;
  std::span<const uint8_t> extensions_;
  RtpHeader header_;
  uint32_t header_size_ = 0;
  uint8_t padding_size_ = 0;
  uint8_t csrc_count_ = 0;
  bool two_byte_extensions_ = false;
};

}  // namespace remotemedia
