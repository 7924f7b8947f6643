#include "engine/portable_udp_socket.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "engine/socket_address.h"

namespace remotemedia {

bool PortableUdpSocket::Receive(ReceiveBatch& batch) {
  batch.Clear();
  for (size_t i = 0; i < ReceiveBatch::kSize;) {
    sockaddr_storage name;
    iovec room = {batch.room(i).data(), batch.room(i).size()};
    msghdr message{};
    message.msg_name = &name;
    message.msg_namelen = sizeof(name);
    message.msg_iov = &room;
    message.msg_iovlen = 1;
    const ssize_t size = recvmsg(fd(), &message, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    if (!(message.msg_flags & MSG_TRUNC)) {
      batch.Add(ToTransportAddress(name), batch.room(i).first(static_cast<size_t>(size)),
                Duration());
    }
    ++i;
  }
  return true;
}

void PortableUdpSocket::Send(std::span<const OutgoingDatagram> datagrams, SendCounters& counters) {
  for (const OutgoingDatagram& datagram : datagrams) {
    SocketAddress name;
    ssize_t sent = -1;
    if (name.Set(datagram.to, descriptor_.family())) {
      do {
        sent = sendto(fd(), datagram.data.data(), datagram.data.size(), 0,
                      reinterpret_cast<const sockaddr*>(&name.storage), name.length);
      } while (sent < 0 && errno == EINTR);
    }
    if (sent < 0) {
      ++counters.errors;
    } else {
      ++counters.datagrams;
      counters.bytes += datagram.data.size();
    }
  }
}

}  // namespace remotemedia
