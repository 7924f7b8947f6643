// The one door to the network: a UDP socket that takes and gives datagrams in batches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>

#include "core/base/time.h"
#include "core/base/transport_address.h"
#include "engine/io_backend.h"
#include "engine/io_error.h"

namespace remotemedia {

// Room for what comes in at once, shared by all sockets of a thread.
class ReceiveBatch {
 public:
  static constexpr size_t kSize = 64;
  // What comes over a path with the usual MTU of 1,500 fits; longer datagrams are dropped.
  static constexpr size_t kMaxDatagram = 2'048;

  struct Datagram {
    TransportAddress from;
    std::span<uint8_t> data;
    // How long ago it reached this machine, where the system tells; else 0.
    Duration age;
  };

  // The whole room of one datagram.
  std::span<uint8_t> room(size_t index) { return rooms_[index]; }
  void Clear() { count_ = 0; }
  void Add(const TransportAddress& from, std::span<uint8_t> data, Duration age) {
    list_[count_++] = {from, data, age};
  }
  std::span<const Datagram> datagrams() const { return std::span(list_).first(count_); }

 private:
  std::array<std::array<uint8_t, kMaxDatagram>, kSize> rooms_;
  std::array<Datagram, kSize> list_;
  size_t count_ = 0;
};

struct OutgoingDatagram {
  TransportAddress to;
  std::span<const uint8_t> data;
};

struct SendCounters {
  uint64_t datagrams = 0;
  uint64_t bytes = 0;
  // Datagrams the system did not take. They are gone: media that is late is worth nothing.
  uint64_t errors = 0;
};

// One thread. Nothing blocks and nothing allocates.
class DatagramSocket {
 public:
  // Bound to `address`; port 0 lets the system choose.
  static std::variant<std::unique_ptr<DatagramSocket>, IoError> Bind(
      const TransportAddress& address, IoBackend backend = IoBackend::kPlatform);

  virtual ~DatagramSocket() = default;

  // For a Poller.
  virtual int fd() const = 0;
  virtual const TransportAddress& address() const = 0;

  // Fills the batch with what has arrived. Answers whether there may be more.
  virtual bool Receive(ReceiveBatch& batch) = 0;

  // Sends in order and adds up what became of it. A destination that fails does not hold up others.
  virtual void Send(std::span<const OutgoingDatagram> datagrams, SendCounters& counters) = 0;
};

}  // namespace remotemedia
