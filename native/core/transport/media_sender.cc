#include "core/transport/media_sender.h"

namespace remotemedia {

void MediaSender::HandleNack(Timestamp now, const rtcp::Nack& nack) {
  Consumer* const consumer = Find(nack.media_ssrc);
  if (!consumer) return;
  nack.ForEachSequenceNumber(
      [&](uint16_t sequence_number) { consumer->HandleNack(now, sequence_number); });
}

void MediaSender::HandleKeyframeRequest(Timestamp now, uint32_t media_ssrc) {
  if (Consumer* const consumer = Find(media_ssrc)) consumer->HandleKeyframeRequest(now);
}

std::optional<Duration> MediaSender::HandleReportBlocks(Timestamp now,
                                                        const rtcp::ReportBlocks& blocks) {
  std::optional<Duration> latest;
  for (const rtcp::ReportBlock block : blocks) {
    Consumer* const consumer = Find(block.ssrc);
    if (!consumer) continue;
    const auto rtt =
        RoundTripTime(clock_.ToNtp(now).compact(), block.last_sr, block.delay_since_last_sr);
    consumer->HandleReportBlock(block, rtt);
    if (rtt) latest = rtt;
  }
  return latest;
}

Consumer* MediaSender::Find(uint32_t ssrc) const {
  for (Consumer* consumer : consumers_) {
    if (consumer->parameters().ssrc == ssrc) return consumer;
  }
  return nullptr;
}

}  // namespace remotemedia
