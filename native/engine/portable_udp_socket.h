// A UDP socket on nothing but POSIX: one system call a datagram.
#pragma once

#include <utility>

#include "engine/datagram_socket.h"
#include "engine/udp_descriptor.h"

namespace remotemedia {

class PortableUdpSocket final : public DatagramSocket {
 public:
  explicit PortableUdpSocket(UdpDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  int fd() const override { return descriptor_.fd(); }
  const TransportAddress& address() const override { return descriptor_.address(); }
  bool Receive(ReceiveBatch& batch) override;
  void Send(std::span<const OutgoingDatagram> datagrams, SendCounters& counters) override;

 private:
  UdpDescriptor descriptor_;
};

}  // namespace remotemedia
