#include "core/ice/ice_lite.h"

#include <algorithm>
#include <utility>

namespace remotemedia {

IceLite::IceLite(const IceConfig& config, IceCredentials local)
    : config_(config), sessions_(std::move(local)) {}

StunResult IceLite::HandleStun(Timestamp now, const Path& path, std::span<const uint8_t> datagram) {
  const auto request = StunMessage::Parse(datagram);
  if (!request || request->message_class != StunClass::kRequest ||
      request->method != kStunBinding) {
    return StunResult::kIgnored;
  }
  const IceSession* session = sessions_.Authenticate(*request);
  if (session == nullptr) return StunResult::kUnauthenticated;

  if (!request->unknown_attributes().empty()) {
    return Reject(*request, path, *session, StunError::kUnknownAttribute);
  }
  if (request->ice_controlled && request->ice_controlling) {
    return Reject(*request, path, *session, StunError::kBadRequest);
  }
  if (request->ice_controlled) {
    return Reject(*request, path, *session, StunError::kRoleConflict);
  }

  responses_.Accept(*request, path, session->local.pwd);
  HearFromPeer(now);
  ValidPath& valid = Remember(path);
  valid.priority = request->priority.value_or(0);
  if (request->use_candidate) {
    Nominate(valid);
    if (session == &sessions_.current()) sessions_.Conclude();
    state_ = IceState::kConnected;
  }
  return StunResult::kHandled;
}

void IceLite::HandleAuthenticatedPacket(Timestamp now, const Path& path) {
  if (IsValidPath(path)) HearFromPeer(now);
}

void IceLite::HandleTimeout(Timestamp now) {
  if (state_ == IceState::kConnected && now >= last_heard_ + config_.timeout) {
    state_ = IceState::kDisconnected;
  }
}

std::optional<Timestamp> IceLite::PollTimeout() const {
  if (state_ != IceState::kConnected) return std::nullopt;
  return last_heard_ + config_.timeout;
}

bool IceLite::IsValidPath(const Path& path) const {
  const auto end = paths_.begin() + path_count_;
  return std::find_if(paths_.begin(), end,
                      [&](const ValidPath& valid) { return valid.path == path; }) != end;
}

StunResult IceLite::Reject(const StunMessage& request, const Path& path, const IceSession& session,
                           StunError error) {
  responses_.Reject(request, path, error, session.local.pwd);
  return StunResult::kRejected;
}

// Finds or makes the entry of `path` and moves it to the front.
IceLite::ValidPath& IceLite::Remember(const Path& path) {
  auto at = std::find_if(paths_.begin(), paths_.begin() + path_count_,
                         [&](const ValidPath& valid) { return valid.path == path; });
  if (at == paths_.end()) {
    --at;
    if (at->path == selected_) --at;
    dropped_ = at->path;
    *at = {.path = path};
  } else if (at == paths_.begin() + path_count_) {
    ++path_count_;
    *at = {.path = path};
  }
  std::rotate(paths_.begin(), at, at + 1);
  return paths_.front();
}

// A nomination moves the selected path at once, unless the peer turns out to nominate several paths
// at the same time (aggressive nomination, RFC 5245 section 8.1.1.2): when the selected path was
// nominated again between two nominations of this one, only a higher priority displaces it.
void IceLite::Nominate(ValidPath& candidate) {
  const uint32_t previous = std::exchange(candidate.nomination, ++nominations_);
  const auto selected =
      std::find_if(paths_.begin(), paths_.begin() + path_count_,
                   [&](const ValidPath& valid) { return valid.path == selected_; });
  const bool rivals = selected != paths_.begin() + path_count_ && previous != 0 &&
                      selected->nomination > previous && selected->priority > candidate.priority;
  if (!rivals) selected_ = candidate.path;
}

void IceLite::HearFromPeer(Timestamp now) {
  last_heard_ = now;
  if (state_ == IceState::kDisconnected) state_ = IceState::kConnected;
}

}  // namespace remotemedia
