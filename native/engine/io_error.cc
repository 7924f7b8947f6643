#include "engine/io_error.h"

#include <cerrno>
#include <system_error>

namespace remotemedia {

// The C library's own function for this is not in every C library.
std::string_view IoError::name() const {
  switch (code) {
    case EACCES:
      return "EACCES";
    case EADDRINUSE:
      return "EADDRINUSE";
    case EADDRNOTAVAIL:
      return "EADDRNOTAVAIL";
    case EAFNOSUPPORT:
      return "EAFNOSUPPORT";
    case EINVAL:
      return "EINVAL";
    case EMFILE:
      return "EMFILE";
    case ENFILE:
      return "ENFILE";
    case ENOBUFS:
      return "ENOBUFS";
    case ENOMEM:
      return "ENOMEM";
    case EPERM:
      return "EPERM";
    default:
      return "UNKNOWN";
  }
}

std::string IoError::message() const {
  std::string text = operation;
  text.append(" ").append(name()).append(" ").append(address.ToString());
  return text.append(" (").append(std::generic_category().message(code)).append(")");
}

}  // namespace remotemedia
