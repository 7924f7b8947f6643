// A bound, nonblocking UDP socket of the operating system: what all kinds of DatagramSocket have.
#pragma once

#include <optional>
#include <variant>

#include "core/base/transport_address.h"
#include "engine/io_error.h"

namespace remotemedia {

// Owns the descriptor.
class UdpDescriptor {
 public:
  // Binds to `address`; port 0 lets the system choose. The buffers of the kernel are made as large
  // as the system allows, up to what a burst of media needs. An IPv6 socket is for IPv6 only.
  static std::variant<UdpDescriptor, IoError> Bind(const TransportAddress& address);

  UdpDescriptor(UdpDescriptor&& other) noexcept;
  UdpDescriptor& operator=(UdpDescriptor&&) = delete;
  ~UdpDescriptor();

  int fd() const { return fd_; }
  int family() const { return family_; }
  // With the port that was bound.
  const TransportAddress& address() const { return address_; }

 private:
  explicit UdpDescriptor(const TransportAddress& address);
  std::optional<IoError> Open();

  int fd_ = -1;
  int family_;
  TransportAddress address_;
};

}  // namespace remotemedia
