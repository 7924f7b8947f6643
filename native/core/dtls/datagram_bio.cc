#include "core/dtls/datagram_bio.h"

#include <openssl/bio.h>

#include <algorithm>
#include <cstring>

#include "core/dtls/handshake_flights.h"

namespace remotemedia {
namespace {

DatagramPort& PortOf(BIO* bio) { return *static_cast<DatagramPort*>(BIO_get_data(bio)); }

// What does not fit into `out` is lost, as on a UDP socket.
int Read(BIO* bio, char* out, size_t capacity, size_t* size) {
  BIO_clear_retry_flags(bio);
  DatagramPort& port = PortOf(bio);
  if (port.incoming.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *size = std::min(capacity, port.incoming.size());
  std::memcpy(out, port.incoming.data(), *size);
  port.incoming = {};
  return 1;
}

int Write(BIO* bio, const char* data, size_t size, size_t* written) {
  BIO_clear_retry_flags(bio);
  PortOf(bio).outgoing->Write(std::span(reinterpret_cast<const uint8_t*>(data), size));
  *written = size;
  return 1;
}

long Control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

// Made once and kept for the life of the process; nullptr when out of memory.
const BIO_METHOD* Method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram");
    if (made != nullptr) {
      BIO_meth_set_read_ex(made, Read);
      BIO_meth_set_write_ex(made, Write);
      BIO_meth_set_ctrl(made, Control);
    }
    return made;
  }();
  return method;
}

}  // namespace

bio_st* NewDatagramBio(DatagramPort* port) {
  if (Method() == nullptr) return nullptr;
  BIO* const bio = BIO_new(Method());
  if (bio != nullptr) {
    BIO_set_data(bio, port);
    BIO_set_init(bio, 1);
  }
  return bio;
}

}  // namespace remotemedia
