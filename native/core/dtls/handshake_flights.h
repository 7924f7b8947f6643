// The outgoing side of a DTLS 1.2 handshake: what waits to be sent, and what is sent again when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.h"

namespace remotemedia {

// DTLS repeats whole flights until the answer arrives (RFC 6347 section 4.2.4). OpenSSL would do so
// by its own reading of the clock; here the flights are kept and repeated by the time we are told.
//
// A repetition is either the same datagrams again, or another copy of the flight whose records
// carry new sequence numbers. Both reach a peer that lost the first. Only a copy reaches a peer
// that has the flight but whose answer was lost, because a peer drops records it has seen before: a
// client needs copies of the flight that ends in Finished, since nothing else moves the server to
// repeat its own last flight. So BeginCopy() may be called several times after BeginFlight(), and
// copies are used up in turn; the last one stands in when there are no more.
class HandshakeFlights {
 public:
  using Datagram = std::vector<uint8_t>;

  // Largest datagram sent, in bytes: fits every path that carries the 1,280 bytes of IPv6.
  static constexpr size_t kMaxDatagram = 1'200;

  // The interval before the first repetition, doubled for each up to the second. RFC 6347 proposes
  // one second for paths nothing is known about. This one has just passed ICE, a lost datagram
  // makes a person wait, and a flight sent too often costs a kilobyte; browsers start at 50 ms.
  static constexpr Duration kFirstInterval = Duration::Millis(100);
  static constexpr Duration kMaxInterval = Duration::Seconds(1);

  // A new flight: what is written from here on is repeated until the next flight or Stop().
  void BeginFlight();
  // The same flight again, with new record sequence numbers; not sent before its turn.
  void BeginCopy();
  // Copies of the current flight, the first included.
  size_t copies() const { return copies_.size(); }

  // Takes whole records, at most kMaxDatagram bytes, and packs them into as few datagrams as fit.
  // What belongs to no flight (alerts, a server's last flight) is sent once.
  void Write(std::span<const uint8_t> records);

  // Queues one datagram that belongs to no flight.
  void Send(Datagram datagram);

  // What waits to be polled.
  std::span<const Datagram> queued() const { return outbox_; }

  // Queues the flight begun since the last call, if any, and starts its timer. What is written
  // after this belongs to no flight. Returns whether there was one.
  bool Flush(Timestamp now);

  // The answer has arrived, or none is wanted any more: nothing is repeated, memory is released.
  void Stop();

  void HandleTimeout(Timestamp now);
  // When HandleTimeout is due; changes with Flush, HandleTimeout and Stop.
  Timestamp timeout() const { return repeat_at_; }

  std::optional<Datagram> PollTransmit();

 private:
  using Copy = std::vector<Datagram>;

  std::vector<Datagram> outbox_;
  std::vector<Copy> copies_;
  bool recording_ = false;  // A flight was begun and not yet flushed.
  size_t next_copy_ = 0;
  Duration interval_ = kFirstInterval;
  Timestamp repeat_at_ = Timestamp::Never();
};

}  // namespace remotemedia
