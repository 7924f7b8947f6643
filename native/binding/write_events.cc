#include "binding/write_events.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "binding/names.h"

namespace remotemedia {
namespace {

// Builds one object. Counters become numbers: exact up to 2^53.
class ObjectWriter {
 public:
  explicit ObjectWriter(Napi::Env env) : env_(env), object_(Napi::Object::New(env)) {}

  template <typename T>
  ObjectWriter& Set(const char* name, const T& value) {
    if constexpr (std::is_convertible_v<T, Napi::Value>) {
      object_.Set(name, value);
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      const std::string_view text = value;
      object_.Set(name, Napi::String::New(env_, text.data(), text.size()));
    } else {
      object_.Set(name, Napi::Number::New(env_, static_cast<double>(value)));
    }
    return *this;
  }

  // An array of what `write` makes of each item.
  template <typename Items, typename F>
  ObjectWriter& SetList(const char* name, const Items& items, F&& write) {
    auto array = Napi::Array::New(env_, items.size());
    uint32_t i = 0;
    for (const auto& item : items) array.Set(i++, write(env_, item));
    object_.Set(name, array);
    return *this;
  }

  operator Napi::Object() const { return object_; }  // NOLINT(google-explicit-constructor)

 private:
  Napi::Env env_;
  Napi::Object object_;
};

template <typename Id>
uint32_t Number(Id id) {
  return static_cast<uint32_t>(id);
}

Napi::Object WriteEngineStats(Napi::Env env, const EngineSnapshot& stats) {
  const Counters& counters = stats.counters;
  const Napi::Object dropped = ObjectWriter(env)
                                   .Set("unknownSource", counters.unknown_source)
                                   .Set("malformedStun", counters.malformed_stun)
                                   .Set("unauthenticatedStun", counters.unauthenticated_stun)
                                   .Set("dtlsOverflow", counters.dtls_overflow)
                                   .Set("malformedRtp", counters.malformed_rtp)
                                   .Set("malformedRtcp", counters.malformed_rtcp)
                                   .Set("srtpAuthentication", counters.srtp_authentication)
                                   .Set("srtpReplay", counters.srtp_replay)
                                   .Set("noKeys", counters.no_keys)
                                   .Set("unknownSsrc", counters.unknown_ssrc);
  return ObjectWriter(env)
      .Set("transports", stats.transports)
      .Set("producers", stats.producers)
      .Set("consumers", stats.consumers)
      .Set("datagramsReceived", counters.datagrams_received)
      .Set("bytesReceived", counters.bytes_received)
      .Set("datagramsSent", stats.sent.datagrams)
      .Set("bytesSent", stats.sent.bytes)
      .Set("sendErrors", stats.sent.errors)
      .Set("dropped", dropped);
}

Napi::Object WriteProducerStats(Napi::Env env, const ProducerSnapshot& producer) {
  return ObjectWriter(env)
      .Set("producerId", Number(producer.id))
      .Set("ssrc", producer.ssrc)
      .Set("packetsReceived", producer.packets_received)
      .Set("bytesReceived", producer.bytes_received)
      .Set("packetsLost", producer.packets_lost)
      .Set("packetsRecovered", producer.packets_recovered)
      .Set("packetsDuplicated", producer.packets_duplicated)
      .Set("jitterMs", producer.jitter_ms)
      .Set("nacksSent", producer.nacks_sent)
      .Set("keyframeRequestsSent", producer.keyframe_requests_sent)
      .Set("keyframesReceived", producer.keyframes_received);
}

Napi::Object WriteConsumerStats(Napi::Env env, const ConsumerSnapshot& consumer) {
  const ConsumerStats& stats = consumer.stats;
  const double rtt_ms = stats.round_trip_time ? stats.round_trip_time->seconds() * 1'000 : -1;
  return ObjectWriter(env)
      .Set("consumerId", Number(consumer.id))
      .Set("ssrc", consumer.ssrc)
      .Set("packetsSent", stats.packets_sent)
      .Set("bytesSent", stats.bytes_sent)
      .Set("packetsRetransmitted", stats.packets_retransmitted)
      .Set("nacksReceived", stats.nacks_received)
      .Set("keyframeRequestsReceived", stats.keyframe_requests_received)
      .Set("fractionLost", stats.fraction_lost / 256.0)
      .Set("packetsLost", stats.packets_lost)
      .Set("roundTripTimeMs", rtt_ms)
      .Set("jitterMs", consumer.jitter_ms);
}

Napi::Object WriteTransportStats(Napi::Env env, const TransportSnapshot& transport) {
  const std::string_view profile =
      transport.srtp_profile ? NameOf(kSrtpProfiles, *transport.srtp_profile) : "";
  return ObjectWriter(env)
      .Set("transportId", Number(transport.id))
      .Set("state", NameOf(kTransportStates, transport.state))
      .Set("srtpProfile", profile)
      .Set("packetsReceived", transport.stats.packets_received)
      .Set("bytesReceived", transport.stats.bytes_received)
      .Set("packetsSent", transport.stats.packets_sent)
      .Set("bytesSent", transport.stats.bytes_sent)
      .SetList("producers", transport.producers, WriteProducerStats)
      .SetList("consumers", transport.consumers, WriteConsumerStats);
}

Napi::Object WriteEvent(Napi::Env env, const TransportStateChanged& event) {
  return ObjectWriter(env)
      .Set("type", "transport-state")
      .Set("transportId", Number(event.transport))
      .Set("state", NameOf(kTransportStates, event.state))
      .Set("failure", NameOf(kTransportFailures, event.failure))
      .Set("remoteAddress", event.path ? event.path->remote.ToString() : "");
}

Napi::Object WriteEvent(Napi::Env env, const ProducerStarted& event) {
  return ObjectWriter(env)
      .Set("type", "producer-started")
      .Set("producerId", Number(event.producer));
}

Napi::Object WriteEvent(Napi::Env env, const EngineStatsEvent& event) {
  return ObjectWriter(env)
      .Set("type", "engine-stats")
      .Set("requestId", event.request_id)
      .Set("stats", WriteEngineStats(env, event.stats));
}

Napi::Object WriteEvent(Napi::Env env, const TransportStatsEvent& event) {
  const Napi::Value stats =
      event.stats ? Napi::Value(WriteTransportStats(env, *event.stats)) : env.Null();
  return ObjectWriter(env)
      .Set("type", "transport-stats")
      .Set("requestId", event.request_id)
      .Set("stats", stats);
}

Napi::Object WriteEvent(Napi::Env env, const CommandFailed& event) {
  return ObjectWriter(env).Set("type", "command-failed").Set("message", event.message);
}

}  // namespace

Napi::Array WriteEvents(Napi::Env env, const std::vector<EngineEvent>& events, uint64_t dropped) {
  auto array = Napi::Array::New(env, events.size() + (dropped > 0 ? 1 : 0));
  uint32_t i = 0;
  for (const EngineEvent& event : events) {
    const Napi::HandleScope scope(env);
    array.Set(i++, std::visit([&](const auto& e) { return WriteEvent(env, e); }, event));
  }
  if (dropped > 0) {
    const Napi::Object event =
        ObjectWriter(env).Set("type", "events-dropped").Set("count", dropped);
    array.Set(i, event);
  }
  return array;
}

Napi::Array WriteAddresses(Napi::Env env, const std::vector<TransportAddress>& addresses) {
  auto array = Napi::Array::New(env, addresses.size());
  uint32_t i = 0;
  for (const TransportAddress& address : addresses) {
    const Napi::Object object =
        ObjectWriter(env).Set("ip", address.ip_string()).Set("port", address.port);
    array.Set(i++, object);
  }
  return array;
}

}  // namespace remotemedia
