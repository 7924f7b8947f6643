// The yardstick of the forwarding benchmark: the least a program can do that sends the same packet,
// encrypted, to many receivers. A plain loop of AES-128-GCM by libcrypto's EVP and sendto, a
// context and a socket address for each receiver; no protocol, no statistics, no loss recovery.
//
//   raw_forward <receivers> <packets a frame> <frames a second> <payload bytes> <seconds>
//
// The receivers' sockets are drained by a process of their own. Prints one JSON line: packets sent
// and received, and the CPU time of the sending process.
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

constexpr size_t kHeader = 12;
constexpr size_t kTag = 16;
constexpr size_t kMaxPayload = 1'200;
using Key = std::array<uint8_t, 16>;
constexpr Key kKey = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

struct Options {
  int receivers, packets_per_frame, frames_per_second, payload_bytes, seconds;
};

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::array<uint8_t, 12> NonceOf(int receiver, uint32_t sequence_number) {
  std::array<uint8_t, 12> nonce{};
  std::memcpy(nonce.data() + 2, &receiver, sizeof(receiver));
  std::memcpy(nonce.data() + 6, &sequence_number, sizeof(sequence_number));
  return nonce;
}

int OpenReceiver(sockaddr_in* address) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (fd < 0) Die("socket");
  const int buffer = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
  *address = {};
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(*address);
  if (bind(fd, reinterpret_cast<sockaddr*>(address), size) != 0) Die("bind");
  if (getsockname(fd, reinterpret_cast<sockaddr*>(address), &size) != 0) Die("getsockname");
  return fd;
}

// Counts what arrives until `stop` is closed, and checks the first packet of each receiver.
uint64_t Drain(const std::vector<int>& sockets, int stop, size_t payload_bytes) {
  std::vector<pollfd> polled;
  for (const int fd : sockets) polled.push_back({fd, POLLIN, 0});
  polled.push_back({stop, POLLIN, 0});
  EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
  EVP_DecryptInit_ex(context, EVP_aes_128_gcm(), nullptr, kKey.data(), nullptr);
  std::vector<bool> checked(sockets.size());
  uint64_t received = 0;
  for (bool stopping = false;;) {
    poll(polled.data(), polled.size(), stopping ? 0 : 1'000);
    bool any = false;
    for (size_t i = 0; i < sockets.size(); ++i) {
      if (!(polled[i].revents & POLLIN)) continue;
      std::array<uint8_t, 2'048> packet;
      for (ssize_t size; (size = recv(sockets[i], packet.data(), packet.size(), 0)) > 0;) {
        any = true;
        ++received;
        if (checked[i]) continue;
        checked[i] = true;
        uint32_t sequence_number;
        std::memcpy(&sequence_number, packet.data() + 4, sizeof(sequence_number));
        const auto nonce = NonceOf(static_cast<int>(i), sequence_number);
        std::array<uint8_t, kMaxPayload> text;
        int length = 0;
        EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data());
        EVP_DecryptUpdate(context, nullptr, &length, packet.data(), kHeader);
        EVP_DecryptUpdate(context, text.data(), &length, packet.data() + kHeader,
                          static_cast<int>(payload_bytes));
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTag,
                            packet.data() + kHeader + payload_bytes);
        if (EVP_DecryptFinal_ex(context, text.data(), &length) != 1) Die("a packet's tag is wrong");
      }
    }
    if (stopping && !any) break;
    stopping = (polled.back().revents & (POLLIN | POLLHUP)) != 0;
  }
  EVP_CIPHER_CTX_free(context);
  return received;
}

