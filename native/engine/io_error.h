// Why the system refused a socket.
#pragma once

#include "core/base/transport_address.h"

namespace remotemedia {

struct IoError {
  // Of errno, such as EADDRINUSE.
  int code = 0;
  // The system call that failed, such as "bind".
  const char* operation = "";
  // What the socket was for.
  TransportAddress address;
};

}  // namespace remotemedia
