// All transports behind the UDP sockets of one thread: everything of the engine that is not I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/datagram_sink.h"
#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/base/time.h"
#include "core/base/timer_wheel.h"
#include "core/base/transport_address.h"
#include "core/dtls/dtls_certificate.h"
#include "core/routing/router.h"
#include "core/routing/synthetic_source.h"
#include "core/rtp/ntp_time.h"
#include "core/transport/counters.h"
#include "core/transport/events.h"
#include "core/transport/transport.h"

namespace remotemedia {

class IceControlling;

enum class IceRole : uint8_t { kLite, kControlling };

struct EndpointOptions {
  // How long a connected peer may show no sign of life before its transport is disconnected.
  Duration consent_timeout = Duration::Seconds(8);
  // Accepted and offered in DTLS, best first.
  std::vector<SrtpProfile> srtp_profiles;
};

struct TransportParameters {
  TransportId id{};
  IceRole ice_role = IceRole::kLite;
  IceCredentials local;
  // The socket a controlling transport checks from. It has to be the only user of that socket:
  // whatever comes in there is its own.
  uint16_t socket = 0;
};

struct RemoteCandidate {
  TransportAddress address;
  uint32_t priority = 0;
};

struct RemoteParameters {
  IceCredentials ice;
  std::vector<RemoteCandidate> candidates;  // for controlling transports
  DtlsRole dtls_role = DtlsRole::kServer;   // ours
  DtlsFingerprint fingerprint;
};

// What a command came to. Everything but kOk changed nothing.
enum class CommandResult : uint8_t {
  kOk,
  kIdInUse,
  kNoSuchTransport,
  kNoSuchProducer,
  kNoSuchConsumer,
  kUfragInUse,
};

// Sans-IO and single-threaded. After every call but the const ones and PollEvent, look at
// PollTimeout again; datagrams to send have gone to the sink, events wait in PollEvent.
class Endpoint {
 public:
  // The certificate, random and sink outlive the endpoint.
  struct Dependencies {
    const DtlsCertificate& certificate;
    Random& random;
    DatagramSink& sink;
    NtpClock clock;
  };

  Endpoint(const Dependencies& dependencies, EndpointOptions options);
  ~Endpoint();

  CommandResult AddTransport(Timestamp now, const TransportParameters& parameters);
  // The remote parameters; again with the peer's new credentials after an ICE restart. The
  // fingerprint and role of the first call stay.
  CommandResult ConnectTransport(Timestamp now, TransportId id, const RemoteParameters& remote);
  CommandResult RestartIce(Timestamp now, TransportId id, IceCredentials local);
  // Says goodbye to the peer; takes the transport's producers and consumers along.
  CommandResult RemoveTransport(Timestamp now, TransportId id);

  CommandResult AddProducer(TransportId transport, ProducerParameters parameters);
  CommandResult AddSyntheticProducer(Timestamp now, const SyntheticSourceParameters& parameters);
  CommandResult RemoveProducer(Timestamp now, ProducerId id);

  CommandResult AddConsumer(TransportId transport, ConsumerParameters parameters);
  // `producer` of id 0: nothing.
  CommandResult ConnectConsumer(Timestamp now, ConsumerId id, ProducerId producer,
                                std::vector<PayloadTypeMapping> payload_types);
  CommandResult RemoveConsumer(Timestamp now, ConsumerId id);

  // A datagram as received; it is decrypted in place. Handshakes are put aside (see below).
  // `arrival`: when it reached this machine, at or before `now`.
  void HandleDatagram(Timestamp now, Timestamp arrival, const Path& path,
                      std::span<uint8_t> datagram);
  // Likewise, for a datagram that arrived just now.
  void HandleDatagram(Timestamp now, const Path& path, std::span<uint8_t> datagram) {
    HandleDatagram(now, now, path, datagram);
  }

  // DTLS is slow compared with a media packet, so it takes turns with media: each call works off a
  // few datagrams. Answers whether more are waiting.
  bool HandleHandshakes(Timestamp now);

  void HandleTimeout(Timestamp now);
  std::optional<Timestamp> PollTimeout() const { return timers_.NextDeadline(); }
  std::optional<Event> PollEvent() { return events_.Poll(); }
  // How many events were lost since the last call because nobody polled.
  uint64_t TakeDroppedEvents() { return events_.TakeDropped(); }

  const Counters& counters() const { return counters_; }
  const Router& router() const { return router_; }
  size_t transport_count() const { return transports_.size(); }
  const Transport* FindTransport(TransportId id) const;

 private:
  // Lets ufrags be looked up where they stand in a datagram.
  struct UfragHash {
    using is_transparent = void;
    size_t operator()(std::string_view ufrag) const { return std::hash<std::string_view>{}(ufrag); }
  };

  struct Controlling {
    Transport* transport = nullptr;
    IceControlling* ice = nullptr;  // the transport's
  };

  struct Synthetic {
    TimerWheel::Key timer = 0;
    std::unique_ptr<SyntheticSource> source;
  };

  struct Handshake {
    TransportId transport{};
    Path path;
    std::vector<uint8_t> datagram;
  };

  Transport* Find(TransportId id);
  Transport* TransportForStun(const Path& path, std::span<const uint8_t> datagram) const;
  void HandleStun(Timestamp now, const Path& path, std::span<const uint8_t> datagram);
  // From now on, what comes in on the path is the transport's.
  void Claim(const Path& path, Transport& transport);
  void ReleaseHandshake(TransportId transport);
  void QueueHandshake(TransportId transport, const Path& path, std::span<const uint8_t> datagram);
  TimerWheel::Key TakeTimerKey();

  const Dependencies dependencies_;
  const EndpointOptions options_;
  TimerWheel timers_;
  EventQueue events_;
  Counters counters_;
  Router router_;

  std::unordered_map<TransportId, std::unique_ptr<Transport>> transports_;
  std::unordered_map<std::string, Transport*, UfragHash, std::equal_to<>> by_ufrag_;
  // Paths that passed an ICE check: the only ones DTLS, RTP and RTCP are accepted from.
  std::unordered_map<Path, Transport*> by_path_;
  // Controlling transports, each with a socket of its own, by socket.
  std::unordered_map<uint16_t, Controlling> by_socket_;
  std::unordered_map<ProducerId, Transport*> producer_owners_;
  std::unordered_map<ConsumerId, Transport*> consumer_owners_;
  std::unordered_map<ProducerId, Synthetic> synthetic_sources_;

  // By timer key; one of the two is set where the key is in use.
  struct TimerOwner {
    Transport* transport = nullptr;
    SyntheticSource* source = nullptr;
  };
  std::vector<TimerOwner> timer_owners_;
  std::vector<TimerWheel::Key> free_timer_keys_;

  std::deque<Handshake> handshakes_;
  // How many of them are each transport's.
  std::unordered_map<TransportId, size_t> waiting_handshakes_;
};

}  // namespace remotemedia
