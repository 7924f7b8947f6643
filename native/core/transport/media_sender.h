// Everything that goes out on one transport: finds the consumer that feedback is about, makes
// reports.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.h"
#include "core/routing/consumer.h"
#include "core/rtp/rtcp_packet.h"
#include "core/rtp/rtcp_writer.h"

namespace remotemedia {

// Engine thread only. The consumers belong to the router.
class MediaSender {
 public:
  explicit MediaSender(NtpClock clock) : clock_(clock) {}

  void AddConsumer(Consumer& consumer) { consumers_.push_back(&consumer); }
  void RemoveConsumer(const Consumer& consumer) { std::erase(consumers_, &consumer); }
  const std::vector<Consumer*>& consumers() const { return consumers_; }

  void HandleNack(Timestamp now, const rtcp::Nack& nack);
  void HandleKeyframeRequest(Timestamp now, uint32_t media_ssrc);
  // Answers the round-trip time the blocks tell of, if they do.
  std::optional<Duration> HandleReportBlocks(Timestamp now, const rtcp::ReportBlocks& blocks);

  // A sender report and CNAME for each consumer that sends. `add` as in MediaReceiver.
  template <typename Add>
  void WriteReports(Timestamp now, Add&& add) const;

 private:
  Consumer* Find(uint32_t ssrc) const;

  const NtpClock clock_;
  std::vector<Consumer*> consumers_;
};

template <typename Add>
void MediaSender::WriteReports(Timestamp now, Add&& add) const {
  for (const Consumer* consumer : consumers_) {
    const auto info = consumer->MakeSenderInfo(now, clock_);
    if (!info) continue;
    const ConsumerParameters& parameters = consumer->parameters();
    add([&](RtcpWriter& out) { return out.AddSenderReport(parameters.ssrc, *info, {}); });
    add([&](RtcpWriter& out) { return out.AddSdesCname(parameters.ssrc, parameters.cname); });
  }
}

}  // namespace remotemedia
