#include "core/dtls/handshake_flights.h"

#include <algorithm>
#include <utility>

namespace remotemedia {
namespace {

// A flight of ours is one to three datagrams; a driver that stops polling keeps the oldest.
constexpr size_t kMaxQueued = 32;

void Pack(std::span<const uint8_t> records, std::vector<std::vector<uint8_t>>& datagrams) {
  const bool fits = !datagrams.empty() &&
                    datagrams.back().size() + records.size() <= HandshakeFlights::kMaxDatagram;
  if (!fits) datagrams.emplace_back();
  datagrams.back().insert(datagrams.back().end(), records.begin(), records.end());
}

}  // namespace

void HandshakeFlights::BeginFlight() {
  copies_.assign(1, {});
  recording_ = true;
}

void HandshakeFlights::BeginCopy() { copies_.emplace_back(); }

void HandshakeFlights::Write(std::span<const uint8_t> records) {
  if (recording_) {
    Pack(records, copies_.back());
  } else if (outbox_.size() < kMaxQueued) {
    Pack(records, outbox_);
  }
}

void HandshakeFlights::Send(Datagram datagram) {
  if (outbox_.size() < kMaxQueued) outbox_.push_back(std::move(datagram));
}

bool HandshakeFlights::Flush(Timestamp now) {
  if (!std::exchange(recording_, false)) return false;
  for (const Datagram& datagram : copies_.front()) Send(datagram);
  next_copy_ = 1;
  interval_ = kFirstInterval;
  repeat_at_ = now + interval_;
  return true;
}

void HandshakeFlights::Stop() {
  recording_ = false;
  copies_ = {};
  repeat_at_ = Timestamp::Never();
}

void HandshakeFlights::HandleTimeout(Timestamp now) {
  if (now < repeat_at_) return;
  next_copy_ = std::min(next_copy_, copies_.size() - 1);
  for (const Datagram& datagram : copies_[next_copy_]) Send(datagram);
  ++next_copy_;
  interval_ = std::min(interval_ * 2, kMaxInterval);
  repeat_at_ = now + interval_;
}

std::optional<HandshakeFlights::Datagram> HandshakeFlights::PollTransmit() {
  if (outbox_.empty()) {
    outbox_ = {};
    return std::nullopt;
  }
  Datagram datagram = std::move(outbox_.front());
  outbox_.erase(outbox_.begin());
  return datagram;
}

}  // namespace remotemedia
