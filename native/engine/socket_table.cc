#include "engine/socket_table.h"

#include <algorithm>
#include <cerrno>
#include <variant>

namespace remotemedia {
namespace {

// A port that is free on the first address may be taken on another one.
constexpr int kMaxPortsTried = 32;

using Sockets = std::vector<std::unique_ptr<DatagramSocket>>;

std::variant<Sockets, IoError> TryBindAll(std::span<const TransportAddress> addresses,
                                          uint16_t port, IoBackend backend) {
  Sockets sockets;
  for (TransportAddress address : addresses) {
    address.port = port;
    auto bound = DatagramSocket::Bind(address, backend);
    if (const auto* error = std::get_if<IoError>(&bound)) return *error;
    sockets.push_back(std::move(std::get<std::unique_ptr<DatagramSocket>>(bound)));
    port = sockets.back()->address().port;
  }
  return sockets;
}

}  // namespace

std::optional<uint16_t> SocketTable::Add(std::unique_ptr<DatagramSocket> socket) {
  auto slot = std::find(sockets_.begin(), sockets_.end(), nullptr);
  if (slot == sockets_.end()) {
    if (sockets_.size() == kMaxSockets) return std::nullopt;
    slot = sockets_.emplace(slot);
  }
  *slot = std::move(socket);
  return static_cast<uint16_t>(slot - sockets_.begin());
}

std::optional<IoError> BindAll(std::span<const TransportAddress> addresses, uint16_t port,
                               IoBackend backend, SocketTable& sockets) {
  auto bound = TryBindAll(addresses, port, backend);
  const auto clashed = [&] {
    const auto* error = std::get_if<IoError>(&bound);
    return error && error->code == EADDRINUSE;
  };
  for (int tried = 1; port == 0 && clashed() && tried < kMaxPortsTried; ++tried) {
    bound = TryBindAll(addresses, port, backend);
  }
  if (const auto* error = std::get_if<IoError>(&bound)) return *error;
  for (auto& socket : std::get<Sockets>(bound)) sockets.Add(std::move(socket));
  return std::nullopt;
}

}  // namespace remotemedia
