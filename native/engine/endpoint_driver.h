// Connects an Endpoint with the world: real sockets, real time, and the commands of its owner.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/crypto/system_random.h"
#include "core/dtls/dtls_certificate.h"
#include "core/transport/endpoint.h"
#include "engine/command.h"
#include "engine/datagram_socket.h"
#include "engine/engine_event.h"
#include "engine/poller.h"
#include "engine/send_batch.h"
#include "engine/socket_table.h"

namespace remotemedia {

struct EngineOptions {
  // One socket is bound to each, at least one. Their ports do not matter.
  std::vector<TransportAddress> listen;
  // Of all sockets; 0: any.
  uint16_t udp_port = 0;
  EndpointOptions endpoint;
  IoBackend io = IoBackend::kPlatform;
};

// Engine thread only, but for construction and Wake. A turn of the thread is Wait, commands, Work.
class EndpointDriver {
 public:
  static std::variant<std::unique_ptr<EndpointDriver>, IoError> Make(EngineOptions options);

  const std::string& fingerprint() const { return certificate_->fingerprint_sha256(); }
  // What is listened on, with ports, in the order of the options.
  const std::vector<TransportAddress>& addresses() const { return addresses_; }

  // Sleeps until there is something to do, or not at all if `busy`.
  void Wait(bool busy);
  // Any thread.
  void Wake() { poller_->Wake(); }

  // What the command came to, if that is of interest.
  std::optional<EngineEvent> Execute(const Command& command);

  // Receives, does what is due, and sends. Answers whether work was left for the next turn, which
  // must not wait then.
  bool Work();

  std::optional<EngineEvent> PollEvent();
  // How many events were lost since the last call.
  uint64_t TakeDroppedEvents() { return endpoint_.TakeDroppedEvents(); }

  // Says goodbye to all peers.
  void RemoveAllTransports();

 private:
  EndpointDriver(EngineOptions options, std::unique_ptr<DtlsCertificate> certificate,
                 std::unique_ptr<Poller> poller);

  std::optional<IoError> Listen(uint16_t port);
  std::optional<IoError> OpenOwnSocket(uint16_t& index);
  void CloseSocket(uint16_t index);
  bool Receive(uint16_t index);

  std::optional<EngineEvent> Run(Timestamp now, const command::AddTransport& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::ConnectTransport& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::RestartIce& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::RemoveTransport& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::AddProducer& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::AddSyntheticProducer& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::RemoveProducer& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::AddConsumer& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::ConnectConsumer& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::RemoveConsumer& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::RequestEngineStats& command);
  std::optional<EngineEvent> Run(Timestamp now, const command::RequestTransportStats& command);

  const EngineOptions options_;
  const std::unique_ptr<DtlsCertificate> certificate_;
  const std::unique_ptr<Poller> poller_;
  SystemRandom random_;
  SocketTable sockets_;
  std::vector<TransportAddress> addresses_;
  SendBatch batch_;
  Endpoint endpoint_;

  // All transports, with the sockets of those that have one of their own.
  std::unordered_map<TransportId, std::optional<uint16_t>> transports_;
  std::vector<uint16_t> readable_;
  ReceiveBatch received_;
};

}  // namespace remotemedia
