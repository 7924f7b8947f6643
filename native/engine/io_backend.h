// Which system calls do the I/O.
#pragma once

#include <cstdint>

namespace remotemedia {

enum class IoBackend : uint8_t {
  kPlatform,  // the fastest there is here: on Linux epoll, recvmmsg and sendmmsg
  kPortable,  // POSIX only: poll, recvfrom and sendto
};

}  // namespace remotemedia
