// One side of an ICE session as its transport sees it (RFC 8445): checks in and out, the path to
// send on, and whether the peer is still there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/time.h"
#include "core/base/transport_address.h"
#include "core/ice/ice_credentials.h"

namespace remotemedia {

enum class IceState : uint8_t {
  // No path has been selected yet.
  kNew,
  // A path is selected and the peer has shown recently enough that it is there.
  kConnected,
  // The peer was connected and fell silent: nothing may be sent but answers to checks. IceLite
  // comes
  // back by itself when the peer is heard again, IceControlling by a restart (RFC 7675
  // section 5.1).
  kDisconnected,
};

// What became of a STUN datagram. One counter each.
enum class StunResult : uint8_t {
  kHandled,          // authenticated and acted on
  kRejected,         // authenticated, and answered with 400, 420 or 487
  kUnauthenticated,  // USERNAME not ours, or MESSAGE-INTEGRITY missing or wrong: dropped, no answer
  kIgnored,          // malformed, or of no use here: an indication, a response nobody waits for
};

struct IceTransmit {
  Path path;
  // Valid until the next call of a non-const method of the agent.
  std::span<const uint8_t> bytes;
};

// Single-threaded, calls nobody back. After every Handle* call the owner drains PollTransmit and
// PollDroppedPath; an agent left undrained loses answers (peers retransmit), it does not grow.
//
// The value of PollTimeout stays the same until the next call of a non-const method.
class IceAgent {
 public:
  virtual ~IceAgent() = default;

  // `path` is where the datagram came in; answers go back the same way.
  virtual StunResult HandleStun(Timestamp now, const Path& path,
                                std::span<const uint8_t> datagram) = 0;
  // A packet that DTLS or SRTP has authenticated came in on `path`.
  virtual void HandleAuthenticatedPacket(Timestamp now, const Path& path) = 0;
  virtual void HandleTimeout(Timestamp now) = 0;

  virtual std::optional<IceTransmit> PollTransmit() = 0;
  // A path that was valid and is no longer, so that whoever routes datagrams by path can forget it.
  virtual std::optional<Path> PollDroppedPath() = 0;
  // When HandleTimeout wants to be called; nullopt for never. It may lie in the past: call at once.
  virtual std::optional<Timestamp> PollTimeout() const = 0;

  virtual IceState state() const = 0;
  // Where to send. Only the nomination of another path changes it once it is set, so it outlives
  // silence and restarts; look at state() before sending.
  virtual const std::optional<Path>& selected_path() const = 0;
  // Whether an authenticated check proved that the peer is at `path`. DTLS and SRTP are accepted
  // from such paths only, whatever the state.
  virtual bool IsValidPath(const Path& path) const = 0;

  // The newest ones; after RestartIce those it was given.
  virtual const IceCredentials& local_credentials() const = 0;
  // Whether checks addressed to this ufrag are ours. During a restart two are: the newest and the
  // one before, until the first nomination with the newest.
  virtual bool AcceptsUfrag(std::string_view local_ufrag) const = 0;

  // The peer's credentials for the session that local_credentials() belongs to.
  virtual void SetRemoteCredentials(IceCredentials remote) = 0;
  // Starts a new session with these local credentials (RFC 8445 section 9). Comes before the
  // SetRemoteCredentials of that session. Until a path is nominated with the new credentials, the
  // old ones, the selected path and the state go on as before.
  virtual void RestartIce(IceCredentials local) = 0;
};

}  // namespace remotemedia
