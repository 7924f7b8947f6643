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

// Engine thread only. All memory is there from the start. Datagrams of one path are sent one after
// the other, wherever they were committed: a frame comes packet by packet, each to all consumers,
// and leaves consumer by consumer, each with a run of packets (see LinuxUdpSocket).
class SendBatch final : public DatagramSink {
 public:
  static constexpr size_t kMaxDatagrams = 1'024;

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
    uint16_t size = 0;
    uint16_t next = kNone;  // of the same path
  };
  // The entries of one path, in order.
  struct Queue {
    Path path;
    uint16_t first = kNone;
    uint16_t last = kNone;
  };

  using Room = std::array<uint8_t, kMaxDatagram>;

  Queue& QueueOf(const Path& path);
  void Send(uint16_t socket);

  const SocketTable& sockets_;
  const std::unique_ptr<std::array<Room, kMaxDatagrams>> rooms_;
  std::array<Entry, kMaxDatagrams> entries_;
  size_t count_ = 0;
  std::vector<Queue> queues_;
  // Indices of queues_ by the hash of their path; half empty, so that a search is short.
  std::array<uint16_t, 2 * kMaxDatagrams> table_;
  std::vector<OutgoingDatagram> outgoing_;  // of the socket being flushed
  SendCounters counters_;
};

}  // namespace remotemedia
