// One remote endpoint: ICE, DTLS and SRTP composed, with the media that goes in and out over them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/datagram_sink.h"
#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/base/time.h"
#include "core/base/timer_wheel.h"
#include "core/dtls/dtls_transport.h"
#include "core/ice/ice_agent.h"
#include "core/routing/rtp_outlet.h"
#include "core/srtp/srtp_receiver.h"
#include "core/srtp/srtp_sender.h"
#include "core/transport/counters.h"
#include "core/transport/events.h"
#include "core/transport/media_receiver.h"
#include "core/transport/media_sender.h"

namespace remotemedia {

struct TransportStats {
  // RTP and RTCP as they are on the wire.
  uint64_t packets_received = 0;
  uint64_t bytes_received = 0;
  uint64_t packets_sent = 0;
  uint64_t bytes_sent = 0;
};

// Engine thread only. The endpoint finds out which transport a datagram is for; DTLS, RTP and RTCP
// reach this class only from paths that have passed an ICE check.
//
// Keeps its own deadline in the timer wheel and sends by itself: there is nothing to poll.
class Transport final : public RtpOutlet, private MediaReceiver::Owner {
 public:
  struct Dependencies {
    const DtlsCertificate& certificate;
    Random& random;
    DatagramSink& sink;
    TimerWheel& timers;
    EventQueue& events;
    Counters& counters;
    NtpClock clock;
  };

  Transport(TransportId id, TimerWheel::Key timer, std::unique_ptr<IceAgent> ice,
            std::vector<SrtpProfile> srtp_profiles, const Dependencies& dependencies);
  ~Transport() override;

  TransportId id() const { return id_; }
  TimerWheel::Key timer() const { return timer_; }
  const IceAgent& ice() const { return *ice_; }
  TransportState state() const { return state_; }
  const TransportStats& stats() const { return stats_; }
  // Once connected.
  std::optional<SrtpProfile> srtp_profile() const { return srtp_profile_; }

  void Connect(Timestamp now, IceCredentials remote, DtlsRole role, DtlsFingerprint fingerprint);
  void RestartIce(Timestamp now, IceCredentials local);
  // Tells the peer. Nothing is sent afterwards.
  void Close(Timestamp now);

  void AddProducer(Producer& producer);
  void RemoveProducer(ProducerId id);
  void AddConsumer(Consumer& consumer) { sender_.AddConsumer(consumer); }
  void RemoveConsumer(Timestamp now, const Consumer& consumer);
  const MediaReceiver& receiver() const { return receiver_; }
  const MediaSender& sender() const { return sender_; }

  StunResult HandleStun(Timestamp now, const Path& path, std::span<const uint8_t> datagram);
  // A path that is no longer valid; call after HandleStun until nullopt.
  std::optional<Path> PollDroppedPath() { return ice_->PollDroppedPath(); }
  void HandleDtls(Timestamp now, const Path& path, std::span<const uint8_t> datagram);
  void HandleRtp(Timestamp now, Timestamp arrival, const Path& path, std::span<uint8_t> datagram);
  void HandleRtcp(Timestamp now, const Path& path, std::span<uint8_t> datagram);
  void HandleTimeout(Timestamp now);

  // RtpOutlet
  std::span<uint8_t> BeginPacket() override;
  bool FinishPacket(size_t header_size, std::span<const uint8_t> payload,
                    uint64_t packet_index) override;
  uint16_t NextTransportSequenceNumber() override { return next_transport_sequence_number_++; }

 private:
  class RtcpBatch;

  void OnFeedbackWanted(Timestamp now) override;

  // What every Handle* ends with: sends what has become due, tells of a new state, sets the timer.
  void Service(Timestamp now);
  void FlushIce();
  void FlushDtls();
  void StartSrtp(Timestamp now);
  void SendDueRtcp(Timestamp now);
  void SendRtcp(std::span<uint8_t> room, size_t size);
  void UpdateState();
  void SetTimer(Timestamp now);
  bool may_send() const;
  void SendDatagram(const Path& path, std::span<const uint8_t> bytes);
  using Unprotect = SrtpStatus (SrtpReceiver::*)(std::span<uint8_t>, size_t*);
  // The packet, in place; empty, and counted, when it is not the peer's.
  std::span<uint8_t> Decrypt(Timestamp now, const Path& path, std::span<uint8_t> datagram,
                             Unprotect unprotect, uint64_t& malformed);
  void HandleRtcpPacket(Timestamp now, const rtcp::Packet& packet);
  void CountSrtpFailure(SrtpStatus status, uint64_t& malformed);

  const TransportId id_;
  const TimerWheel::Key timer_;
  const std::vector<SrtpProfile> srtp_profiles_;
  const Dependencies dependencies_;
  const std::unique_ptr<IceAgent> ice_;
  std::unique_ptr<DtlsTransport> dtls_;
  bool dtls_started_ = false;
  std::optional<Path> dtls_path_;  // where the peer's last handshake datagram came from
  std::unique_ptr<SrtpSender> srtp_sender_;
  std::unique_ptr<SrtpReceiver> srtp_receiver_;
  std::optional<SrtpProfile> srtp_profile_;

  const uint32_t rtcp_ssrc_;
  MediaReceiver receiver_;
  MediaSender sender_;
  Timestamp next_report_ = Timestamp::Never();

  std::span<uint8_t> room_;  // of the packet being written
  uint16_t next_transport_sequence_number_ = 0;

  TransportState state_ = TransportState::kNew;
  std::optional<Path> reported_path_;
  TransportStats stats_;
};

}  // namespace remotemedia
