// What became of the datagrams of an endpoint, counted since it began.
#pragma once

#include <cstdint>

namespace remotemedia {

struct Counters {
  uint64_t datagrams_received = 0;
  uint64_t bytes_received = 0;

  // Dropped, by reason.
  uint64_t unknown_source = 0;  // no protocol of ours, or an address that passed no ICE check
  uint64_t malformed_stun = 0;
  uint64_t unauthenticated_stun = 0;
  uint64_t dtls_overflow = 0;  // beyond the handshake datagrams that may wait
  uint64_t malformed_rtp = 0;
  uint64_t malformed_rtcp = 0;
  uint64_t srtp_authentication = 0;
  uint64_t srtp_replay = 0;
  uint64_t no_keys = 0;  // media before the DTLS handshake was done
  uint64_t unknown_ssrc = 0;
};

}  // namespace remotemedia
