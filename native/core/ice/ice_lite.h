// The server's side of ICE: it has a public address, sends no checks, and answers those of the peer
// (ICE-lite, RFC 8445 section 2.5). Always controlled.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/ice/ice_agent.h"
#include "core/ice/ice_sessions.h"
#include "core/ice/stun_message.h"
#include "core/ice/stun_responses.h"

namespace remotemedia {

struct IceConfig {
  // How long a connected peer may show no authenticated sign of life before it counts as gone.
  Duration timeout = Duration::Seconds(8);
};

// Differences from the letter of the RFCs, and why:
// - A request that fails authentication is dropped and counted, where RFC 8489 section 9.1.3 would
//   answer 400 or 401: the answer would help nobody but those who send with a forged source
//   address.
// - The order of two lite agents' roles is never worked out: a peer that claims to be controlled
// gets
//   487 whatever its tie-breaker, because an agent that sends no checks cannot take the other role.
// - Authenticated media counts as a sign of life beside checks, so that lost checks alone do not
//   take down a peer that is sending.
//
// Memory is fixed at construction but for the credentials' strings, and strangers change nothing.
class IceLite final : public IceAgent {
 public:
  // The number of paths remembered as valid. One more displaces the one whose last check is oldest,
  // never the selected one.
  static constexpr size_t kMaxPaths = 16;

  IceLite(const IceConfig& config, IceCredentials local);

  StunResult HandleStun(Timestamp now, const Path& path,
                        std::span<const uint8_t> datagram) override;
  void HandleAuthenticatedPacket(Timestamp now, const Path& path) override;
  void HandleTimeout(Timestamp now) override;
  std::optional<IceTransmit> PollTransmit() override { return responses_.Poll(); }
  std::optional<Path> PollDroppedPath() override { return std::exchange(dropped_, std::nullopt); }
  std::optional<Timestamp> PollTimeout() const override;
  IceState state() const override { return state_; }
  const std::optional<Path>& selected_path() const override { return selected_; }
  bool IsValidPath(const Path& path) const override;
  const IceCredentials& local_credentials() const override { return sessions_.current().local; }
  bool AcceptsUfrag(std::string_view local_ufrag) const override {
    return sessions_.FindByLocalUfrag(local_ufrag) != nullptr;
  }
  // Optional for this agent. Once known, checks have to name the peer's ufrag as well.
  void SetRemoteCredentials(IceCredentials remote) override {
    sessions_.SetRemote(std::move(remote));
  }
  void RestartIce(IceCredentials local) override { sessions_.Restart(std::move(local)); }

 private:
  struct ValidPath {
    Path path;
    uint32_t priority = 0;
    // Number of the nomination that last named this path, counted over all paths; 0 for none.
    uint32_t nomination = 0;
  };

  StunResult Reject(const StunMessage& request, const Path& path, const IceSession& session,
                    StunError error);
  ValidPath& Remember(const Path& path);
  void Nominate(ValidPath& candidate);
  void HearFromPeer(Timestamp now);

  const IceConfig config_;
  IceSessions sessions_;
  StunResponses responses_;
  // The first path_count_ are in use, the most recently checked first.
  std::array<ValidPath, kMaxPaths> paths_;
  size_t path_count_ = 0;
  std::optional<Path> selected_;
  std::optional<Path> dropped_;
  uint32_t nominations_ = 0;
  IceState state_ = IceState::kNew;
  Timestamp last_heard_;
};

}  // namespace remotemedia
