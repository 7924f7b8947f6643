#include "engine/snapshot.h"

namespace remotemedia {
namespace {

ProducerSnapshot TakeSnapshot(const ReceiveStream& stream) {
  const ReceiveStats& stats = stream.stats();
  const ReceiveStatistics* const statistics = stream.statistics();
  return {.id = stream.producer().id(),
          .ssrc = stream.ssrc(),
          .packets_received = statistics ? statistics->packets_received() : 0,
          .bytes_received = stats.bytes_received,
          .packets_lost = statistics ? statistics->packets_lost() : 0,
          .packets_recovered = stats.packets_recovered,
          .packets_duplicated = stats.packets_duplicated,
          .jitter_ms = stream.jitter_ms(),
          .nacks_sent = stats.nacks_sent,
          .keyframe_requests_sent = stats.keyframe_requests_sent,
          .keyframes_received = stream.producer().keyframes()};
}

// The report counts in the clock of what is being sent; before the first packet there is no report.
double JitterMs(const Consumer& consumer) {
  const auto& codecs = consumer.parameters().codecs;
  if (codecs.empty()) return 0;
  return 1'000.0 * consumer.stats().jitter / codecs.front().clock_rate;
}

ConsumerSnapshot TakeSnapshot(const Consumer& consumer) {
  return {.id = consumer.id(),
          .ssrc = consumer.parameters().ssrc,
          .stats = consumer.stats(),
          .jitter_ms = JitterMs(consumer)};
}

}  // namespace

EngineSnapshot TakeSnapshot(const Endpoint& endpoint, const SendCounters& sent) {
  return {.transports = endpoint.transport_count(),
          .producers = endpoint.router().producer_count(),
          .consumers = endpoint.router().consumer_count(),
          .counters = endpoint.counters(),
          .sent = sent};
}

TransportSnapshot TakeSnapshot(const Transport& transport) {
  TransportSnapshot snapshot = {.id = transport.id(),
                                .state = transport.state(),
                                .srtp_profile = transport.srtp_profile(),
                                .stats = transport.stats(),
                                .producers = {},
                                .consumers = {}};
  transport.receiver().ForEachStream(
      [&](const ReceiveStream& stream) { snapshot.producers.push_back(TakeSnapshot(stream)); });
  for (const Consumer* consumer : transport.sender().consumers()) {
    snapshot.consumers.push_back(TakeSnapshot(*consumer));
  }
  return snapshot;
}

}  // namespace remotemedia
