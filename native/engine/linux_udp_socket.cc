#include "engine/linux_udp_socket.h"

#ifdef __linux__

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "engine/clock.h"
#include "engine/socket_address.h"

namespace remotemedia {
namespace {

constexpr size_t kBatch = ReceiveBatch::kSize;
// What every kernel with segmentation takes: UDP_MAX_SEGMENTS, and the length field of UDP.
constexpr size_t kMaxSegments = 64;
constexpr size_t kMaxRunBytes = 65'000;

// How many of the datagrams, from the first on, are a run.
size_t RunLength(std::span<const OutgoingDatagram> datagrams) {
  const OutgoingDatagram& first = datagrams.front();
  size_t bytes = first.data.size();
  size_t length = 1;
  while (length < std::min(datagrams.size(), kMaxSegments)) {
    const OutgoingDatagram& next = datagrams[length];
    bytes += next.data.size();
    if (next.data.empty() || next.data.size() > first.data.size()) break;
    if (bytes > kMaxRunBytes || next.to != first.to) break;
    ++length;
    if (next.data.size() < first.data.size()) break;
  }
  return length;
}

// When the message was received, as time since 1970; nullopt when the system does not say.
std::optional<Duration> ReceiveTime(msghdr& message) {
  for (cmsghdr* option = CMSG_FIRSTHDR(&message); option; option = CMSG_NXTHDR(&message, option)) {
    if (option->cmsg_level != SOL_SOCKET || option->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec time;
    std::memcpy(&time, CMSG_DATA(option), sizeof(time));
    return Duration::Seconds(time.tv_sec) + Duration::Micros(time.tv_nsec / 1'000);
  }
  return std::nullopt;
}

// How long ago `received` was. The wall clock may be set in between: what makes no sense is 0.
Duration AgeOf(std::optional<Duration> received, Duration unix_time) {
  if (!received) return Duration();
  const Duration age = unix_time - *received;
  return age > Duration() && age < Duration::Seconds(1) ? age : Duration();
}

}  // namespace

// What one call of sendmmsg takes. Points into itself and into the datagrams.
class LinuxUdpSocket::Messages {
 public:
  struct Run {
    std::span<const OutgoingDatagram> datagrams;
    size_t bytes = 0;
  };

  bool full() const { return count_ == kBatch; }
  size_t count() const { return count_; }
  const Run& run(size_t index) const { return runs_[index]; }
  mmsghdr* headers() { return headers_.data(); }

  // Whether there was room. Fails the datagrams that a socket of `family` cannot send.
  bool Add(std::span<const OutgoingDatagram> run, int family, SendCounters& counters) {
    if (full() || pieces_used_ + run.size() > pieces_.size()) return false;
    SocketAddress& name = names_[count_];
    if (!name.Set(run.front().to, family)) {
      counters.errors += run.size();
      return true;
    }
    iovec* const pieces = &pieces_[pieces_used_];
    size_t bytes = 0;
    for (const OutgoingDatagram& datagram : run) {
      pieces_[pieces_used_++] = {const_cast<uint8_t*>(datagram.data.data()), datagram.data.size()};
      bytes += datagram.data.size();
    }
    msghdr& header = headers_[count_].msg_hdr;
    header = {};
    header.msg_name = &name.storage;
    header.msg_namelen = name.length;
    header.msg_iov = pieces;
    header.msg_iovlen = run.size();
    if (run.size() > 1) SetSegmentSize(header, run.front().data.size());
    runs_[count_++] = {run, bytes};
    return true;
  }

 private:
  struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(uint16_t))> bytes;
  };

  void SetSegmentSize(msghdr& header, size_t size) {
    Control& control = controls_[count_];
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    cmsghdr* const option = CMSG_FIRSTHDR(&header);
    option->cmsg_level = SOL_UDP;
    option->cmsg_type = UDP_SEGMENT;
    option->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    const auto value = static_cast<uint16_t>(size);
    std::memcpy(CMSG_DATA(option), &value, sizeof(value));
  }

