#include "support/network_simulator.h"

#include <algorithm>

namespace remotemedia {

NetworkSimulator::NetworkSimulator(uint64_t seed, Timestamp start) : now_(start), random_(seed) {}

NetworkSimulator::~NetworkSimulator() = default;

NetworkSimulator::Host& NetworkSimulator::AddHost(std::vector<TransportAddress> addresses) {
  return *hosts_.emplace_back(std::unique_ptr<Host>(new Host(*this, std::move(addresses))));
}

void NetworkSimulator::Run(Timestamp until) {
  while (const auto next = NextTime()) {
    if (*next > until) break;
    now_ = std::max(now_, *next);
    Step();
  }
  now_ = std::max(now_, until);
}

bool NetworkSimulator::RunUntil(const std::function<bool()>& done, Duration limit) {
  const Timestamp end = now_ + limit;
  while (!done()) {
    const auto next = NextTime();
    if (!next || *next > end) {
      now_ = end;
      return false;
    }
    now_ = std::max(now_, *next);
    Step();
  }
  return true;
}

void NetworkSimulator::Inject(const TransportAddress& from, const TransportAddress& to,
                              std::span<const uint8_t> bytes) {
  in_flight_.push({now_, next_order_++, from, to, {bytes.begin(), bytes.end()}, true});
}

std::optional<Timestamp> NetworkSimulator::NextTime() const {
  std::optional<Timestamp> next;
  if (!in_flight_.empty()) next = in_flight_.top().time;
  for (const auto& host : hosts_) {
    const auto timeout = host->node_ ? host->node_->PollTimeout() : std::nullopt;
    if (timeout && (!next || *timeout < *next)) next = timeout;
  }
  return next;
}

void NetworkSimulator::Step() {
  while (!in_flight_.empty() && in_flight_.top().time <= now_) {
    InFlight datagram = in_flight_.top();
    in_flight_.pop();
    Deliver(std::move(datagram));
  }
  for (const auto& host : hosts_) {
    const auto timeout = host->node_ ? host->node_->PollTimeout() : std::nullopt;
    if (timeout && *timeout <= now_) host->node_->HandleTimeout(now_);
  }
}

void NetworkSimulator::Host::Commit(const Path& path, size_t size) {
  network_.Send(*this, path, std::span(room_).first(size));
}

void NetworkSimulator::Send(Host& host, const Path& path, std::span<const uint8_t> bytes) {
  const TransportAddress& from = host.addresses_.at(path.socket);
  if (tap_) tap_(from, path.remote, bytes);
  if (!host.plugged_) {
    ++lost_;
    return;
  }
  Enter(host.uplink_,
        {now_, next_order_++, from, path.remote, {bytes.begin(), bytes.end()}, false});
}

void NetworkSimulator::Enter(Link& link, InFlight datagram) {
  const LinkConditions& conditions = link.conditions;
  if (now_ >= link.burst_end && random_.Chance(conditions.burst_start)) {
    link.burst_end = now_ + conditions.burst_length;
  }
  Timestamp departure = now_;
  if (conditions.bits_per_second > 0) {
    departure = std::max(now_, link.busy_until);
    if (departure - now_ > conditions.max_queue) {
      ++lost_;
      return;
    }
    const auto bits = static_cast<int64_t>(datagram.bytes.size()) * 8;
    link.busy_until = departure + Duration::Micros(bits * 1'000'000 / conditions.bits_per_second);
    departure = link.busy_until;
  }
  if (now_ < link.burst_end || random_.Chance(conditions.loss)) {
    ++lost_;
    return;
  }
  const auto jitter =
      static_cast<int64_t>(random_.Fraction() * static_cast<double>(conditions.jitter.micros()));
  datagram.time = departure + conditions.delay + Duration::Micros(jitter);
  if (random_.Chance(conditions.reorder)) {
    datagram.time = datagram.time + conditions.reorder_delay;
  } else {
    datagram.time = link.last_arrival = std::max(datagram.time, link.last_arrival);
  }
  if (random_.Chance(conditions.duplicate)) {
    InFlight copy = datagram;
    copy.order = next_order_++;
    in_flight_.push(std::move(copy));
  }
  in_flight_.push(std::move(datagram));
}

void NetworkSimulator::Deliver(InFlight datagram) {
  const auto [host, socket] = FindSocket(datagram.to);
  if (!host || !host->node_ || !host->plugged_) {
    ++lost_;
  } else if (!datagram.at_receiver) {
    datagram.at_receiver = true;
    Enter(host->downlink_, std::move(datagram));
  } else {
    ++delivered_;
    host->node_->HandleDatagram(now_, {socket, datagram.from}, datagram.bytes);
  }
}

std::pair<NetworkSimulator::Host*, uint16_t> NetworkSimulator::FindSocket(
    const TransportAddress& address) const {
  for (const auto& host : hosts_) {
    const auto found = std::ranges::find(host->addresses_, address);
    if (found != host->addresses_.end()) {
      return {host.get(), static_cast<uint16_t>(found - host->addresses_.begin())};
    }
  }
  return {nullptr, 0};
}

}  // namespace remotemedia
