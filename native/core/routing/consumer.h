// One outgoing stream of media: takes packets from a producer, rewrites their headers, sends them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/base/time.h"
#include "core/base/token_bucket.h"
#include "core/routing/media_packet.h"
#include "core/routing/media_parameters.h"
#include "core/routing/rtp_outlet.h"
#include "core/routing/stream_rewriter.h"
#include "core/rtp/ntp_time.h"
#include "core/rtp/rtcp_packet.h"

namespace remotemedia {

class Producer;

struct ConsumerStats {
  uint64_t packets_sent = 0;
  uint64_t bytes_sent = 0;  // payload, retransmissions not included
  uint64_t packets_retransmitted = 0;
  uint64_t nacks_received = 0;  // packets asked for
  uint64_t keyframe_requests_received = 0;
  // From the receiver's last report.
  uint8_t fraction_lost = 0;  // 1/256
  int64_t packets_lost = 0;
  uint32_t jitter = 0;  // clock rate units
  std::optional<Duration> round_trip_time;
};

// Engine thread only. Belongs to a transport, which is its outlet and outlives it.
class Consumer {
 public:
  Consumer(ConsumerParameters parameters, RtpOutlet& outlet, Random& random);

  const ConsumerParameters& parameters() const { return parameters_; }
  ConsumerId id() const { return parameters_.id; }
  const ConsumerStats& stats() const { return stats_; }
  Producer* producer() const { return producer_; }

  // Sends this producer's packets from now on, or none (nullptr). Called by the router, which keeps
  // the producer's side of the link.
  void SetProducer(Timestamp now, Producer* producer,
                   std::vector<PayloadTypeMapping> payload_types);

  // Rewrites and sends one packet of the producer.
  void Forward(Timestamp now, const MediaPacket& packet);

  // The receiver misses a packet of this stream.
  void HandleNack(Timestamp now, uint16_t sequence_number);
  void HandleKeyframeRequest(Timestamp now);
  void HandleReportBlock(const rtcp::ReportBlock& block, std::optional<Duration> round_trip_time);

  // The sender report of this stream for `now`; nullopt while nothing has been sent or the source
  // has not yet told how its timestamps relate to time.
  std::optional<rtcp::SenderInfo> MakeSenderInfo(Timestamp now, const NtpClock& clock) const;

 private:
  // Begins forwarding at this packet, if a receiver can start there.
  bool Start(Timestamp now, const MediaPacket& packet, const CodecParameters& codec);
  const CodecParameters* Translate(uint8_t payload_type) const;
  // Whether lost packets are repeated on a stream of their own.
  bool UsesRtx(const CodecParameters& codec) const;
  size_t WriteHeader(Timestamp now, std::span<uint8_t> out, const RtpHeader& header,
                     const MediaPacket& packet, bool stamped);
  void Retransmit(Timestamp now, const MediaPacket& packet, int64_t sequence_number);

  const ConsumerParameters parameters_;
  RtpOutlet& outlet_;

  Producer* producer_ = nullptr;
  std::vector<PayloadTypeMapping> payload_types_;
  // The producer's epoch that is being forwarded; nullopt until a packet came to start at.
  std::optional<uint32_t> epoch_;

  StreamRewriter rewriter_;
  // Clock rate of the payload type sent last, in Hz.
  uint32_t clock_rate_;
  int64_t next_rtx_sequence_number_;
  TokenBucket retransmissions_;
  ConsumerStats stats_;
};

}  // namespace remotemedia
