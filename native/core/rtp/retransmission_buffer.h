// Keeps the latest packets of a stream, so that those lost on the way to a receiver can be sent
// again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.h"

namespace remotemedia {

// A ring indexed by extended (unwrapped) sequence number. Packets are kept whole, as they were
// received and before any rewriting, so that one buffer serves all consumers and a retransmission
// is made like the first transmission was. Allocates once, with the first packet; the pages behind
// a slot become resident when the slot is first used. Engine thread only.
class RetransmissionBuffer {
 public:
  // Longer packets are not kept: they could not have come over Ethernet.
  static constexpr size_t kMaxPacketSize = 1'500;

  struct Packet {
    std::span<const uint8_t> bytes;  // valid until the next Store
    Timestamp stored_at;
  };

  // `capacity`: in packets, a power of two. 512 is 1.8 s of 2.5 Mbit/s.
  explicit RetransmissionBuffer(size_t capacity = 512);

  // Keeps a copy of `packet`, replacing the one `capacity` numbers before it. A packet older than
  // the one in its slot is not kept.
  void Store(Timestamp now, int64_t extended_sequence_number, std::span<const uint8_t> packet);

  std::optional<Packet> Find(int64_t extended_sequence_number) const;

 private:
  struct Slot {
    int64_t sequence_number = -1;
    Timestamp stored_at;
    uint16_t size = 0;
  };

  size_t IndexOf(int64_t sequence_number) const {
    return static_cast<size_t>(sequence_number) & (capacity_ - 1);
  }

  size_t capacity_;
  std::vector<Slot> slots_;
  std::unique_ptr<uint8_t[]> bytes_;
};

}  // namespace remotemedia
