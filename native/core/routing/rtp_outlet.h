// Where a consumer puts its packets: the sending side of a transport, seen from the router.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace remotemedia {

class RtpOutlet {
 public:
  virtual ~RtpOutlet() = default;

  // Room for one packet, empty when nothing can be sent now (no keys or no path). The header is
  // written there, then the packet is finished; not finishing it leaves nothing behind.
  virtual std::span<uint8_t> BeginPacket() = 0;

  // Encrypts and queues the packet whose header is the first `header_size` bytes of the room. The
  // payload is anywhere, or right behind the header. `packet_index` as SrtpSender::ProtectRtp
  // wants. Answers whether it went out.
  virtual bool FinishPacket(size_t header_size, std::span<const uint8_t> payload,
                            uint64_t packet_index) = 0;

  // The next transport-wide sequence number. To be put into the packet being written, once.
  virtual uint16_t NextTransportSequenceNumber() = 0;
};

}  // namespace remotemedia
