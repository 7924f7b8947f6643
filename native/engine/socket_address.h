// TransportAddress as the socket calls want it.
#pragma once

#include <sys/socket.h>

#include "core/base/transport_address.h"

namespace remotemedia {

struct SocketAddress {
  sockaddr_storage storage;
  socklen_t length = 0;

  // For a socket of `family` (AF_INET or AF_INET6). False when it cannot reach such an address.
  bool Set(const TransportAddress& address, int family);
};

// The zone of a link-local address is not kept.
TransportAddress ToTransportAddress(const sockaddr_storage& storage);

}  // namespace remotemedia
