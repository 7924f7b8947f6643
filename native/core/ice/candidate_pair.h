// One way to reach the peer, and the connectivity check that is under way on it (RFC 8445
// section 6.1.2).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "core/base/transport_address.h"
#include "core/ice/stun_message.h"

namespace remotemedia {

// A Binding request of ours that has not been answered yet.
struct ConnectivityCheck {
  TransactionId id{};
  bool nominating = false;
  // The role it was sent in.
  bool controlling = true;
  // How often it has been sent.
  int transmissions = 0;
  // When it is sent again, or given up.
  Timestamp next_step;
  // It is due and PollTransmit has not handed it out yet.
  bool send = false;
};

// Frozen pairs (RFC 8445 section 6.1.2.6) do not exist here: with BUNDLE there is one component, so
// every pair may be checked from the start.
struct CandidatePair {
  enum class State : uint8_t { kWaiting, kInProgress, kSucceeded, kFailed };

  Path path;
  uint32_t priority = 0;
  State state = State::kWaiting;
  // Checked before all others, because the peer has just sent a check this way.
  bool triggered = false;
  bool nominated_by_peer = false;
  // A check on it succeeded, in this session or one before.
  bool valid = false;
  std::optional<ConnectivityCheck> check = std::nullopt;
};

}  // namespace remotemedia
