// What an engine has to tell its owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/transport/events.h"
#include "engine/snapshot.h"

namespace remotemedia {

struct EngineStatsEvent {
  uint32_t request_id = 0;
  EngineSnapshot stats;
};

struct TransportStatsEvent {
  uint32_t request_id = 0;
  std::optional<TransportSnapshot> stats;  // nullopt: there is no such transport
};

struct CommandFailed {
  std::string message;
};

using EngineEvent = std::variant<ProducerStarted, TransportStateChanged, EngineStatsEvent,
                                 TransportStatsEvent, CommandFailed>;

}  // namespace remotemedia
