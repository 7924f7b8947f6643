#include "core/ice/ice_controlling.h"

#include <algorithm>
#include <utility>

#include "core/ice/stun_writer.h"

namespace remotemedia {
namespace {

// The wait after the last transmission, in initial RTOs (Rm of RFC 8489 section 6.2.1).
constexpr int64_t kLastWait = 16;

// What the peer is to give us as a peer-reflexive candidate (RFC 8445 section 5.1.2.1): type
// preference 110, our sockets in order, component 1.
uint32_t PeerReflexivePriority(uint16_t socket) {
  return (110u << 24) | ((0xFFFFu - socket) << 8) | 255u;
}

}  // namespace

IceControlling::IceControlling(const IceControllingConfig& config, IceCredentials local,
                               Random& random)
    : config_(config),
      random_(random),
      sessions_(std::move(local)),
      tie_breaker_(random.Next64()) {}

bool IceControlling::AddRemoteCandidate(const Path& path, uint32_t priority) {
  return Find(path) != nullptr || Add(path, priority) != nullptr;
}

void IceControlling::SetRemoteCredentials(IceCredentials remote) {
  if (sessions_.current().remote == remote) return;
  sessions_.SetRemote(std::move(remote));
  BeginChecks();
}

StunResult IceControlling::HandleStun(Timestamp now, const Path& path,
                                      std::span<const uint8_t> datagram) {
  const auto message = StunMessage::Parse(datagram);
  if (!message || message->method != kStunBinding) return StunResult::kIgnored;
  switch (message->message_class) {
    case StunClass::kRequest:
      return HandleRequest(now, path, *message);
    case StunClass::kSuccess:
    case StunClass::kError:
      return HandleResponse(now, path, *message);
    case StunClass::kIndication:
      return StunResult::kIgnored;
  }
  return StunResult::kIgnored;
}

StunResult IceControlling::HandleRequest(Timestamp now, const Path& path,
                                         const StunMessage& request) {
  const IceSession* session = sessions_.Authenticate(request);
  if (session == nullptr) return StunResult::kUnauthenticated;
  const auto reject = [&](StunError error) {
    responses_.Reject(request, path, error, session->local.pwd);
    return StunResult::kRejected;
  };
  if (!request.unknown_attributes().empty()) return reject(StunError::kUnknownAttribute);
  if (request.ice_controlled && request.ice_controlling) return reject(StunError::kBadRequest);
  if (!ResolveRoles(request)) return reject(StunError::kRoleConflict);

  responses_.Accept(request, path, session->local.pwd);
  if (session == &sessions_.current()) Trigger(now, path, request);
  return StunResult::kHandled;
}

bool IceControlling::ResolveRoles(const StunMessage& request) {
  const auto& rival = controlling_ ? request.ice_controlling : request.ice_controlled;
  if (!rival) return true;
  // The higher tie-breaker controls, and who notices the conflict wins a draw.
  const bool we_control = tie_breaker_ >= *rival;
  if (we_control == controlling_) return false;
  controlling_ = we_control;
  return true;
}

void IceControlling::Trigger(Timestamp now, const Path& path, const StunMessage& request) {
  CandidatePair* pair = Find(path);
  if (pair == nullptr) pair = Add(path, request.priority.value_or(0));
  if (pair == nullptr) return;
  const bool is_selected = concluded_ && pair->path == selected_;
  if (request.use_candidate && !controlling_ && !is_selected) pair->nominated_by_peer = true;
  if (pair->state == CandidatePair::State::kWaiting ||
      pair->state == CandidatePair::State::kFailed) {
    pair->triggered = true;
  }
  if (pair->nominated_by_peer && pair->state == CandidatePair::State::kSucceeded &&
      !LostConsent()) {
    Select(now, *pair);
  }
}

StunResult IceControlling::HandleResponse(Timestamp now, const Path& path,
                                          const StunMessage& response) {
  CandidatePair* pair = Find(path);
  if (pair == nullptr || !pair->check || pair->check->id != response.transaction_id) {
    return StunResult::kIgnored;
  }
  const bool is_success = response.message_class == StunClass::kSuccess;
  if (!response.IsAuthenticBy(CheckingSession()->remote->pwd)) return StunResult::kUnauthenticated;
  if (!response.unknown_attributes().empty() ||
      (is_success ? !response.xor_mapped_address : !response.error_code)) {
    return StunResult::kIgnored;
  }
  const ConnectivityCheck check = *std::exchange(pair->check, std::nullopt);
  if (is_success) {
    mapped_address_ = response.xor_mapped_address;
    HandleSuccess(now, *pair, check);
  } else {
    HandleError(*pair, check, response);
  }
  return StunResult::kHandled;
}

void IceControlling::HandleSuccess(Timestamp now, CandidatePair& pair,
                                   const ConnectivityCheck& check) {
  pair.state = CandidatePair::State::kSucceeded;
  pair.valid = true;
  if (!first_success_) first_success_ = now;
  if (check.nominating || pair.nominated_by_peer) {
    Select(now, pair);
  } else if (pair.path == selected_) {
    RenewConsent(now);
  }
}

void IceControlling::HandleError(CandidatePair& pair, const ConnectivityCheck& check,
                                 const StunMessage& error) {
  const bool conflict = error.error_code == static_cast<uint16_t>(StunError::kRoleConflict);
  if (conflict && check.controlling == controlling_) {
    controlling_ = !controlling_;
    tie_breaker_ = random_.Next64();
  }
  pair.state = conflict ? CandidatePair::State::kWaiting : CandidatePair::State::kFailed;
  pair.triggered = conflict;
}

void IceControlling::HandleTimeout(Timestamp now) {
  if (state_ == IceState::kConnected && now >= consent_expiry_) state_ = IceState::kDisconnected;
  if (!MaySend()) {
    for (CandidatePair& pair : pairs()) pair.check.reset();
    return;
  }
  for (CandidatePair& pair : pairs()) AdvanceCheck(now, pair);
  if (concluded_ && now >= next_consent_check_) {
    StartCheck(now, *Find(*selected_), CheckKind::kConsent);
    ScheduleConsentCheck(now);
  }
  if (now < next_start_) return;
  const auto best = NextToNominate();
  if (best && now >= NominationTime(pairs_[*best])) {
    StartCheck(now, pairs_[*best], CheckKind::kNomination);
  } else if (const auto next = NextToCheck()) {
    StartCheck(now, pairs_[*next], CheckKind::kConnectivity);
  }
}

std::optional<Timestamp> IceControlling::PollTimeout() const {
  Timestamp next = Timestamp::Never();
  if (state_ == IceState::kConnected) next = consent_expiry_;
  if (MaySend()) {
    if (concluded_) next = std::min(next, next_consent_check_);
    for (const CandidatePair& pair : pairs()) {
      if (pair.check) next = std::min(next, pair.check->next_step);
    }
    if (NextToCheck()) next = std::min(next, next_start_);
    if (const auto best = NextToNominate()) {
      next = std::min(next, std::max(next_start_, NominationTime(pairs_[*best])));
    }
  }
  if (next == Timestamp::Never()) return std::nullopt;
  return next;
}

std::optional<IceTransmit> IceControlling::PollTransmit() {
  if (const auto response = responses_.Poll()) return response;
  for (CandidatePair& pair : pairs()) {
    if (pair.check && std::exchange(pair.check->send, false)) return WriteCheck(pair);
  }
  return std::nullopt;
}

bool IceControlling::IsValidPath(const Path& path) const {
  return std::any_of(pairs().begin(), pairs().end(),
                     [&](const CandidatePair& pair) { return pair.valid && pair.path == path; });
}

CandidatePair* IceControlling::Find(const Path& path) {
  for (CandidatePair& pair : pairs()) {
    if (pair.path == path) return &pair;
  }
  return nullptr;
}

CandidatePair* IceControlling::Add(const Path& path, uint32_t priority) {
  if (pair_count_ == kMaxPairs) return nullptr;
  pairs_[pair_count_] = {.path = path, .priority = priority};
  return &pairs_[pair_count_++];
}

const IceSession* IceControlling::CheckingSession() const {
  if (sessions_.current().remote) return &sessions_.current();
  if (sessions_.previous() && sessions_.previous()->remote) return &*sessions_.previous();
  return nullptr;
}

std::optional<size_t> IceControlling::NextToCheck() const {
  std::optional<size_t> next;
  const auto rank = [](const CandidatePair& pair) {
    return std::pair(pair.triggered, pair.priority);
  };
  for (size_t i = 0; i < pair_count_; ++i) {
    const bool ordinary = pairs_[i].state == CandidatePair::State::kWaiting && !concluded_;
    if (!ordinary && !pairs_[i].triggered) continue;
    if (!next || rank(pairs_[i]) > rank(pairs_[*next])) next = i;
  }
  return next;
}

std::optional<size_t> IceControlling::NextToNominate() const {
  if (!controlling_ || concluded_) return std::nullopt;
  std::optional<size_t> best;
  for (size_t i = 0; i < pair_count_; ++i) {
    if (pairs_[i].check && pairs_[i].check->nominating) return std::nullopt;
    if (pairs_[i].state != CandidatePair::State::kSucceeded) continue;
    if (!best || pairs_[i].priority > pairs_[*best].priority) best = i;
  }
  return best;
}

// At once when nothing better can still succeed.
Timestamp IceControlling::NominationTime(const CandidatePair& best) const {
  const bool wait = std::any_of(pairs().begin(), pairs().end(), [&](const CandidatePair& pair) {
    return pair.priority > best.priority && pair.state != CandidatePair::State::kFailed;
  });
  return wait ? *first_success_ + config_.nomination_wait : *first_success_;
}

void IceControlling::BeginChecks() {
  concluded_ = false;
  first_success_.reset();
  for (CandidatePair& pair : pairs()) {
    pair = {.path = pair.path, .priority = pair.priority, .valid = pair.valid};
  }
}

void IceControlling::StartCheck(Timestamp now, CandidatePair& pair, CheckKind kind) {
  ConnectivityCheck& check = pair.check.emplace();
  random_.Fill(check.id);
  check.nominating = kind == CheckKind::kNomination;
  check.controlling = controlling_;
  if (kind == CheckKind::kConsent) {
    // Not retransmitted: the next one, with a transaction of its own, takes its place.
    check.send = true;
    check.next_step = Timestamp::Never();
    return;
  }
  if (kind == CheckKind::kConnectivity) {
    pair.state = CandidatePair::State::kInProgress;
    pair.triggered = false;
  }
  next_start_ = now + config_.pacing;
  Transmit(now, check);
}

void IceControlling::Transmit(Timestamp now, ConnectivityCheck& check) {
  check.send = true;
  ++check.transmissions;
  const int64_t rtos = check.transmissions < config_.max_transmissions
                           ? int64_t{1} << (check.transmissions - 1)
                           : kLastWait;
  check.next_step = now + config_.initial_rto * rtos;
}

void IceControlling::AdvanceCheck(Timestamp now, CandidatePair& pair) {
  if (!pair.check || now < pair.check->next_step) return;
  if (pair.check->transmissions < config_.max_transmissions) {
    Transmit(now, *pair.check);
    return;
  }
  pair.check.reset();
  pair.state = CandidatePair::State::kFailed;
}

void IceControlling::Select(Timestamp now, const CandidatePair& selected) {
  selected_ = selected.path;
  state_ = IceState::kConnected;
  concluded_ = true;
  sessions_.Conclude();
  for (CandidatePair& pair : pairs()) {
    pair.check.reset();
    pair.nominated_by_peer = false;
  }
  RenewConsent(now);
  ScheduleConsentCheck(now);
}

void IceControlling::RenewConsent(Timestamp now) {
  consent_expiry_ = now + config_.consent_timeout;
}

void IceControlling::ScheduleConsentCheck(Timestamp now) {
  const int64_t per_mille = 800 + random_.Next32() % 401;
  next_consent_check_ = now + config_.keepalive * per_mille / 1'000;
}

IceTransmit IceControlling::WriteCheck(const CandidatePair& pair) {
  const IceSession& session = *CheckingSession();
  StunWriter writer(check_bytes_, StunClass::kRequest, pair.check->id);
  writer.Username(session.remote->ufrag, session.local.ufrag)
      .Priority(PeerReflexivePriority(pair.path.socket));
  if (pair.check->controlling) {
    writer.IceControlling(tie_breaker_);
  } else {
    writer.IceControlled(tie_breaker_);
  }
  const bool keeps = concluded_ && pair.path == selected_;
  if (pair.check->controlling && (pair.check->nominating || keeps)) writer.UseCandidate();
  return {pair.path, writer.Finish(session.remote->pwd)};
}

}  // namespace remotemedia
