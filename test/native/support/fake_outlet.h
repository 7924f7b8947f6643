// Collects what consumers send, instead of encrypting it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/routing/rtp_outlet.h"
#include "core/rtp/rtp_packet.h"

namespace remotemedia {

struct SentPacket {
  std::vector<uint8_t> bytes;
  uint64_t index = 0;

  RtpPacketView view() const { return RtpPacketView::Parse(bytes).value(); }
  const RtpHeader header() const { return view().header(); }
};

class FakeOutlet final : public RtpOutlet {
 public:
  bool is_open = true;
  std::vector<SentPacket> sent;

  std::span<uint8_t> BeginPacket() override {
    return is_open ? std::span<uint8_t>(room_) : std::span<uint8_t>();
  }
  bool FinishPacket(size_t header_size, std::span<const uint8_t> payload, uint64_t index) override {
    SentPacket packet{{room_.begin(), room_.begin() + static_cast<ptrdiff_t>(header_size)}, index};
    packet.bytes.insert(packet.bytes.end(), payload.begin(), payload.end());
    sent.push_back(std::move(packet));
    return true;
  }
  uint16_t NextTransportSequenceNumber() override { return next_transport_sequence_number++; }

  uint16_t next_transport_sequence_number = 0;

 private:
  std::array<uint8_t, 1'504> room_{};
};

}  // namespace remotemedia
