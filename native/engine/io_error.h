// Why the system refused a socket.
#pragma once

#include <string>
#include <string_view>

#include "core/base/transport_address.h"

namespace remotemedia {

struct IoError {
  // Of errno.
  int code = 0;
  // The system call that failed, such as "bind".
  const char* operation = "";
  // What the socket was for.
  TransportAddress address;

  // "EADDRINUSE" and the like; "UNKNOWN" for what opening a socket does not end with.
  std::string_view name() const;
  // Like the messages of Node.js: "bind EADDRINUSE 127.0.0.1:5000 (Address already in use)".
  std::string message() const;
};

}  // namespace remotemedia
