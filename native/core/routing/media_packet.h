// A packet on its way from a producer to its consumers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/rtp/codec.h"
#include "core/rtp/rtp_header_extension.h"
#include "core/rtp/rtp_packet.h"

namespace remotemedia {

// Valid only while it is being routed: payload and extensions point into the received datagram.
struct MediaPacket {
  static constexpr size_t kMaxExtensions = 16;

  struct Extension {
    RtpExtension type;
    std::span<const uint8_t> value;
  };

  RtpHeader header;
  std::span<const uint8_t> payload;  // without padding
  std::array<Extension, kMaxExtensions> extensions;
  size_t extension_count = 0;
  // header.sequence_number, unwrapped. Continuous within an epoch.
  int64_t sequence_number = 0;
  // Changes when the producer's stream starts over with other sequence numbers and timestamps.
  uint32_t epoch = 0;
  bool starts_keyframe = false;

  static MediaPacket From(const RtpPacketView& view, const RtpExtensionMap& map,
                          int64_t sequence_number, uint32_t epoch) {
    MediaPacket packet;
    packet.header = view.header();
    packet.payload = view.payload();
    packet.sequence_number = sequence_number;
    packet.epoch = epoch;
    view.ForEachExtension([&](uint8_t id, std::span<const uint8_t> value) {
      const auto type = map.type(id);
      if (!type || packet.extension_count == kMaxExtensions) return;
      packet.extensions[packet.extension_count++] = {*type, value};
    });
    return packet;
  }
};

}  // namespace remotemedia
