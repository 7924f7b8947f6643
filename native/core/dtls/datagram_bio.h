// Lets OpenSSL read and write datagrams in memory. Its own memory BIO is a stream, which loses
// where one datagram ends and the next begins.
#pragma once

#include <cstdint>
#include <span>

struct bio_st;

namespace remotemedia {

class HandshakeFlights;

// What a BIO reads from and writes to.
struct DatagramPort {
  std::span<const uint8_t> incoming;  // One datagram; emptied when OpenSSL has read it.
  HandshakeFlights* outgoing;
};

// `port` must outlive the BIO. The caller owns the result, which is nullptr when out of memory.
bio_st* NewDatagramBio(DatagramPort* port);

}  // namespace remotemedia
