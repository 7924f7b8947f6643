// What the owner of an engine can ask of its thread.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "core/base/ids.h"
#include "core/routing/media_parameters.h"
#include "core/routing/synthetic_source.h"
#include "core/transport/endpoint.h"

namespace remotemedia {
namespace command {

struct AddTransport {
  TransportId id{};
  // A controlling transport gets a socket of its own, on the first address the engine listens on.
  IceRole ice_role = IceRole::kLite;
  IceCredentials local;
};
struct ConnectTransport {
  TransportId id{};
  RemoteParameters remote;
};
struct RestartIce {
  TransportId id{};
  IceCredentials local;
};
struct RemoveTransport {
  TransportId id{};
};
struct AddProducer {
  TransportId transport{};
  ProducerParameters parameters;
};
struct AddSyntheticProducer {
  SyntheticSourceParameters parameters;
};
struct RemoveProducer {
  ProducerId id{};
};
struct AddConsumer {
  TransportId transport{};
  ConsumerParameters parameters;
};
struct ConnectConsumer {
  ConsumerId id{};
  ProducerId producer{};  // 0: none
  std::vector<PayloadTypeMapping> payload_types;
};
struct RemoveConsumer {
  ConsumerId id{};
};
// Answered by an EngineStatsEvent and a TransportStatsEvent with the same request id.
struct RequestEngineStats {
  uint32_t request_id = 0;
};
struct RequestTransportStats {
  uint32_t request_id = 0;
  TransportId id{};
};

}  // namespace command

// The first alternative makes an empty slot of a queue cheap.
using Command =
    std::variant<command::RemoveTransport, command::AddTransport, command::ConnectTransport,
                 command::RestartIce, command::AddProducer, command::AddSyntheticProducer,
                 command::RemoveProducer, command::AddConsumer, command::ConnectConsumer,
                 command::RemoveConsumer, command::RequestEngineStats,
                 command::RequestTransportStats>;

}  // namespace remotemedia
