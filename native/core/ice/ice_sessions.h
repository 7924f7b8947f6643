// The credentials an agent goes by: those of the current ICE session and, while a restart is under
// way, those of the session before.
#pragma once

#include <optional>
#include <string_view>

#include "core/ice/ice_credentials.h"
#include "core/ice/stun_message.h"

namespace remotemedia {

struct IceSession {
  IceCredentials local;
  std::optional<IceCredentials> remote;
};

class IceSessions {
 public:
  explicit IceSessions(IceCredentials local) : current_{std::move(local), std::nullopt} {}

  // The current session becomes the previous one, unless that place is taken by one whose successor
  // was never concluded: the one that works is the one worth keeping.
  void Restart(IceCredentials local);
  void SetRemote(IceCredentials remote) { current_.remote = std::move(remote); }
  // The current session has its path: the previous one ends.
  void Conclude() { previous_.reset(); }

  const IceSession& current() const { return current_; }
  const std::optional<IceSession>& previous() const { return previous_; }
  const IceSession* FindByLocalUfrag(std::string_view ufrag) const;

  // The session whose USERNAME and password `request` carries; nullptr for none. A remote ufrag is
  // compared once it is known: checks may come before the answer that brings it.
  const IceSession* Authenticate(const StunMessage& request) const;

 private:
  IceSession current_;
  std::optional<IceSession> previous_;
};

}  // namespace remotemedia
