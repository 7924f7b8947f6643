// A UDP socket that moves up to 64 datagrams with one system call.
#pragma once

#ifdef __linux__

#include <utility>

#include "engine/datagram_socket.h"
#include "engine/udp_descriptor.h"

namespace remotemedia {

class LinuxUdpSocket final : public DatagramSocket {
 public:
  explicit LinuxUdpSocket(UdpDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  int fd() const override { return descriptor_.fd(); }
  const TransportAddress& address() const override { return descriptor_.address(); }
  bool Receive(ReceiveBatch& batch) override;
  void Send(std::span<const OutgoingDatagram> datagrams, SendCounters& counters) override;

 private:
  UdpDescriptor descriptor_;
};

}  // namespace remotemedia

#endif