  std::array<SocketAddress, kBatch> names_;
  std::array<Control, kBatch> controls_;
  std::array<iovec, 4 * kBatch> pieces_;
  std::array<mmsghdr, kBatch> headers_;
  std::array<Run, kBatch> runs_;
  size_t count_ = 0;
  size_t pieces_used_ = 0;
};

LinuxUdpSocket::LinuxUdpSocket(UdpDescriptor descriptor) : descriptor_(std::move(descriptor)) {
  // Segmenting is asked for message by message; a kernel that does not know it would ignore that.
  const int none = 0;
  has_segmentation_ = setsockopt(fd(), SOL_UDP, UDP_SEGMENT, &none, sizeof(none)) == 0;
  // Datagrams that wait while this thread is busy, or not scheduled, must not look as if they had
  // arrived together: senders would take their probes for failed. Without it, ages are 0.
  const int on = 1;
  setsockopt(fd(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
}

bool LinuxUdpSocket::Receive(ReceiveBatch& batch) {
  std::array<sockaddr_storage, kBatch> names;
  std::array<iovec, kBatch> rooms;
  std::array<mmsghdr, kBatch> messages;
  struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(timespec))> bytes;
  };
  std::array<Control, kBatch> controls;
  for (size_t i = 0; i < kBatch; ++i) {
    rooms[i] = {batch.room(i).data(), batch.room(i).size()};
    messages[i] = {};
    messages[i].msg_hdr.msg_name = &names[i];
    messages[i].msg_hdr.msg_namelen = sizeof(names[i]);
    messages[i].msg_hdr.msg_iov = &rooms[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_control = controls[i].bytes.data();
    messages[i].msg_hdr.msg_controllen = controls[i].bytes.size();
  }

  batch.Clear();
  int received;
  do {
    received = recvmmsg(fd(), messages.data(), kBatch, 0, nullptr);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return false;

  const Duration unix_time = UnixTime();
  for (size_t i = 0; i < static_cast<size_t>(received); ++i) {
    msghdr& message = messages[i].msg_hdr;
    if (message.msg_flags & MSG_TRUNC) continue;
    batch.Add(ToTransportAddress(names[i]), batch.room(i).first(messages[i].msg_len),
              AgeOf(ReceiveTime(message), unix_time));
  }
  return static_cast<size_t>(received) == kBatch;
}

void LinuxUdpSocket::Send(std::span<const OutgoingDatagram> datagrams, SendCounters& counters) {
  while (!datagrams.empty()) {
    Messages messages;
    while (!datagrams.empty()) {
      const size_t length = has_segmentation_ ? RunLength(datagrams) : 1;
      if (!messages.Add(datagrams.first(length), descriptor_.family(), counters)) break;
      datagrams = datagrams.subspan(length);
    }
    SendMessages(messages, counters);
  }
}

void LinuxUdpSocket::SendMessages(Messages& messages, SendCounters& counters) {
  size_t at = 0;
  while (at < messages.count()) {
    const auto rest = static_cast<unsigned>(messages.count() - at);
    const int sent = sendmmsg(fd(), messages.headers() + at, rest, 0);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {  // the first one failed; those behind it have not been tried
      const auto& failed = messages.run(at++).datagrams;
      if (failed.size() == 1) {
        ++counters.errors;
      } else {
        if (errno == EIO) has_segmentation_ = false;
        SendSingly(failed, counters);
      }
      continue;
    }
    for (const size_t end = at + static_cast<size_t>(sent); at < end; ++at) {
      counters.datagrams += messages.run(at).datagrams.size();
      counters.bytes += messages.run(at).bytes;
    }
  }
}

void LinuxUdpSocket::SendSingly(std::span<const OutgoingDatagram> datagrams,
                                SendCounters& counters) {
  for (const OutgoingDatagram& datagram : datagrams) {
    Messages single;
    single.Add(std::span(&datagram, 1), descriptor_.family(), counters);
    SendMessages(single, counters);
  }
}

}  // namespace remotemedia

#endif
