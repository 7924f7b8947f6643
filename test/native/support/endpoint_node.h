// An Endpoint on a host of the network simulator.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "core/transport/endpoint.h"
#include "support/network_simulator.h"
#include "support/seeded_random.h"

namespace remotemedia {

class EndpointNode final : public NetworkNode {
 public:
  EndpointNode(NetworkSimulator::Host& host, const DtlsCertificate& certificate, uint64_t seed,
               EndpointOptions options, Duration clock_offset = {})
      : random_(seed),
        endpoint_({certificate, random_, host, NtpClock::FromUnixTime(clock_offset)},
                  std::move(options)) {
    host.Attach(*this);
  }

  Endpoint& endpoint() { return endpoint_; }

  // Every state the transport has told of, with the time it did.
  const std::vector<std::pair<Timestamp, TransportState>>& History(TransportId id) {
    return history_[id];
  }
  std::optional<TransportStateChanged> last_change(TransportId id) const {
    const auto change = last_changes_.find(id);
    if (change == last_changes_.end()) return std::nullopt;
    return change->second;
  }
  bool IsIn(TransportId id, TransportState state) const {
    const auto change = last_change(id);
    return change && change->state == state;
  }
  const std::vector<ProducerId>& started_producers() const { return started_producers_; }

  void HandleDatagram(Timestamp now, const Path& path, std::span<uint8_t> datagram) override {
    endpoint_.HandleDatagram(now, path, datagram);
    Finish(now);
  }
  void HandleTimeout(Timestamp now) override {
    endpoint_.HandleTimeout(now);
    Finish(now);
  }
  std::optional<Timestamp> PollTimeout() const override { return endpoint_.PollTimeout(); }

 private:
  void Finish(Timestamp now) {
    while (endpoint_.HandleHandshakes(now)) {
    }
    while (const auto event = endpoint_.PollEvent()) {
      if (const auto* change = std::get_if<TransportStateChanged>(&*event)) {
        history_[change->transport].push_back({now, change->state});
        last_changes_[change->transport] = *change;
      } else if (const auto* started = std::get_if<ProducerStarted>(&*event)) {
        started_producers_.push_back(started->producer);
      }
    }
  }

  SeededRandom random_;
  Endpoint endpoint_;
  std::map<TransportId, std::vector<std::pair<Timestamp, TransportState>>> history_;
  std::map<TransportId, TransportStateChanged> last_changes_;
  std::vector<ProducerId> started_producers_;
};

}  // namespace remotemedia
