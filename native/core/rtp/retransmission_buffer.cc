#include "core/rtp/retransmission_buffer.h"

#include <cassert>
#include <cstring>

namespace remotemedia {

RetransmissionBuffer::RetransmissionBuffer(size_t capacity) : capacity_(capacity) {
  assert(capacity > 0 && (capacity & (capacity - 1)) == 0);
}

void RetransmissionBuffer::Store(Timestamp now, int64_t extended_sequence_number,
                                 std::span<const uint8_t> packet) {
  if (packet.empty() || packet.size() > kMaxPacketSize) return;
  if (slots_.empty()) {
    slots_.resize(capacity_);
    // Not initialized, so that no page of it is touched before it is used.
    bytes_ = std::make_unique_for_overwrite<uint8_t[]>(capacity_ * kMaxPacketSize);
  }
  const size_t index = IndexOf(extended_sequence_number);
  Slot& slot = slots_[index];
  if (slot.size > 0 && slot.sequence_number > extended_sequence_number) return;
  slot = {extended_sequence_number, now, static_cast<uint16_t>(packet.size())};
  std::memcpy(&bytes_[index * kMaxPacketSize], packet.data(), packet.size());
}

std::optional<RetransmissionBuffer::Packet> RetransmissionBuffer::Find(
    int64_t extended_sequence_number) const {
  if (slots_.empty()) return std::nullopt;
  const size_t index = IndexOf(extended_sequence_number);
  const Slot& slot = slots_[index];
  if (slot.size == 0 || slot.sequence_number != extended_sequence_number) return std::nullopt;
  return Packet{{&bytes_[index * kMaxPacketSize], slot.size}, slot.stored_at};
}

}  // namespace remotemedia
