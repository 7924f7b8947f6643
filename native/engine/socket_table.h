// The sockets of one engine thread, by the number that Path.socket and the core know them by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/datagram_socket.h"

namespace remotemedia {

class SocketTable {
 public:
  static constexpr size_t kMaxSockets = 65'536;

  // The socket's number: the lowest that is free. nullopt when there is none.
  std::optional<uint16_t> Add(std::unique_ptr<DatagramSocket> socket);
  void Remove(uint16_t index) { sockets_[index].reset(); }
  // Null when there is no such socket.
  DatagramSocket* Find(uint16_t index) const {
    return index < sockets_.size() ? sockets_[index].get() : nullptr;
  }
  // One more than the highest number there has been.
  size_t size() const { return sockets_.size(); }

 private:
  std::vector<std::unique_ptr<DatagramSocket>> sockets_;
};

// Binds one socket to each address, all on the same port, and numbers them from 0 in that order.
// The addresses' own ports do not matter; `port` 0: any that is free on all of them.
std::optional<IoError> BindAll(std::span<const TransportAddress> addresses, uint16_t port,
                               IoBackend backend, SocketTable& sockets);

}  // namespace remotemedia
