#include "engine/linux_udp_socket.h"

#ifdef __linux__

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "engine/socket_address.h"

namespace remotemedia {
namespace {

constexpr size_t kBatch = ReceiveBatch::kSize;

}  // namespace

bool LinuxUdpSocket::Receive(ReceiveBatch& batch) {
  std::array<sockaddr_storage, kBatch> names;
  std::array<iovec, kBatch> rooms;
  std::array<mmsghdr, kBatch> messages;
  for (size_t i = 0; i < kBatch; ++i) {
    rooms[i] = {batch.room(i).data(), batch.room(i).size()};
    messages[i] = {};
    messages[i].msg_hdr.msg_name = &names[i];
    messages[i].msg_hdr.msg_namelen = sizeof(names[i]);
    messages[i].msg_hdr.msg_iov = &rooms[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }

  batch.Clear();
  int received;
  do {
    received = recvmmsg(fd(), messages.data(), kBatch, 0, nullptr);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return false;

  for (size_t i = 0; i < static_cast<size_t>(received); ++i) {
    if (messages[i].msg_hdr.msg_flags & MSG_TRUNC) continue;
    batch.Add(ToTransportAddress(names[i]), batch.room(i).first(messages[i].msg_len));
  }
  return static_cast<size_t>(received) == kBatch;
}

void LinuxUdpSocket::Send(std::span<const OutgoingDatagram> datagrams, SendCounters& counters) {
  std::array<SocketAddress, kBatch> names;
  std::array<iovec, kBatch> pieces;
  std::array<mmsghdr, kBatch> messages;

  while (!datagrams.empty()) {
    const auto next = datagrams.first(std::min(datagrams.size(), kBatch));
    datagrams = datagrams.subspan(next.size());
    size_t count = 0;
    for (const OutgoingDatagram& datagram : next) {
      if (!names[count].Set(datagram.to, descriptor_.family())) {
        ++counters.errors;
        continue;
      }
      pieces[count] = {const_cast<uint8_t*>(datagram.data.data()), datagram.data.size()};
      messages[count] = {};
      messages[count].msg_hdr.msg_name = &names[count].storage;
      messages[count].msg_hdr.msg_namelen = names[count].length;
      messages[count].msg_hdr.msg_iov = &pieces[count];
      messages[count].msg_hdr.msg_iovlen = 1;
      ++count;
    }

    size_t at = 0;
    while (at < count) {
      const int sent = sendmmsg(fd(), &messages[at], static_cast<unsigned>(count - at), 0);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) {  // the first one failed; those behind it have not been tried
        ++counters.errors;
        ++at;
        continue;
      }
      for (const size_t end = at + static_cast<size_t>(sent); at < end; ++at) {
        ++counters.datagrams;
        counters.bytes += pieces[at].iov_len;
      }
    }
  }
}

}  // namespace remotemedia

#endif
