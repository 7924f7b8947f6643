// One incoming RTP stream with the RTX stream that repairs it: statistics, loss recovery, feedback.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/base/sequence_number.h"
#include "core/base/time.h"
#include "core/routing/producer.h"
#include "core/rtp/nack_generator.h"
#include "core/rtp/receive_statistics.h"
#include "core/rtp/rtcp_writer.h"
#include "core/rtp/rtp_packet.h"
#include "core/transport/keyframe_requester.h"

namespace remotemedia {

struct ReceiveStats {
  uint64_t bytes_received = 0;  // payload
  uint64_t packets_recovered = 0;
  uint64_t packets_duplicated = 0;
  uint64_t nacks_sent = 0;  // packets asked for
  uint64_t keyframe_requests_sent = 0;
};

// Engine thread only. Feeds one producer.
class ReceiveStream {
 public:
  ReceiveStream(Producer& producer, EncodingParameters encoding);

  Producer& producer() const { return producer_; }
  const std::string& rid() const { return encoding_.rid; }
  // 0 until known.
  uint32_t ssrc() const { return encoding_.ssrc; }
  uint32_t rtx_ssrc() const { return encoding_.rtx_ssrc; }

  // The stream goes on (or begins) under this SSRC. All that was counted begins anew.
  void SetSsrc(uint32_t ssrc);
  void SetRtxSsrc(uint32_t ssrc) { encoding_.rtx_ssrc = ssrc; }

  // A packet of the stream itself. Answers whether it was the first.
  bool HandlePacket(Timestamp now, const RtpPacketView& packet);
  // A packet of the RTX stream; rewritten in place.
  void HandleRtxPacket(Timestamp now, const RtpPacketView& rtx, std::span<uint8_t> bytes);
  // `time`: when, by our clock, the report was made.
  void HandleSenderReport(Timestamp now, Timestamp time, const rtcp::SenderInfo& info);
  void HandleRoundTripTime(Duration rtt) { nack_.OnRtt(rtt); }

  void RequestKeyframe(Timestamp now) { keyframe_requester_.Request(now); }

  // Feedback that is due: NACKs and keyframe requests. `sender_ssrc`: ours. `Add` takes a function
  // that writes one packet into an RtcpWriter and answers whether it fitted.
  template <typename Add>
  void WriteFeedback(Timestamp now, uint32_t sender_ssrc, Add&& add);
  std::optional<rtcp::ReportBlock> MakeReportBlock(Timestamp now);
  std::optional<Timestamp> PollTimeout() const;

  const ReceiveStats& stats() const { return stats_; }
  const ReceiveStatistics* statistics() const { return statistics_ ? &*statistics_ : nullptr; }
  double jitter_ms() const;

 private:
  void Publish(Timestamp now, const RtpPacketView& packet, const CodecParameters& codec,
               int64_t sequence_number);
  bool WriteKeyframeRequest(RtcpWriter& out, uint32_t sender_ssrc);

  Producer& producer_;
  EncodingParameters encoding_;
  uint32_t clock_rate_ = 0;
  std::optional<ReceiveStatistics> statistics_;
  SequenceNumberUnwrapper sequence_;
  NackGenerator nack_;
  KeyframeRequester keyframe_requester_;
  uint8_t fir_sequence_number_ = 0;
  ReceiveStats stats_;
};

template <typename Add>
void ReceiveStream::WriteFeedback(Timestamp now, uint32_t sender_ssrc, Add&& add) {
  if (encoding_.ssrc == 0) return;
  std::array<uint16_t, 64> missing;
  while (const size_t count = nack_.GetDue(now, missing)) {
    stats_.nacks_sent += count;
    add([&](RtcpWriter& out) {
      return out.AddNack(sender_ssrc, encoding_.ssrc, std::span(missing).first(count));
    });
  }
  // Lost for good: receivers would stand still until they ask themselves.
  const bool is_watched = producer_.parameters().is_video && !producer_.consumers().empty();
  if (nack_.TakeKeyframeNeeded() && is_watched) keyframe_requester_.Request(now);
  if (keyframe_requester_.TakeDue(now)) {
    ++stats_.keyframe_requests_sent;
    add([&](RtcpWriter& out) { return WriteKeyframeRequest(out, sender_ssrc); });
  }
}

}  // namespace remotemedia
