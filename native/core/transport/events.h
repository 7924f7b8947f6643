// What the endpoint has to tell its owner.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <variant>

#include "core/base/ids.h"
#include "core/base/transport_address.h"
#include "core/dtls/dtls_transport.h"

namespace remotemedia {

enum class TransportState : uint8_t {
  kNew,
  kConnecting,    // ICE has a path, DTLS runs
  kConnected,     // media flows
  kDisconnected,  // the peer is silent; comes back if the peer does
  kFailed,        // DTLS could not be set up; final
  kClosed,        // the peer closed the DTLS association; final
};

struct TransportStateChanged {
  TransportId transport{};
  TransportState state = TransportState::kNew;
  DtlsFailure failure = DtlsFailure::kNone;
  std::optional<Path> path;  // the selected one
};

struct ProducerStarted {
  ProducerId producer{};
};

using Event = std::variant<TransportStateChanged, ProducerStarted>;

// Bounded: an owner that does not poll loses the newest events and is told how many.
class EventQueue {
 public:
  static constexpr size_t kMaxEvents = 4'096;

  void Push(Event event) {
    if (events_.size() == kMaxEvents) {
      ++dropped_;
      return;
    }
    events_.push_back(std::move(event));
  }

  std::optional<Event> Poll() {
    if (events_.empty()) return std::nullopt;
    Event event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

  // How many were lost since the last call.
  uint64_t TakeDropped() { return std::exchange(dropped_, 0); }

 private:
  std::deque<Event> events_;
  uint64_t dropped_ = 0;
};

}  // namespace remotemedia
