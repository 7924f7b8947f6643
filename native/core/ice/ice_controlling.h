// The side of ICE that connects to a server: it checks the candidates it is given, nominates a path
// and keeps the peer's consent to send on it (RFC 8445, RFC 7675).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "core/ice/candidate_pair.h"
#include "core/ice/ice_agent.h"
#include "core/ice/ice_sessions.h"
#include "core/ice/stun_responses.h"

namespace remotemedia {

struct IceControllingConfig {
  // Time between the starts of two checks (Ta).
  Duration pacing = Duration::Millis(50);
  // First wait for an answer, doubled with every retransmission, and the number of transmissions
  // before a check has failed (RFC 8489 section 6.2.1).
  Duration initial_rto = Duration::Millis(500);
  int max_transmissions = 7;
  // How long the best pair that works waits for better ones that are still being checked.
  Duration nomination_wait = Duration::Millis(100);
  // Time between two consent checks, each varied by a factor of 0.8 to 1.2.
  Duration keepalive = Duration::Seconds(5);
  // Without an answer on the selected path for this long, the agent stops sending.
  Duration consent_timeout = Duration::Seconds(30);
};

// Starts as the controlling agent and nominates once per session (regular nomination). A peer that
// is no lite agent may check back, and after a role conflict may be the one that nominates.
//
// Checks on the selected path keep saying USE-CANDIDATE, as browsers do: when a NAT gives this side
// another address, the peer's answers and media follow at the next consent check.
//
// Checks begin with SetRemoteCredentials. `random` has to outlive the agent.
class IceControlling final : public IceAgent {
 public:
  // The most ways to reach the peer that are checked; more are refused.
  static constexpr size_t kMaxPairs = 16;

  IceControlling(const IceControllingConfig& config, IceCredentials local, Random& random);

  // A candidate of the peer, to be reached from `path.socket`. Of two, the one with the higher
  // `priority` (RFC 8445 section 5.1.2) is preferred. Candidates stay across restarts. False when
  // there are kMaxPairs already.
  bool AddRemoteCandidate(const Path& path, uint32_t priority);

  // Our own address as the peer sees it; nullopt before the first answer.
  const std::optional<TransportAddress>& mapped_address() const { return mapped_address_; }
  bool is_controlling() const { return controlling_; }

  StunResult HandleStun(Timestamp now, const Path& path,
                        std::span<const uint8_t> datagram) override;
  // Changes nothing: consent is given by answers to checks only (RFC 7675 section 5.1).
  void HandleAuthenticatedPacket(Timestamp, const Path&) override {}
  void HandleTimeout(Timestamp now) override;
  std::optional<IceTransmit> PollTransmit() override;
  // Never: a path that worked once stays valid.
  std::optional<Path> PollDroppedPath() override { return std::nullopt; }
  std::optional<Timestamp> PollTimeout() const override;
  IceState state() const override { return state_; }
  const std::optional<Path>& selected_path() const override { return selected_; }
  bool IsValidPath(const Path& path) const override;
  const IceCredentials& local_credentials() const override { return sessions_.current().local; }
  bool AcceptsUfrag(std::string_view local_ufrag) const override {
    return sessions_.FindByLocalUfrag(local_ufrag) != nullptr;
  }
  // Has to be well formed. Setting the same again changes nothing.
  void SetRemoteCredentials(IceCredentials remote) override;
  void RestartIce(IceCredentials local) override { sessions_.Restart(std::move(local)); }

 private:
  enum class CheckKind : uint8_t { kConnectivity, kNomination, kConsent };

  std::span<CandidatePair> pairs() { return std::span(pairs_).first(pair_count_); }
  std::span<const CandidatePair> pairs() const { return std::span(pairs_).first(pair_count_); }
  CandidatePair* Find(const Path& path);
  CandidatePair* Add(const Path& path, uint32_t priority);

  // The session our checks belong to; nullptr before there are credentials of the peer.
  const IceSession* CheckingSession() const;
  // The peer fell silent and only a restart helps (RFC 7675 section 5.1).
  bool LostConsent() const { return concluded_ && state_ == IceState::kDisconnected; }
  bool MaySend() const { return CheckingSession() != nullptr && !LostConsent(); }
  // Indices into pairs_.
  std::optional<size_t> NextToCheck() const;
  std::optional<size_t> NextToNominate() const;
  Timestamp NominationTime(const CandidatePair& best) const;

  StunResult HandleRequest(Timestamp now, const Path& path, const StunMessage& request);
  StunResult HandleResponse(Timestamp now, const Path& path, const StunMessage& response);
  // Settles who controls (RFC 8445 section 7.3.1.1); false when it is the peer who has to give in.
  bool ResolveRoles(const StunMessage& request);
  void Trigger(Timestamp now, const Path& path, const StunMessage& request);
  void HandleError(CandidatePair& pair, const ConnectivityCheck& check, const StunMessage& error);
  void HandleSuccess(Timestamp now, CandidatePair& pair, const ConnectivityCheck& check);

  void BeginChecks();
  void StartCheck(Timestamp now, CandidatePair& pair, CheckKind kind);
  void Transmit(Timestamp now, ConnectivityCheck& check);
  void AdvanceCheck(Timestamp now, CandidatePair& pair);
  void Select(Timestamp now, const CandidatePair& pair);
  void RenewConsent(Timestamp now);
  void ScheduleConsentCheck(Timestamp now);
  IceTransmit WriteCheck(const CandidatePair& pair);

  // Fits a check with the longest USERNAME.
  static constexpr size_t kMaxCheckSize = 640;

  const IceControllingConfig config_;
  Random& random_;
  IceSessions sessions_;
  StunResponses responses_;
  std::array<CandidatePair, kMaxPairs> pairs_;
  size_t pair_count_ = 0;
  std::array<uint8_t, kMaxCheckSize> check_bytes_;

  bool controlling_ = true;
  uint64_t tie_breaker_;
  IceState state_ = IceState::kNew;
  // The current session has its path, and only consent checks go on.
  bool concluded_ = false;
  std::optional<Path> selected_;
  std::optional<TransportAddress> mapped_address_;
  // No check starts before this.
  Timestamp next_start_;
  // When the first pair of this session worked.
  std::optional<Timestamp> first_success_;
  Timestamp next_consent_check_;
  Timestamp consent_expiry_;
};

}  // namespace remotemedia
