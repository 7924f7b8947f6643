// Everything that comes in on one transport: finds the stream of each packet, and makes the
// feedback.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.h"
#include "core/routing/producer.h"
#include "core/rtp/transport_feedback_generator.h"
#include "core/transport/counters.h"
#include "core/transport/events.h"
#include "core/transport/receive_stream.h"
#include "core/transport/remote_clock.h"

namespace remotemedia {

// Engine thread only. The producers belong to the router; until one is removed here, it asks for
// its keyframes here.
class MediaReceiver {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // PollTimeout has become earlier, for a reason that came from outside.
    virtual void OnFeedbackWanted(Timestamp now) = 0;
  };

  // The most SSRCs of one transport; a browser has two for each track.
  static constexpr size_t kMaxSsrcs = 256;

  // `feedback_ssrc`: what our feedback is sent under.
  MediaReceiver(uint32_t feedback_ssrc, NtpClock clock, Owner& owner, Counters& counters,
                EventQueue& events);
  ~MediaReceiver();

  void AddProducer(Producer& producer);
  void RemoveProducer(ProducerId id);

  // A decrypted packet, which is rewritten in place if it is a retransmission. `arrival`: when it
  // reached this machine, at or before `now`; what the sender's bandwidth estimate rests on.
  void HandleRtp(Timestamp now, Timestamp arrival, std::span<uint8_t> bytes);
  void HandleSenderReport(Timestamp now, const rtcp::SenderReport& report);
  void HandleRoundTripTime(Duration rtt);

  // Feedback that is due: transport-wide feedback, NACKs, keyframe requests. `add` takes a function
  // that writes one packet into an RtcpWriter and answers whether it fitted; it answers whether the
  // packet was written in the end.
  template <typename Add>
  void WriteFeedback(Timestamp now, Add&& add);
  // One block for each stream heard, for a receiver report.
  std::vector<rtcp::ReportBlock> MakeReportBlocks(Timestamp now);

  // When WriteFeedback has something to do next.
  std::optional<Timestamp> PollTimeout() const;

  // Calls f(const ReceiveStream&) for each stream.
  template <typename F>
  void ForEachStream(F&& f) const {
    for (const auto& incoming : incoming_) {
      for (const auto& stream : incoming->streams) f(*stream);
    }
  }

 private:
  // A producer and its streams: one, or one for each simulcast layer.
  struct Incoming final : KeyframeSource {
    Incoming(Producer& producer, Owner& owner);
    ~Incoming() override;
    void RequestKeyframe(Timestamp now) override;

    Producer& producer;
    Owner& owner;
    std::vector<std::unique_ptr<ReceiveStream>> streams;  // never empty
  };

  struct Route {
    uint32_t ssrc = 0;
    ReceiveStream* stream = nullptr;
    bool is_rtx = false;
  };

  const Route* FindRoute(uint32_t ssrc) const;
  // Finds out what an SSRC is that signaling did not name; nullptr when it cannot be known.
  const Route* Learn(const RtpPacketView& packet);
  Incoming* FindIncoming(const RtpPacketView& packet) const;
  std::optional<std::span<const uint8_t>> Extension(const RtpPacketView& packet,
                                                    RtpExtension extension) const;
  void RemoveRoute(uint32_t ssrc);

  const uint32_t feedback_ssrc_;
  Owner& owner_;
  Counters& counters_;
  EventQueue& events_;
  RemoteClock remote_clock_;
  TransportFeedbackGenerator transport_feedback_;
  bool transport_cc_ = false;
  // Of all m-lines: within a BUNDLE group an id means the same on each (RFC 8843 section 8).
  RtpExtensionMap extensions_;
  std::vector<std::unique_ptr<Incoming>> incoming_;
  std::vector<Route> routes_;
};

template <typename Add>
void MediaReceiver::WriteFeedback(Timestamp now, Add&& add) {
  for (const auto& incoming : incoming_) {
    for (const auto& stream : incoming->streams) stream->WriteFeedback(now, feedback_ssrc_, add);
  }
  // Last: it is padded (RFC 3550 section 6.4.1).
  const auto feedback_due = [&] {
    const auto due = transport_feedback_.PollTimeout();
    return due && *due <= now;
  };
  while (feedback_due()) {
    if (!add([&](RtcpWriter& out) { return transport_feedback_.Poll(now, out); })) break;
  }
}

}  // namespace remotemedia
