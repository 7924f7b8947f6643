// A network in virtual time: hosts with sockets, links that lose, delay and reorder, NATs that
// change their mind. Seeded, so that every failure replays.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "core/base/datagram_sink.h"
#include "core/base/time.h"
#include "core/base/transport_address.h"
#include "support/seeded_random.h"

namespace remotemedia {

// What a link does to each datagram. Probabilities are 0-1.
struct LinkConditions {
  double loss = 0;
  // Every so often all datagrams are lost for a while.
  double burst_start = 0;
  Duration burst_length = {};
  Duration delay = {};
  // Added to the delay, evenly distributed from 0. Keeps the order.
  Duration jitter = {};
  // Datagrams that are held back by `reorder_delay`, so that later ones overtake them.
  double reorder = 0;
  Duration reorder_delay = Duration::Millis(10);
  double duplicate = 0;
  // 0: unlimited. What would wait longer than `max_queue` is lost.
  int64_t bits_per_second = 0;
  Duration max_queue = Duration::Millis(200);
};

// What is connected to a host's sockets, and driven by the simulator.
class NetworkNode {
 public:
  virtual ~NetworkNode() = default;
  virtual void HandleDatagram(Timestamp now, const Path& path, std::span<uint8_t> datagram) = 0;
  virtual void HandleTimeout(Timestamp now) = 0;
  virtual std::optional<Timestamp> PollTimeout() const = 0;
};

class NetworkSimulator {
 public:
  class Host;

  explicit NetworkSimulator(uint64_t seed, Timestamp start = Timestamp::Millis(1'000'000));
  ~NetworkSimulator();

  // A host with one socket for each address. Hosts live as long as the simulator.
  Host& AddHost(std::vector<TransportAddress> addresses);

  // Lets time pass, and everything happen that is due, up to and including `until`.
  void Run(Timestamp until);
  void RunFor(Duration duration) { Run(now_ + duration); }
  // Runs until `done` answers true, at most `limit`; answers whether it did.
  bool RunUntil(const std::function<bool()>& done, Duration limit);

  Timestamp now() const { return now_; }

  // Puts a datagram on the network that no host sent.
  void Inject(const TransportAddress& from, const TransportAddress& to,
              std::span<const uint8_t> bytes);

  // Sees every datagram that a host sends, before anything can happen to it.
  using Tap = std::function<void(const TransportAddress& from, const TransportAddress& to,
                                 std::span<const uint8_t> bytes)>;
  void SetTap(Tap tap) { tap_ = std::move(tap); }

  uint64_t delivered() const { return delivered_; }
  uint64_t lost() const { return lost_; }

 private:
  struct Link {
    LinkConditions conditions;
    Timestamp burst_end;
    Timestamp busy_until;
    Timestamp last_arrival;
  };

  struct InFlight {
    Timestamp time;
    uint64_t order = 0;  // of two at the same time, the one sent first
    TransportAddress from;
    TransportAddress to;
    std::vector<uint8_t> bytes;
    bool at_receiver = false;  // has passed both links

    bool operator>(const InFlight& other) const {
      return std::pair(time, order) > std::pair(other.time, other.order);
    }
  };

  void Send(Host& host, const Path& path, std::span<const uint8_t> bytes);
  // Queues the datagram for when it leaves the link, or loses it.
  void Enter(Link& link, InFlight datagram);
  void Deliver(InFlight datagram);
  // The host that has the address, and by which socket.
  std::pair<Host*, uint16_t> FindSocket(const TransportAddress& address) const;
  std::optional<Timestamp> NextTime() const;
  void Step();

  Timestamp now_;
  SeededRandom random_;
  uint64_t next_order_ = 0;
  std::vector<std::unique_ptr<Host>> hosts_;
  std::priority_queue<InFlight, std::vector<InFlight>, std::greater<>> in_flight_;
  Tap tap_;
  uint64_t delivered_ = 0;
  uint64_t lost_ = 0;
};

// The sink of what runs on the host.
class NetworkSimulator::Host final : public DatagramSink {
 public:
  void Attach(NetworkNode& node) { node_ = &node; }
  // The way out of the host and the way in.
  LinkConditions& uplink() { return uplink_.conditions; }
  LinkConditions& downlink() { return downlink_.conditions; }
  void SetBothLinks(const LinkConditions& conditions) { uplink() = downlink() = conditions; }

  const TransportAddress& address(size_t socket = 0) const { return addresses_.at(socket); }
  // From now on the NAT in front of the host shows another address; the old one leads nowhere.
  void Rebind(const TransportAddress& address, size_t socket = 0) {
    addresses_.at(socket) = address;
  }
  // An unplugged host neither sends nor receives.
  void SetPlugged(bool plugged) { plugged_ = plugged; }

  std::span<uint8_t> Reserve() override { return room_; }
  void Commit(const Path& path, size_t size) override;

 private:
  friend class NetworkSimulator;
  Host(NetworkSimulator& network, std::vector<TransportAddress> addresses)
      : network_(network), addresses_(std::move(addresses)) {}

  NetworkSimulator& network_;
  std::vector<TransportAddress> addresses_;
  NetworkNode* node_ = nullptr;
  bool plugged_ = true;
  Link uplink_;
  Link downlink_;
  std::array<uint8_t, kMaxDatagram> room_;
};

}  // namespace remotemedia
