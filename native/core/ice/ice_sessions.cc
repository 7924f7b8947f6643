#include "core/ice/ice_sessions.h"

#include <utility>

namespace remotemedia {

void IceSessions::Restart(IceCredentials local) {
  if (!previous_) previous_ = std::move(current_);
  current_ = {std::move(local), std::nullopt};
}

const IceSession* IceSessions::FindByLocalUfrag(std::string_view ufrag) const {
  if (current_.local.ufrag == ufrag) return &current_;
  if (previous_ && previous_->local.ufrag == ufrag) return &*previous_;
  return nullptr;
}

const IceSession* IceSessions::Authenticate(const StunMessage& request) const {
  if (!request.username) return nullptr;
  const auto username = IceUsername::Parse(*request.username);
  if (!username) return nullptr;
  const IceSession* session = FindByLocalUfrag(username->receiver);
  if (session == nullptr) return nullptr;
  if (session->remote && session->remote->ufrag != username->sender) return nullptr;
  return request.IsAuthenticBy(session->local.pwd) ? session : nullptr;
}

}  // namespace remotemedia
