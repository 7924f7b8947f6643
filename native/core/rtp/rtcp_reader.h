// Reads the packets of an RTCP datagram: compound (RFC 3550 section 6.1) or reduced-size (RFC
// 5506).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/byte_reader.h"
#include "core/rtp/rtcp_packet.h"

namespace remotemedia {

// Allocates nothing; what it answers is valid as long as the datagram's bytes are.
//
//   RtcpReader reader(datagram);
//   while (auto packet = reader.Next()) std::visit(handler, *packet);
class RtcpReader {
 public:
  explicit RtcpReader(std::span<const uint8_t> datagram) : datagram_(datagram) {}

  // The next packet of a kind we know. Kinds we do not know are passed over, packets whose contents
  // do not fit are passed over and counted. nullopt at the end, which is also where the lengths of
  // the packets stop making sense: nothing behind that point can be trusted.
  std::optional<rtcp::Packet> Next();

  // Packets passed over because they were malformed, broken framing included.
  size_t malformed() const { return malformed_; }

 private:
  std::optional<rtcp::SdesCname> NextCname();

  ByteReader datagram_;
  // What is left of the SDES packet being read: one chunk for each source.
  ByteReader sdes_{{}};
  size_t sdes_chunks_ = 0;
  size_t malformed_ = 0;
};

}  // namespace remotemedia
