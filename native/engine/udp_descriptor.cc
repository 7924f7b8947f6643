#include "engine/udp_descriptor.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "engine/socket_address.h"

namespace remotemedia {
namespace {

// Half a second of 60 Mbit/s, for moments when the engine thread does not get the CPU.
constexpr int kBufferSize = 4 << 20;

bool SetOption(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

void RaiseBuffers(int fd) {
#ifdef __linux__
  // Beyond net.core.[rw]mem_max, if we may.
  const bool receive = SetOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, kBufferSize);
  const bool send = SetOption(fd, SOL_SOCKET, SO_SNDBUFFORCE, kBufferSize);
  if (receive && send) return;
#endif
  SetOption(fd, SOL_SOCKET, SO_RCVBUF, kBufferSize);
  SetOption(fd, SOL_SOCKET, SO_SNDBUF, kBufferSize);
}

}  // namespace

std::variant<UdpDescriptor, IoError> UdpDescriptor::Bind(const TransportAddress& address) {
  UdpDescriptor descriptor(address);
  if (const auto error = descriptor.Open()) return *error;
  return descriptor;
}

UdpDescriptor::UdpDescriptor(const TransportAddress& address)
    : family_(address.is_v4() ? AF_INET : AF_INET6), address_(address) {}

UdpDescriptor::UdpDescriptor(UdpDescriptor&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), family_(other.family_), address_(other.address_) {}

UdpDescriptor::~UdpDescriptor() {
  if (fd_ >= 0) close(fd_);
}

std::optional<IoError> UdpDescriptor::Open() {
  const auto failed = [&](const char* operation) { return IoError{errno, operation, address_}; };

  fd_ = socket(family_, SOCK_DGRAM, 0);
  if (fd_ < 0) return failed("socket");
  const int flags = fcntl(fd_, F_GETFL);
  if (fcntl(fd_, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd_, F_SETFD, FD_CLOEXEC) < 0) {
    return failed("fcntl");
  }
  if (family_ == AF_INET6 && !SetOption(fd_, IPPROTO_IPV6, IPV6_V6ONLY, 1)) {
    return failed("setsockopt");
  }
  RaiseBuffers(fd_);

  SocketAddress name;
  name.Set(address_, family_);
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&name.storage), name.length) < 0) {
    return failed("bind");
  }
  name.length = sizeof(name.storage);
  if (getsockname(fd_, reinterpret_cast<sockaddr*>(&name.storage), &name.length) < 0) {
    return failed("getsockname");
  }
  address_.port = ToTransportAddress(name.storage).port;
  return std::nullopt;
}

}  // namespace remotemedia
