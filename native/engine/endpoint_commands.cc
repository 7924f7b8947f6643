// EndpointDriver, second part: carrying out commands and saying what went wrong.

#include <string>
#include <utility>

#include "engine/clock.h"
#include "engine/endpoint_driver.h"

namespace remotemedia {
namespace {

const char* Describe(CommandResult result) {
  switch (result) {
    case CommandResult::kOk:
      return "done";
    case CommandResult::kIdInUse:
      return "the id is in use";
    case CommandResult::kNoSuchTransport:
      return "there is no such transport";
    case CommandResult::kNoSuchProducer:
      return "there is no such producer";
    case CommandResult::kNoSuchConsumer:
      return "there is no such consumer";
    case CommandResult::kUfragInUse:
      return "the ufrag is in use";
  }
  return "";
}

template <typename Id>
CommandFailed Failure(const char* command, Id id, const std::string& reason) {
  return {std::string(command) + ' ' + std::to_string(static_cast<uint32_t>(id)) + ": " + reason};
}

template <typename Id>
std::optional<EngineEvent> Outcome(CommandResult result, const char* command, Id id) {
  if (result == CommandResult::kOk) return std::nullopt;
  return Failure(command, id, Describe(result));
}

}  // namespace

std::optional<EngineEvent> EndpointDriver::Execute(const Command& command) {
  const Timestamp now = Now();
  return std::visit([&](const auto& c) { return Run(now, c); }, command);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now, const command::AddTransport& c) {
  std::optional<uint16_t> socket;
  if (c.ice_role == IceRole::kControlling) {
    socket.emplace();
    if (const auto error = OpenOwnSocket(*socket)) {
      return Failure("addTransport", c.id, error->message());
    }
  }
  const auto result = endpoint_.AddTransport(now, {.id = c.id,
                                                   .ice_role = c.ice_role,
                                                   .local = c.local,
                                                   .socket = socket.value_or(uint16_t{0})});
  if (result == CommandResult::kOk) {
    transports_[c.id] = socket;
  } else if (socket) {
    CloseSocket(*socket);
  }
  return Outcome(result, "addTransport", c.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now, const command::ConnectTransport& c) {
  return Outcome(endpoint_.ConnectTransport(now, c.id, c.remote), "connectTransport", c.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now, const command::RestartIce& c) {
  return Outcome(endpoint_.RestartIce(now, c.id, c.local), "restartIce", c.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now, const command::RemoveTransport& c) {
  const auto result = endpoint_.RemoveTransport(now, c.id);
  if (const auto entry = transports_.find(c.id); entry != transports_.end()) {
    if (entry->second) CloseSocket(*entry->second);
    transports_.erase(entry);
  }
  return Outcome(result, "removeTransport", c.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp, const command::AddProducer& c) {
  return Outcome(endpoint_.AddProducer(c.transport, c.parameters), "addProducer", c.parameters.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now,
                                               const command::AddSyntheticProducer& c) {
  return Outcome(endpoint_.AddSyntheticProducer(now, c.parameters), "addSyntheticProducer",
                 c.parameters.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now, const command::RemoveProducer& c) {
  return Outcome(endpoint_.RemoveProducer(now, c.id), "removeProducer", c.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp, const command::AddConsumer& c) {
  return Outcome(endpoint_.AddConsumer(c.transport, c.parameters), "addConsumer", c.parameters.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now, const command::ConnectConsumer& c) {
  return Outcome(endpoint_.ConnectConsumer(now, c.id, c.producer, c.payload_types),
                 "connectConsumer", c.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp now, const command::RemoveConsumer& c) {
  return Outcome(endpoint_.RemoveConsumer(now, c.id), "removeConsumer", c.id);
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp, const command::RequestEngineStats& c) {
  return EngineStatsEvent{c.request_id, TakeSnapshot(endpoint_, batch_.counters())};
}

std::optional<EngineEvent> EndpointDriver::Run(Timestamp, const command::RequestTransportStats& c) {
  TransportStatsEvent event{.request_id = c.request_id, .stats = std::nullopt};
  if (const Transport* const transport = endpoint_.FindTransport(c.id)) {
    event.stats = TakeSnapshot(*transport);
  }
  return event;
}

}  // namespace remotemedia
