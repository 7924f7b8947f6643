// A UDP socket that moves up to 64 messages with one system call, and hands over a run of datagrams
// to one destination as one message that the kernel cuts up (generic segmentation offload).
#pragma once

#ifdef __linux__

#include "engine/datagram_socket.h"
#include "engine/udp_descriptor.h"

namespace remotemedia {

class LinuxUdpSocket final : public DatagramSocket {
 public:
  explicit LinuxUdpSocket(UdpDescriptor descriptor);

  int fd() const override { return descriptor_.fd(); }
  const TransportAddress& address() const override { return descriptor_.address(); }
  bool Receive(ReceiveBatch& batch) override;
  // Datagrams are a run where they follow each other, go to one destination, and are of one size
  // but for the last, which may be shorter.
  void Send(std::span<const OutgoingDatagram> datagrams, SendCounters& counters) override;

 private:
  class Messages;

  void SendMessages(Messages& messages, SendCounters& counters);
  void SendSingly(std::span<const OutgoingDatagram> datagrams, SendCounters& counters);

  UdpDescriptor descriptor_;
  // Since Linux 4.18, and then only with network devices that can compute checksums.
  bool has_segmentation_;
};

}  // namespace remotemedia

#endif
