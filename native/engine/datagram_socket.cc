#include "engine/datagram_socket.h"

#include <utility>

#include "engine/linux_udp_socket.h"
#include "engine/portable_udp_socket.h"
#include "engine/udp_descriptor.h"

namespace remotemedia {

std::variant<std::unique_ptr<DatagramSocket>, IoError> DatagramSocket::Bind(
    const TransportAddress& address, IoBackend backend) {
  auto bound = UdpDescriptor::Bind(address);
  if (const auto* error = std::get_if<IoError>(&bound)) return *error;
  auto& descriptor = std::get<UdpDescriptor>(bound);
#ifdef __linux__
  if (backend == IoBackend::kPlatform) {
    return std::make_unique<LinuxUdpSocket>(std::move(descriptor));
  }
#else
  static_cast<void>(backend);
#endif
  return std::make_unique<PortableUdpSocket>(std::move(descriptor));
}

}  // namespace remotemedia
