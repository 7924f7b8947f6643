// Two DTLS endpoints joined by a link that loses, duplicates and reorders, in virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "core/dtls/dtls_transport.h"

namespace remotemedia {

using Datagram = std::vector<uint8_t>;

struct LinkConditions {
  double loss = 0;
  double duplication = 0;
  Duration delay = Duration::Millis(5);
  Duration jitter = {};  // Added to the delay at random, which reorders.
};

struct DtlsPairConfig {
  DtlsOptions client_options = {};
  DtlsOptions server_options = {};
  LinkConditions link = {};
  uint64_t seed = 1;
  // What each side believes about the other; the truth unless given.
  std::optional<DtlsFingerprint> expected_of_client = {};
  std::optional<DtlsFingerprint> expected_of_server = {};
};

class DtlsPair {
 public:
  explicit DtlsPair(DtlsPairConfig config = {})
      : link_(config.link),
        random_(config.seed),
        client_(ClientCertificate(), DtlsRole::kClient,
                config.expected_of_server.value_or(Fingerprint(ServerCertificate())),
                config.client_options),
        server_(ServerCertificate(), DtlsRole::kServer,
                config.expected_of_client.value_or(Fingerprint(ClientCertificate())),
                config.server_options) {}

  // Generated once for all pairs, as in production.
  static const DtlsCertificate& ClientCertificate() {
    static const auto certificate = DtlsCertificate::Generate();
    return *certificate;
  }
  static const DtlsCertificate& ServerCertificate() {
    static const auto certificate = DtlsCertificate::Generate();
    return *certificate;
  }
  static DtlsFingerprint Fingerprint(const DtlsCertificate& certificate) {
    return {"sha-256", certificate.fingerprint_sha256()};
  }

  DtlsTransport& client() { return client_; }
  DtlsTransport& server() { return server_; }
  Timestamp now() const { return now_; }
  // Everything the endpoints sent, whether it arrived or not.
  const std::vector<Datagram>& sent() const { return sent_; }

  // Sees each datagram before the link does and may change it; false loses it.
  using Filter = std::function<bool(DtlsRole from, Datagram&)>;
  void set_filter(Filter filter) { filter_ = std::move(filter); }

  void Start() { client_.Start(now_); }

  // Puts a datagram on the link as if `from` had sent it. No filter, no loss.
  void Inject(DtlsRole from, Datagram datagram) { Deliver(from, std::move(datagram)); }

  // Runs until nothing is in flight and no timer is due before `end`.
  void RunUntil(Timestamp end) {
    for (;;) {
      Transmit(DtlsRole::kClient, client_);
      Transmit(DtlsRole::kServer, server_);
      const Timestamp arrival = in_flight_.empty() ? Timestamp::Never() : in_flight_.begin()->first;
      const Timestamp timer = std::min(client_.PollTimeout().value_or(Timestamp::Never()),
                                       server_.PollTimeout().value_or(Timestamp::Never()));
      const Timestamp next = std::min(arrival, timer);
      if (next > end) break;
      now_ = std::max(now_, next);
      if (arrival <= timer) {
        Arrive();
      } else {
        client_.HandleTimeout(now_);
        server_.HandleTimeout(now_);
      }
    }
    now_ = end;
  }
  void RunFor(Duration duration) { RunUntil(now_ + duration); }

  // A handshake in full on a link that behaves.
  void Connect() {
    Start();
    RunFor(Duration::Seconds(1));
  }

  bool BothConnected() const {
    return client_.state() == DtlsState::kConnected && server_.state() == DtlsState::kConnected;
  }

 private:
  struct Flying {
    DtlsRole from;
    Datagram datagram;
  };

  void Transmit(DtlsRole from, DtlsTransport& transport) {
    while (auto datagram = transport.PollTransmit()) {
      sent_.push_back(*datagram);
      if (filter_ && !filter_(from, *datagram)) continue;
      if (Chance(link_.loss)) continue;
      if (Chance(link_.duplication)) Deliver(from, *datagram);
      Deliver(from, std::move(*datagram));
    }
  }

  void Deliver(DtlsRole from, Datagram datagram) {
    const double jitter = std::uniform_real_distribution<>(0, 1)(random_);
    const Duration delay =
        link_.delay +
        Duration::Micros(static_cast<int64_t>(jitter * static_cast<double>(link_.jitter.micros())));
    in_flight_.emplace(now_ + delay, Flying{from, std::move(datagram)});
  }

  void Arrive() {
    const Flying flying = std::move(in_flight_.begin()->second);
    in_flight_.erase(in_flight_.begin());
    DtlsTransport& to = flying.from == DtlsRole::kClient ? server_ : client_;
    to.HandleDatagram(now_, flying.datagram);
  }

  bool Chance(double probability) {
    return std::uniform_real_distribution<>(0, 1)(random_) < probability;
  }

  const LinkConditions link_;
  std::mt19937_64 random_;
  DtlsTransport client_;
  DtlsTransport server_;
  Filter filter_;
  Timestamp now_ = Timestamp::Millis(1'000);
  std::multimap<Timestamp, Flying> in_flight_;
  std::vector<Datagram> sent_;
};

}  // namespace remotemedia
