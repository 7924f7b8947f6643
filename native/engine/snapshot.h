// Statistics as they were at one moment, copied out of the engine thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/srtp/srtp_profile.h"
#include "core/transport/counters.h"
#include "core/transport/endpoint.h"
#include "core/transport/events.h"
#include "core/transport/transport.h"
#include "engine/datagram_socket.h"

namespace remotemedia {

struct EngineSnapshot {
  size_t transports = 0;
  size_t producers = 0;
  size_t consumers = 0;
  Counters counters;
  SendCounters sent;
};

// One for each stream of a producer: simulcast has several.
struct ProducerSnapshot {
  ProducerId id{};
  uint32_t ssrc = 0;  // 0 until known
  int64_t packets_received = 0;
  uint64_t bytes_received = 0;  // RTP payload
  int64_t packets_lost = 0;     // after repair
  uint64_t packets_recovered = 0;
  uint64_t packets_duplicated = 0;
  double jitter_ms = 0;
  uint64_t nacks_sent = 0;
  uint64_t keyframe_requests_sent = 0;
  uint64_t keyframes_received = 0;  // of the producer
};

struct ConsumerSnapshot {
  ConsumerId id{};
  uint32_t ssrc = 0;
  ConsumerStats stats;
  double jitter_ms = 0;  // as the receiver reports it
};

struct TransportSnapshot {
  TransportId id{};
  TransportState state = TransportState::kNew;
  std::optional<SrtpProfile> srtp_profile;
  TransportStats stats;
  std::vector<ProducerSnapshot> producers;
  std::vector<ConsumerSnapshot> consumers;
};

EngineSnapshot TakeSnapshot(const Endpoint& endpoint, const SendCounters& sent);
TransportSnapshot TakeSnapshot(const Transport& transport);

}  // namespace remotemedia
