// What the tests of sockets share.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/datagram_socket.h"

namespace remotemedia {

inline TransportAddress Address(std::string_view ip, uint16_t port = 0) {
  return TransportAddress::Parse(ip, port).value();
}

// Null, and a failed test, when the system refuses.
inline std::unique_ptr<DatagramSocket> BindForTest(std::string_view ip,
                                                   IoBackend backend = IoBackend::kPlatform) {
  auto bound = DatagramSocket::Bind(Address(ip), backend);
  if (const auto* error = std::get_if<IoError>(&bound)) {
    ADD_FAILURE() << error->message();
    return nullptr;
  }
  return std::move(std::get<std::unique_ptr<DatagramSocket>>(bound));
}

inline bool HasIpv6() {
  return std::holds_alternative<std::unique_ptr<DatagramSocket>>(
      DatagramSocket::Bind(Address("::1")));
}

inline std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Waits until `count` datagrams have come and answers them as text; fewer after ten seconds.
inline std::vector<std::string> ReceiveText(DatagramSocket& socket, size_t count) {
  std::vector<std::string> texts;
  auto batch = std::make_unique<ReceiveBatch>();
  while (texts.size() < count) {
    pollfd waiting = {socket.fd(), POLLIN, 0};
    if (poll(&waiting, 1, 10'000) <= 0) break;
    socket.Receive(*batch);
    for (const auto& datagram : batch->datagrams()) {
      texts.emplace_back(datagram.data.begin(), datagram.data.end());
    }
  }
  return texts;
}

}  // namespace remotemedia
