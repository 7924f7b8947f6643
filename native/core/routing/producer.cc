#include "core/routing/producer.h"

#include <algorithm>

#include "core/routing/consumer.h"

namespace remotemedia {
namespace {

// In packets: about two seconds of a 2.5 Mbit/s picture.
constexpr size_t kRetransmissionBuffer = 512;

bool AnyNack(const std::vector<CodecParameters>& codecs) {
  return std::ranges::any_of(codecs, &CodecParameters::nack);
}

}  // namespace

Producer::Producer(ProducerParameters parameters)
    : parameters_(std::move(parameters)),
      keeps_packets_(parameters_.is_video || AnyNack(parameters_.codecs)),
      retransmission_buffer_(kRetransmissionBuffer) {}

void Producer::Publish(Timestamp now, const MediaPacket& packet, std::span<const uint8_t> bytes) {
  if (packet.starts_keyframe) ++keyframes_;
  if (keeps_packets_) retransmission_buffer_.Store(now, packet.sequence_number, bytes);
  for (Consumer* consumer : consumers_) consumer->Forward(now, packet);
}

std::optional<MediaPacket> Producer::Find(uint32_t epoch, int64_t sequence_number) const {
  if (epoch != epoch_) return std::nullopt;
  const auto stored = retransmission_buffer_.Find(sequence_number);
  if (!stored) return std::nullopt;
  const auto view = RtpPacketView::Parse(stored->bytes);
  if (!view) return std::nullopt;
  return MediaPacket::From(*view, parameters_.extensions, sequence_number, epoch);
}

uint32_t Producer::StartEpoch() {
  retransmission_buffer_ = RetransmissionBuffer(kRetransmissionBuffer);
  clock_mapping_.reset();
  return ++epoch_;
}

void Producer::RequestKeyframe(Timestamp now) {
  if (source_ && parameters_.is_video) source_->RequestKeyframe(now);
}

void Producer::Attach(Consumer* consumer) { consumers_.push_back(consumer); }

void Producer::Detach(Consumer* consumer) { std::erase(consumers_, consumer); }

}  // namespace remotemedia
