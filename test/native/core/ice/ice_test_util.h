// What the tests of ICE share: repeatable randomness, checks made by hand, and a network in virtual
// time that loses, delays and reorders.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.h"
#include "core/base/time.h"
#include "core/base/transport_address.h"
#include "core/ice/ice_agent.h"
#include "core/ice/stun_message.h"
#include "core/ice/stun_writer.h"

namespace remotemedia::ice_test {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  void Fill(std::span<uint8_t> out) override {
    for (uint8_t& byte : out) byte = static_cast<uint8_t>(engine_());
  }
  double Uniform() { return std::uniform_real_distribution<double>(0, 1)(engine_); }

 private:
  std::mt19937_64 engine_;
};

inline TransportAddress Address(std::string_view ip, uint16_t port) {
  const auto address = TransportAddress::Parse(ip, port);
  if (!address) ADD_FAILURE() << ip << " is no address";
  return address.value_or(TransportAddress{});
}

inline Path PathTo(std::string_view ip, uint16_t port = 5000, uint16_t socket = 0) {
  return {socket, Address(ip, port)};
}

inline std::vector<uint8_t> FromHex(std::string_view hex) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// A Binding request as a browser sends it, and every way to spoil one.
struct Check {
  std::string receiver_ufrag;
  std::string sender_ufrag = "peer";
  std::string password;
  bool use_candidate = false;
  uint32_t priority = 1'000;
  bool as_controlling = true;
  bool as_controlled = false;
  std::vector<uint16_t> extra_attributes;
  uint8_t transaction = 1;

  static Check To(const IceCredentials& receiver) {
    Check check;
    check.receiver_ufrag = receiver.ufrag;
    check.password = receiver.pwd;
    return check;
  }
  Check Nominating() const {
    Check check = *this;
    check.use_candidate = true;
    return check;
  }
  Check WithPriority(uint32_t value) const {
    Check check = *this;
    check.priority = value;
    return check;
  }

  std::vector<uint8_t> Bytes() const {
    std::array<uint8_t, 1'000> room;
    TransactionId id{};
    id[0] = transaction;
    StunWriter writer(room, StunClass::kRequest, id);
    writer.Username(receiver_ufrag, sender_ufrag).Priority(priority);
    if (as_controlling) writer.IceControlling(0x1122334455667788);
    if (as_controlled) writer.IceControlled(0x1122334455667788);
    if (use_candidate) writer.UseCandidate();
    for (const uint16_t type : extra_attributes) writer.Attribute(type, {});
    const auto bytes = writer.Finish(password);
    return {bytes.begin(), bytes.end()};
  }
};

struct SentDatagram {
  Path path;
  std::vector<uint8_t> bytes;
};

inline std::vector<SentDatagram> Drain(IceAgent& agent) {
  std::vector<SentDatagram> sent;
  while (const auto transmit = agent.PollTransmit()) {
    sent.push_back({transmit->path, {transmit->bytes.begin(), transmit->bytes.end()}});
  }
  return sent;
}

// Hosts with addresses, each run by an agent, and the time they live in.
class SimulatedNetwork {
 public:
  double loss = 0;
  Duration min_delay = Duration::Millis(10);
  Duration max_delay = Duration::Millis(10);
  // Drops what it answers true for.
  std::function<bool(const TransportAddress& from, const TransportAddress& to)> blocked;
  // Sees everything that is sent.
  std::function<void(const TransportAddress& from, const TransportAddress& to,
                     std::span<const uint8_t>)>
      on_sent;

  explicit SimulatedNetwork(uint64_t seed) : random_(seed) {}

  Timestamp now() const { return now_; }

  // `addresses` are those of the agent's sockets 0, 1, ...
  void Attach(IceAgent& agent, std::vector<TransportAddress> addresses) {
    hosts_.push_back({&agent, std::move(addresses)});
  }

  // As a NAT does that forgot its mapping: the old address leads nowhere.
  void Rebind(const TransportAddress& from, const TransportAddress& to) {
    for (Host& host : hosts_) {
      for (TransportAddress& address : host.addresses) {
        if (address == from) address = to;
      }
    }
  }

  void RunFor(Duration duration) {
    RunUntil(now_ + duration, [] { return false; });
  }

  // Runs until `done`; false when `limit` comes first.
  bool RunUntil(Timestamp limit, const std::function<bool()>& done) {
    while (!done()) {
      Collect();
      const Timestamp next = NextEvent();
      if (next > limit) {
        now_ = limit;
        return done();
      }
      now_ = std::max(now_, next);
      DeliverDue();
      FireTimers();
    }
    return true;
  }

 private:
  struct Host {
    IceAgent* agent;
    std::vector<TransportAddress> addresses;
  };
  struct Packet {
    TransportAddress from;
    TransportAddress to;
    std::vector<uint8_t> bytes;
  };

  void Collect() {
    for (Host& host : hosts_) {
      for (SentDatagram& sent : Drain(*host.agent)) {
        const TransportAddress& from = host.addresses.at(sent.path.socket);
        if (on_sent) on_sent(from, sent.path.remote, sent.bytes);
        if (random_.Uniform() < loss) continue;
        if (blocked && blocked(from, sent.path.remote)) continue;
        const double spread = static_cast<double>((max_delay - min_delay).micros());
        const Duration delay =
            min_delay + Duration::Micros(static_cast<int64_t>(random_.Uniform() * spread));
        in_flight_.emplace(now_ + delay, Packet{from, sent.path.remote, std::move(sent.bytes)});
      }
    }
  }

  Timestamp NextEvent() const {
    Timestamp next = in_flight_.empty() ? Timestamp::Never() : in_flight_.begin()->first;
    for (const Host& host : hosts_) {
      next = std::min(next, host.agent->PollTimeout().value_or(Timestamp::Never()));
    }
    return next;
  }

  void DeliverDue() {
    while (!in_flight_.empty() && in_flight_.begin()->first <= now_) {
      const Packet packet = std::move(in_flight_.begin()->second);
      in_flight_.erase(in_flight_.begin());
      for (Host& host : hosts_) {
        for (size_t socket = 0; socket < host.addresses.size(); ++socket) {
          if (host.addresses[socket] != packet.to) continue;
          host.agent->HandleStun(now_, {static_cast<uint16_t>(socket), packet.from}, packet.bytes);
        }
      }
      Collect();
    }
  }

  void FireTimers() {
    for (Host& host : hosts_) {
      if (host.agent->PollTimeout().value_or(Timestamp::Never()) > now_) continue;
      host.agent->HandleTimeout(now_);
      ASSERT_GT(host.agent->PollTimeout().value_or(Timestamp::Never()), now_)
          << "an agent that wants to be called again at once keeps its thread busy for ever";
    }
  }

  SeededRandom random_;
  Timestamp now_ = Timestamp::Millis(1'000);
  std::vector<Host> hosts_;
  std::multimap<Timestamp, Packet> in_flight_;
};

}  // namespace remotemedia::ice_test
