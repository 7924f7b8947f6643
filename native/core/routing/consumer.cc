#include "core/routing/consumer.h"

#include <array>

#include "core/base/sequence_number.h"
#include "core/routing/producer.h"
#include "core/rtp/rtp_header_writer.h"
#include "core/rtp/rtx.h"

namespace remotemedia {
namespace {

// What one receiver may have repeated: a burst is half a second of a 2.5 Mbit/s picture, the rate
// half of such a stream. A receiver that asks for more is beyond help by retransmission.
constexpr double kRetransmissionBurst = 128;
constexpr double kRetransmissionsPerSecond = 400;

uint32_t ClockRateOf(const ConsumerParameters& parameters) {
  return parameters.codecs.empty() ? 90'000 : parameters.codecs.front().clock_rate;
}

uint16_t FirstSequenceNumber(Random& random) {
  return static_cast<uint16_t>(random.Next32() & 0x7FFF);
}

}  // namespace

Consumer::Consumer(ConsumerParameters parameters, RtpOutlet& outlet, Random& random)
    : parameters_(std::move(parameters)),
      outlet_(outlet),
      rewriter_(ClockRateOf(parameters_), FirstSequenceNumber(random), random.Next32()),
      clock_rate_(ClockRateOf(parameters_)),
      next_rtx_sequence_number_(FirstSequenceNumber(random)),
      retransmissions_(kRetransmissionsPerSecond, kRetransmissionBurst) {}

void Consumer::SetProducer(Timestamp now, Producer* producer,
                           std::vector<PayloadTypeMapping> payload_types) {
  producer_ = producer;
  payload_types_ = std::move(payload_types);
  epoch_.reset();
  if (producer_) producer_->RequestKeyframe(now);
}

void Consumer::Forward(Timestamp now, const MediaPacket& packet) {
  // Nothing is begun, and no keyframe used up, before it can be sent.
  const std::span<uint8_t> room = outlet_.BeginPacket();
  if (room.empty()) {
    // What cannot be sent uses no numbers up: the receiver's roll-over counter would lose track of
    // them (RFC 3711 section 3.3.1), and without a keyframe it could not go on anyway.
    epoch_.reset();
    return;
  }
  const CodecParameters* codec = Translate(packet.header.payload_type);
  if (epoch_ != packet.epoch && !(codec && Start(now, packet, *codec))) return;
  if (!codec || packet.payload.empty()) {
    // Not for this receiver, or mere padding: what follows moves up.
    rewriter_.Skip(packet.sequence_number);
    return;
  }
  const auto output = rewriter_.Map(now, packet.sequence_number, packet.header.timestamp);
  if (!output) return;

  const RtpHeader header = {.marker = packet.header.marker,
                            .payload_type = codec->payload_type,
                            .sequence_number = static_cast<uint16_t>(output->sequence_number),
                            .timestamp = output->timestamp,
                            .ssrc = parameters_.ssrc};
  // A packet that might be repeated under the same number (without RTX) has to be the same to the
  // bit then, or SRTP's nonce would be used for two texts: it gets nothing that changes with time.
  const bool stamped = UsesRtx(*codec) || !codec->nack;
  const size_t header_size = WriteHeader(now, room, header, packet, stamped);
  if (header_size == 0) return;
  if (!outlet_.FinishPacket(header_size, packet.payload,
                            static_cast<uint64_t>(output->sequence_number))) {
    return;
  }
  clock_rate_ = codec->clock_rate;
  ++stats_.packets_sent;
  stats_.bytes_sent += packet.payload.size();
}

bool Consumer::Start(Timestamp now, const MediaPacket& packet, const CodecParameters& codec) {
  if (packet.payload.empty()) return false;
  if (parameters_.is_video && codec.codec != Codec::kOther && !packet.starts_keyframe) {
    // Asked for when the producer was connected; this is for a source that started over.
    producer_->RequestKeyframe(now);
    return false;
  }
  epoch_ = packet.epoch;
  rewriter_.Start(now, packet.sequence_number, packet.header.timestamp);
  return true;
}

const CodecParameters* Consumer::Translate(uint8_t payload_type) const {
  for (const PayloadTypeMapping& mapping : payload_types_) {
    if (mapping.from == payload_type) return FindCodec(parameters_.codecs, mapping.to);
  }
  return nullptr;
}

bool Consumer::UsesRtx(const CodecParameters& codec) const {
  return codec.rtx_payload_type != 0 && parameters_.rtx_ssrc != 0;
}

size_t Consumer::WriteHeader(Timestamp now, std::span<uint8_t> out, const RtpHeader& header,
                             const MediaPacket& packet, bool stamped) {
  std::array<ExtensionValue, MediaPacket::kMaxExtensions + 3> extensions;
  size_t count = 0;
  const RtpExtensionMap& map = parameters_.extensions;

  if (const uint8_t id = map.id(RtpExtension::kMid); id != 0 && !parameters_.mid.empty()) {
    const auto* mid = reinterpret_cast<const uint8_t*>(parameters_.mid.data());
    extensions[count++] = {id, {mid, parameters_.mid.size()}};
  }
  std::array<uint8_t, kAbsSendTimeSize> abs_send_time;
  if (const uint8_t id = map.id(RtpExtension::kAbsSendTime); id != 0 && stamped) {
    abs_send_time = WriteAbsSendTime(ToAbsSendTime(now));
    extensions[count++] = {id, abs_send_time};
  }
  std::array<uint8_t, kTransportSequenceNumberSize> transport_sequence_number;
  if (const uint8_t id = map.id(RtpExtension::kTransportSequenceNumber); id != 0 && stamped) {
    transport_sequence_number = WriteTransportSequenceNumber(outlet_.NextTransportSequenceNumber());
    extensions[count++] = {id, transport_sequence_number};
  }
  for (size_t i = 0; i < packet.extension_count; ++i) {
    const MediaPacket::Extension& extension = packet.extensions[i];
    switch (extension.type) {
      case RtpExtension::kMid:
      case RtpExtension::kRid:
      case RtpExtension::kRepairedRid:
      case RtpExtension::kAbsSendTime:
      case RtpExtension::kTransportSequenceNumber:
      case RtpExtension::kTransmissionOffset:
        continue;  // about the producer's transport, not about the media
      default:
        break;
    }
    if (const uint8_t id = map.id(extension.type); id != 0) {
      extensions[count++] = {id, extension.value};
    }
  }
  return WriteRtpHeader(out, header, std::span(extensions).first(count));
}

void Consumer::HandleNack(Timestamp now, uint16_t sequence_number) {
  ++stats_.nacks_received;
  if (!producer_ || !epoch_) return;
  const int64_t last = rewriter_.last_sequence_number();
  const int64_t unwrapped = last + CircularDistance(static_cast<uint16_t>(last), sequence_number);
  const auto source = rewriter_.SourceOf(unwrapped);
  if (!source) return;
  const auto packet = producer_->Find(*epoch_, *source);
  if (packet && retransmissions_.Take(now)) Retransmit(now, *packet, unwrapped);
}

void Consumer::Retransmit(Timestamp now, const MediaPacket& packet, int64_t sequence_number) {
  const CodecParameters* codec = Translate(packet.header.payload_type);
  if (!codec || packet.payload.empty()) return;
  const std::span<uint8_t> room = outlet_.BeginPacket();
  if (room.empty()) return;

  RtpHeader header = {.marker = packet.header.marker,
                      .payload_type = codec->payload_type,
                      .sequence_number = static_cast<uint16_t>(sequence_number),
                      .timestamp = rewriter_.MapTimestamp(packet.header.timestamp),
                      .ssrc = parameters_.ssrc};
  bool sent = false;
  if (UsesRtx(*codec)) {
    header.payload_type = codec->rtx_payload_type;
    header.ssrc = parameters_.rtx_ssrc;
    header.sequence_number = static_cast<uint16_t>(next_rtx_sequence_number_);
    const size_t header_size = WriteHeader(now, room, header, packet, true);
    if (header_size == 0) return;
    const size_t payload_size = WriteRtxPayload(
        room.subspan(header_size), static_cast<uint16_t>(sequence_number), packet.payload);
    if (payload_size == 0) return;
    sent = outlet_.FinishPacket(header_size, room.subspan(header_size, payload_size),
                                static_cast<uint64_t>(next_rtx_sequence_number_));
    if (sent) ++next_rtx_sequence_number_;
  } else if (codec->nack) {
    const size_t header_size = WriteHeader(now, room, header, packet, false);
    if (header_size == 0) return;
    sent =
        outlet_.FinishPacket(header_size, packet.payload, static_cast<uint64_t>(sequence_number));
  }
  if (sent) ++stats_.packets_retransmitted;
}

void Consumer::HandleKeyframeRequest(Timestamp now) {
  ++stats_.keyframe_requests_received;
  if (producer_) producer_->RequestKeyframe(now);
}

void Consumer::HandleReportBlock(const rtcp::ReportBlock& block,
                                 std::optional<Duration> round_trip_time) {
  stats_.fraction_lost = block.fraction_lost;
  stats_.packets_lost = block.cumulative_lost;
  stats_.jitter = block.jitter;
  if (round_trip_time) stats_.round_trip_time = round_trip_time;
}

std::optional<rtcp::SenderInfo> Consumer::MakeSenderInfo(Timestamp now,
                                                         const NtpClock& clock) const {
  if (!producer_ || epoch_ != producer_->epoch() || stats_.packets_sent == 0) return std::nullopt;
  const auto& mapping = producer_->clock_mapping();
  if (!mapping) return std::nullopt;
  const double elapsed = (now - mapping->time).seconds() * clock_rate_;
  const uint32_t source_timestamp =
      mapping->rtp_timestamp + static_cast<uint32_t>(static_cast<int64_t>(elapsed));
  return rtcp::SenderInfo{.ntp = clock.ToNtp(now),
                          .rtp_timestamp = rewriter_.MapTimestamp(source_timestamp),
                          .packet_count = static_cast<uint32_t>(stats_.packets_sent),
                          .octet_count = static_cast<uint32_t>(stats_.bytes_sent)};
}

}  // namespace remotemedia
