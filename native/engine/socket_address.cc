#include "engine/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace remotemedia {

bool SocketAddress::Set(const TransportAddress& address, int family) {
  if (address.is_v4() != (family == AF_INET)) return false;
  if (family == AF_INET) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    std::memcpy(&in.sin_addr, address.ip.data() + 12, 4);
    std::memcpy(&storage, &in, sizeof(in));
    length = sizeof(in);
  } else {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(address.port);
    std::memcpy(&in6.sin6_addr, address.ip.data(), 16);
    std::memcpy(&storage, &in6, sizeof(in6));
    length = sizeof(in6);
  }
  return true;
}

TransportAddress ToTransportAddress(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &storage, sizeof(in));
    std::array<uint8_t, 4> ip;
    std::memcpy(ip.data(), &in.sin_addr, ip.size());
    return TransportAddress::V4(ip, ntohs(in.sin_port));
  }
  sockaddr_in6 in6;
  std::memcpy(&in6, &storage, sizeof(in6));
  std::array<uint8_t, 16> ip;
  std::memcpy(ip.data(), &in6.sin6_addr, ip.size());
  return TransportAddress::V6(ip, ntohs(in6.sin6_port));
}

}  // namespace remotemedia
