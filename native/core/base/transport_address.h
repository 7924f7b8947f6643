// An IP address and UDP port, and the path of a datagram: which of our sockets, which remote
// address.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace remotemedia {

// IPv4 addresses are held in their IPv4-mapped IPv6 form (RFC 4291 section 2.5.5.2), so that one
// type and one comparison serve both families.
struct TransportAddress {
  std::array<uint8_t, 16> ip{};
  uint16_t port = 0;

  static TransportAddress V4(std::array<uint8_t, 4> ip, uint16_t port);
  static TransportAddress V6(std::array<uint8_t, 16> ip, uint16_t port);
  // Parses "192.0.2.1" or "2001:db8::1" (no brackets, no zone); nullopt for anything else.
  static std::optional<TransportAddress> Parse(std::string_view ip, uint16_t port);

  bool is_v4() const;
  bool is_loopback() const;
  std::string ip_string() const;
  // "192.0.2.1:5000" or "[2001:db8::1]:5000".
  std::string ToString() const;

  friend auto operator<=>(const TransportAddress&, const TransportAddress&) = default;
};

struct Path {
  // Index of the local socket the datagram came in on or goes out of.
  uint16_t socket = 0;
  TransportAddress remote;

  friend auto operator<=>(const Path&, const Path&) = default;
};

}  // namespace remotemedia

template <>
struct std::hash<remotemedia::TransportAddress> {
  size_t operator()(const remotemedia::TransportAddress& address) const noexcept {
    uint64_t high, low;
    std::memcpy(&high, address.ip.data(), 8);
    std::memcpy(&low, address.ip.data() + 8, 8);
    uint64_t mixed = (high * 0x9E3779B97F4A7C15u) ^ low;
    mixed = (mixed ^ address.port) * 0xBF58476D1CE4E5B9u;
    return static_cast<size_t>(mixed ^ (mixed >> 31));
  }
};

template <>
struct std::hash<remotemedia::Path> {
  size_t operator()(const remotemedia::Path& path) const noexcept {
    return std::hash<remotemedia::TransportAddress>{}(path.remote) ^
           (static_cast<size_t>(path.socket) * 0x94D049BB133111EBu);
  }
};
