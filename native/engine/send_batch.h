// Collects the datagrams of one turn of the engine thread and sends them with as few system calls
// as the sockets can.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/datagram_sink.h"
#include "engine/datagram_socket.h"
#include "engine/socket_table.h"

namespace remotemedia {

// Engine thread only. All memory is there from the start; only a socket with a number higher than
// any before makes the table of queues longer.
class SendBatch final : public DatagramSink {
 public:
  static constexpr size_t kMaxDatagrams = 256;

  // The sockets outlive the batch. Those that have datagrams waiting must not be removed: flush
  // first.
  explicit SendBatch(const SocketTable& sockets);

  // Sends everything when there is no room.
  std::span<uint8_t> Reserve() override;
  void Commit(const Path& path, size_t size) override;

  void Flush();

  // Since the beginning.
  const SendCounters& counters() const { return counters_; }

 private:
  static constexpr uint16_t kNone = 0xffff;

  struct Entry {
    TransportAddress to;
    uint16_t size = 0;
    uint16_t next = kNone;  // of the same socket
  };
  // The entries of one socket, in order.
  struct Queue {
    uint16_t first = kNone;
    uint16_t last = kNone;
  };

  using Room = std::array<uint8_t, kMaxDatagram>;

  const SocketTable& sockets_;
  const std::unique_ptr<std::array<Room, kMaxDatagrams>> rooms_;
  std::array<Entry, kMaxDatagrams> entries_;
  size_t count_ = 0;
  std::vector<Queue> queues_;            // by socket
  std::vector<uint16_t> waiting_;        // sockets with a queue that is not empty
  std::vector<OutgoingDatagram> queue_;  // of the socket being flushed
  SendCounters counters_;
};

}  // namespace remotemedia
