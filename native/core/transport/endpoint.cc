#include "core/transport/endpoint.h"

#include <algorithm>
#include <utility>

#include "core/ice/ice_controlling.h"
#include "core/ice/ice_lite.h"
#include "core/transport/datagram_kind.h"

namespace remotemedia {
namespace {

// Handshake datagrams that may wait: a thousand clients' first flights. More are dropped, and
// repeated by their senders.
constexpr size_t kMaxHandshakes = 1'024;
// Of one peer: a fragmented ClientHello and its repeats. No peer can take the places of others.
constexpr size_t kMaxHandshakesPerTransport = 8;
// A full handshake costs us about 0.3 ms in two datagrams, a forwarded packet 2 µs.
constexpr int kHandshakesPerTurn = 4;

}  // namespace

Endpoint::Endpoint(const Dependencies& dependencies, EndpointOptions options)
    : dependencies_(dependencies), options_(std::move(options)) {}

Endpoint::~Endpoint() = default;

CommandResult Endpoint::AddTransport(Timestamp, const TransportParameters& parameters) {
  if (transports_.contains(parameters.id)) return CommandResult::kIdInUse;
  if (by_ufrag_.contains(parameters.local.ufrag)) return CommandResult::kUfragInUse;

  std::unique_ptr<IceAgent> ice;
  IceControlling* controlling = nullptr;
  if (parameters.ice_role == IceRole::kLite) {
    ice =
        std::make_unique<IceLite>(IceConfig{.timeout = options_.consent_timeout}, parameters.local);
  } else {
    // A client that only listens must show that it is there often enough for the server's patience.
    const IceControllingConfig config = {.keepalive = options_.consent_timeout / 4};
    auto agent = std::make_unique<IceControlling>(config, parameters.local, dependencies_.random);
    controlling = agent.get();
    ice = std::move(agent);
  }
  const TimerWheel::Key timer = TakeTimerKey();
  auto transport =
      std::make_unique<Transport>(parameters.id, timer, std::move(ice), options_.srtp_profiles,
                                  Transport::Dependencies{.certificate = dependencies_.certificate,
                                                          .random = dependencies_.random,
                                                          .sink = dependencies_.sink,
                                                          .timers = timers_,
                                                          .events = events_,
                                                          .counters = counters_,
                                                          .clock = dependencies_.clock});
  timer_owners_[timer].transport = transport.get();
  by_ufrag_[parameters.local.ufrag] = transport.get();
  if (controlling) by_socket_[parameters.socket] = {transport.get(), controlling};
  transports_[parameters.id] = std::move(transport);
  return CommandResult::kOk;
}

CommandResult Endpoint::ConnectTransport(Timestamp now, TransportId id,
                                         const RemoteParameters& remote) {
  Transport* const transport = Find(id);
  if (!transport) return CommandResult::kNoSuchTransport;
  for (const auto& [socket, client] : by_socket_) {
    if (client.transport != transport) continue;
    for (const RemoteCandidate& candidate : remote.candidates) {
      client.ice->AddRemoteCandidate({socket, candidate.address}, candidate.priority);
    }
  }
  transport->Connect(now, remote.ice, remote.dtls_role, remote.fingerprint);
  return CommandResult::kOk;
}

CommandResult Endpoint::RestartIce(Timestamp now, TransportId id, IceCredentials local) {
  Transport* const transport = Find(id);
  if (!transport) return CommandResult::kNoSuchTransport;
  const auto [entry, added] = by_ufrag_.try_emplace(local.ufrag, transport);
  if (!added) return CommandResult::kUfragInUse;
  transport->RestartIce(now, std::move(local));
  std::erase_if(by_ufrag_, [&](const auto& known) {
    return known.second == transport && !transport->ice().AcceptsUfrag(known.first);
  });
  return CommandResult::kOk;
}

CommandResult Endpoint::RemoveTransport(Timestamp now, TransportId id) {
  const auto entry = transports_.find(id);
  if (entry == transports_.end()) return CommandResult::kNoSuchTransport;
  Transport* const transport = entry->second.get();

  std::vector<ProducerId> producers;
  for (const auto& [producer, owner] : producer_owners_) {
    if (owner == transport) producers.push_back(producer);
  }
  for (const ProducerId producer : producers) RemoveProducer(now, producer);
  std::vector<ConsumerId> consumers;
  for (const auto& [consumer, owner] : consumer_owners_) {
    if (owner == transport) consumers.push_back(consumer);
  }
  for (const ConsumerId consumer : consumers) RemoveConsumer(now, consumer);

  transport->Close(now);
  const auto is_its = [&](const auto& known) { return known.second == transport; };
  std::erase_if(by_ufrag_, is_its);
  std::erase_if(by_path_, is_its);
  std::erase_if(by_socket_,
                [&](const auto& client) { return client.second.transport == transport; });
  timer_owners_[transport->timer()] = {};
  free_timer_keys_.push_back(transport->timer());
  transports_.erase(entry);
  return CommandResult::kOk;
}

CommandResult Endpoint::AddProducer(TransportId transport_id, ProducerParameters parameters) {
  Transport* const transport = Find(transport_id);
  if (!transport) return CommandResult::kNoSuchTransport;
  const ProducerId id = parameters.id;
  Producer* const producer = router_.AddProducer(std::move(parameters));
  if (!producer) return CommandResult::kIdInUse;
  transport->AddProducer(*producer);
  producer_owners_[id] = transport;
  return CommandResult::kOk;
}

CommandResult Endpoint::AddSyntheticProducer(Timestamp now,
                                             const SyntheticSourceParameters& parameters) {
  ProducerParameters producer_parameters;
  producer_parameters.id = parameters.id;
  producer_parameters.is_video = parameters.is_video;
  producer_parameters.codecs = {parameters.codec};
  Producer* const producer = router_.AddProducer(std::move(producer_parameters));
  if (!producer) return CommandResult::kIdInUse;
  auto source = std::make_unique<SyntheticSource>(now, *producer, parameters, dependencies_.random);
  const TimerWheel::Key timer = TakeTimerKey();
  timer_owners_[timer].source = source.get();
  timers_.Set(timer, source->PollTimeout());
  synthetic_sources_[parameters.id] = {timer, std::move(source)};
  return CommandResult::kOk;
}

CommandResult Endpoint::RemoveProducer(Timestamp now, ProducerId id) {
  if (!router_.FindProducer(id)) return CommandResult::kNoSuchProducer;
  if (const auto owner = producer_owners_.find(id); owner != producer_owners_.end()) {
    owner->second->RemoveProducer(id);
    producer_owners_.erase(owner);
  }
  if (const auto synthetic = synthetic_sources_.find(id); synthetic != synthetic_sources_.end()) {
    const TimerWheel::Key timer = synthetic->second.timer;
    timers_.Cancel(timer);
    timer_owners_[timer] = {};
    free_timer_keys_.push_back(timer);
    synthetic_sources_.erase(synthetic);
  }
  router_.RemoveProducer(now, id);
  return CommandResult::kOk;
}

CommandResult Endpoint::AddConsumer(TransportId transport_id, ConsumerParameters parameters) {
  Transport* const transport = Find(transport_id);
  if (!transport) return CommandResult::kNoSuchTransport;
  const ConsumerId id = parameters.id;
  Consumer* const consumer =
      router_.AddConsumer(std::move(parameters), *transport, dependencies_.random);
  if (!consumer) return CommandResult::kIdInUse;
  transport->AddConsumer(*consumer);
  consumer_owners_[id] = transport;
  return CommandResult::kOk;
}

CommandResult Endpoint::ConnectConsumer(Timestamp now, ConsumerId id, ProducerId producer_id,
                                        std::vector<PayloadTypeMapping> payload_types) {
  Consumer* const consumer = router_.FindConsumer(id);
  if (!consumer) return CommandResult::kNoSuchConsumer;
  Producer* producer = nullptr;
  if (producer_id != ProducerId{}) {
    producer = router_.FindProducer(producer_id);
    if (!producer) return CommandResult::kNoSuchProducer;
  }
  router_.Connect(now, *consumer, producer, std::move(payload_types));
  return CommandResult::kOk;
}

CommandResult Endpoint::RemoveConsumer(Timestamp now, ConsumerId id) {
  const auto owner = consumer_owners_.find(id);
  if (owner == consumer_owners_.end()) return CommandResult::kNoSuchConsumer;
  owner->second->RemoveConsumer(now, *router_.FindConsumer(id));
  consumer_owners_.erase(owner);
  router_.RemoveConsumer(id);
  return CommandResult::kOk;
}

void Endpoint::HandleDatagram(Timestamp now, Timestamp arrival, const Path& path,
                              std::span<uint8_t> datagram) {
  ++counters_.datagrams_received;
  counters_.bytes_received += datagram.size();
  const DatagramKind kind = KindOf(datagram);
  if (kind == DatagramKind::kStun) {
    HandleStun(now, path, datagram);
    return;
  }
  const auto known = by_path_.find(path);
  if (kind == DatagramKind::kUnknown || known == by_path_.end()) {
    ++counters_.unknown_source;
    return;
  }
  Transport& transport = *known->second;
  if (kind == DatagramKind::kRtp) {
    transport.HandleRtp(now, arrival, path, datagram);
  } else if (kind == DatagramKind::kRtcp) {
    transport.HandleRtcp(now, path, datagram);
  } else {
    QueueHandshake(transport.id(), path, datagram);
  }
}

void Endpoint::HandleStun(Timestamp now, const Path& path, std::span<const uint8_t> datagram) {
  Transport* const transport = TransportForStun(path, datagram);
  if (!transport) {
    ++counters_.unauthenticated_stun;
    return;
  }
  switch (transport->HandleStun(now, path, datagram)) {
    case StunResult::kHandled:
      if (transport->ice().IsValidPath(path)) Claim(path, *transport);
      break;
    case StunResult::kUnauthenticated:
      ++counters_.unauthenticated_stun;
      break;
    case StunResult::kIgnored:
      ++counters_.malformed_stun;
      break;
    case StunResult::kRejected:
      break;
  }
  while (const auto dropped = transport->PollDroppedPath()) {
    const auto entry = by_path_.find(*dropped);
    if (entry != by_path_.end() && entry->second == transport) by_path_.erase(entry);
  }
}

void Endpoint::Claim(const Path& path, Transport& transport) {
  const auto [entry, added] = by_path_.try_emplace(path, &transport);
  if (added) return;
  // A peer could name another's address as the source of its checks: what that one is sending on
  // stays its own until it falls silent.
  const IceAgent& owner = entry->second->ice();
  const bool in_use = owner.state() == IceState::kConnected && owner.selected_path() == path;
  if (!in_use) entry->second = &transport;
}

Transport* Endpoint::TransportForStun(const Path& path, std::span<const uint8_t> datagram) const {
  if (const auto owner = by_socket_.find(path.socket); owner != by_socket_.end()) {
    return owner->second.transport;
  }
  const auto ufrag = LocalUfragOf(datagram);
  if (!ufrag) return nullptr;
  const auto entry = by_ufrag_.find(*ufrag);
  return entry == by_ufrag_.end() ? nullptr : entry->second;
}

void Endpoint::QueueHandshake(TransportId transport, const Path& path,
                              std::span<const uint8_t> datagram) {
  const size_t waiting = ++waiting_handshakes_[transport];
  if (waiting > kMaxHandshakesPerTransport || handshakes_.size() == kMaxHandshakes) {
    ++counters_.dtls_overflow;
    ReleaseHandshake(transport);
    return;
  }
  handshakes_.push_back({transport, path, {datagram.begin(), datagram.end()}});
}

void Endpoint::ReleaseHandshake(TransportId transport) {
  const auto entry = waiting_handshakes_.find(transport);
  if (--entry->second == 0) waiting_handshakes_.erase(entry);
}

bool Endpoint::HandleHandshakes(Timestamp now) {
  for (int i = 0; i < kHandshakesPerTurn && !handshakes_.empty(); ++i) {
    const Handshake handshake = std::move(handshakes_.front());
    handshakes_.pop_front();
    ReleaseHandshake(handshake.transport);
    Transport* const transport = Find(handshake.transport);
    if (transport) transport->HandleDtls(now, handshake.path, handshake.datagram);
  }
  return !handshakes_.empty();
}

void Endpoint::HandleTimeout(Timestamp now) {
  while (const auto key = timers_.PopDue(now)) {
    const TimerOwner& owner = timer_owners_[*key];
    if (owner.transport) {
      owner.transport->HandleTimeout(now);
    } else if (owner.source) {
      owner.source->HandleTimeout(now);
      timers_.Set(*key, owner.source->PollTimeout());
    }
  }
}

const Transport* Endpoint::FindTransport(TransportId id) const {
  const auto entry = transports_.find(id);
  return entry == transports_.end() ? nullptr : entry->second.get();
}

Transport* Endpoint::Find(TransportId id) {
  const auto entry = transports_.find(id);
  return entry == transports_.end() ? nullptr : entry->second.get();
}

TimerWheel::Key Endpoint::TakeTimerKey() {
  if (!free_timer_keys_.empty()) {
    const TimerWheel::Key key = free_timer_keys_.back();
    free_timer_keys_.pop_back();
    return key;
  }
  timer_owners_.emplace_back();
  return static_cast<TimerWheel::Key>(timer_owners_.size() - 1);
}

}  // namespace remotemedia
