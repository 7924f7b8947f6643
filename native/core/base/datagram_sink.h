// Where the core puts datagrams that are to go on the wire.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/transport_address.h"

namespace remotemedia {

// The engine implements it over sockets, the tests over a network simulator. One thread.
//
// Usage: Reserve() room, write the datagram there, Commit() what was written. Media is encrypted
// straight into that room, so nothing is copied between the router and the wire.
class DatagramSink {
 public:
  // Largest datagram that may be reserved, in bytes. Ours and browsers' stay below 1,500.
  static constexpr size_t kMaxDatagram = 1'504;

  virtual ~DatagramSink() = default;

  // Room for one datagram of kMaxDatagram bytes, valid until the next call. Never fails: an
  // implementation whose room is full sends what it has first.
  virtual std::span<uint8_t> Reserve() = 0;

  // Queues the first `size` bytes of the reserved room for `path`. Datagrams of one path keep their
  // order. Not committing leaves nothing behind.
  virtual void Commit(const Path& path, size_t size) = 0;
};

}  // namespace remotemedia