uint64_t SendFrames(const Options& options, const std::vector<sockaddr_in>& receivers) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) Die("socket");
  std::vector<EVP_CIPHER_CTX*> contexts;
  for (size_t i = 0; i < receivers.size(); ++i) {
    contexts.push_back(EVP_CIPHER_CTX_new());
    EVP_EncryptInit_ex(contexts.back(), EVP_aes_128_gcm(), nullptr, kKey.data(), nullptr);
  }
  const std::vector<uint8_t> payload(static_cast<size_t>(options.payload_bytes), 0x5A);
  std::array<uint8_t, kHeader + kMaxPayload + kTag> packet{};
  uint64_t sent = 0;
  uint32_t sequence_number = 0;

  timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  const int frames = options.frames_per_second * options.seconds;
  for (int frame = 0; frame < frames; ++frame) {
    for (int i = 0; i < options.packets_per_frame; ++i, ++sequence_number) {
      for (size_t r = 0; r < receivers.size(); ++r) {
        packet[0] = 0x80;
        std::memcpy(packet.data() + 4, &sequence_number, sizeof(sequence_number));
        const auto nonce = NonceOf(static_cast<int>(r), sequence_number);
        int length = 0;
        uint8_t* const text = packet.data() + kHeader;
        EVP_EncryptInit_ex(contexts[r], nullptr, nullptr, nullptr, nonce.data());
        EVP_EncryptUpdate(contexts[r], nullptr, &length, packet.data(), kHeader);
        EVP_EncryptUpdate(contexts[r], text, &length, payload.data(), options.payload_bytes);
        EVP_EncryptFinal_ex(contexts[r], text, &length);
        EVP_CIPHER_CTX_ctrl(contexts[r], EVP_CTRL_GCM_GET_TAG, kTag, text + payload.size());
        const ssize_t size =
            sendto(fd, packet.data(), kHeader + payload.size() + kTag, 0,
                   reinterpret_cast<const sockaddr*>(&receivers[r]), sizeof(receivers[r]));
        if (size > 0) ++sent;
      }
    }
    next.tv_nsec += 1'000'000'000L / options.frames_per_second;
    if (next.tv_nsec >= 1'000'000'000L) {
      next.tv_nsec -= 1'000'000'000L;
      ++next.tv_sec;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
  }
  for (EVP_CIPHER_CTX* context : contexts) EVP_CIPHER_CTX_free(context);
  close(fd);
  return sent;
}

double CpuMicros() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& t) { return t.tv_sec * 1e6 + t.tv_usec; };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr,
                 "usage: raw_forward <receivers> <packets a frame> <frames a second> "
                 "<payload bytes> <seconds>\n");
    return 2;
  }
  const Options options = {std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3]),
                           std::atoi(argv[4]), std::atoi(argv[5])};
  if (options.receivers < 1 || options.packets_per_frame < 1 || options.frames_per_second < 1 ||
      options.payload_bytes < 1 || options.payload_bytes > static_cast<int>(kMaxPayload) ||
      options.seconds < 1) {
    std::fprintf(stderr, "raw_forward: every argument is a number above 0, payloads up to %zu\n",
                 kMaxPayload);
    return 2;
  }

  std::vector<int> sockets;
  std::vector<sockaddr_in> addresses(static_cast<size_t>(options.receivers));
  for (sockaddr_in& address : addresses) sockets.push_back(OpenReceiver(&address));
  int stop[2], result[2];
  if (pipe(stop) != 0 || pipe(result) != 0) Die("pipe");
  const pid_t drainer = fork();
  if (drainer < 0) Die("fork");
  if (drainer == 0) {
    close(stop[1]);
    const uint64_t received = Drain(sockets, stop[0], static_cast<size_t>(options.payload_bytes));
    const bool told = write(result[1], &received, sizeof(received)) == sizeof(received);
    _exit(told ? 0 : 1);
  }
  close(stop[0]);

  const double before = CpuMicros();
  const uint64_t sent = SendFrames(options, addresses);
  const double cpu = CpuMicros() - before;
  close(stop[1]);
  uint64_t received = 0;
  if (read(result[0], &received, sizeof(received)) != sizeof(received)) Die("read");
  waitpid(drainer, nullptr, 0);
  std::printf("{\"sent\":%llu,\"received\":%llu,\"cpuMicros\":%.0f}\n",
              static_cast<unsigned long long>(sent), static_cast<unsigned long long>(received),
              cpu);
  return 0;
}
