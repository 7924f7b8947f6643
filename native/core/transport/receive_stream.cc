#include "core/transport/receive_stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/rtp/keyframe.h"
#include "core/rtp/rtx.h"

namespace remotemedia {
ReceiveStream::ReceiveStream(Producer& producer, EncodingParameters encoding)
    : producer_(producer), encoding_(std::move(encoding)) {
  const auto& codecs = producer_.parameters().codecs;
  if (!codecs.empty()) clock_rate_ = codecs.front().clock_rate;
  if (encoding_.ssrc != 0) statistics_.emplace(encoding_.ssrc, clock_rate_);
}

void ReceiveStream::SetSsrc(uint32_t ssrc) {
  if (ssrc == encoding_.ssrc) return;
  if (encoding_.ssrc != 0) producer_.StartEpoch();
  encoding_.ssrc = ssrc;
  statistics_.emplace(ssrc, clock_rate_);
  sequence_ = {};
  nack_ = {};
}

bool ReceiveStream::HandlePacket(Timestamp now, const RtpPacketView& packet) {
  const RtpHeader& header = packet.header();
  const CodecParameters* codec = FindCodec(producer_.parameters().codecs, header.payload_type);
  if (!codec) return false;
  if (!statistics_->OnPacket(now, header)) {
    ++stats_.packets_duplicated;
    return false;
  }
  const bool first = !sequence_.started();
  // The first packet counted, and yet not the first: the stream has jumped and starts over.
  if (!first && statistics_->packets_received() == 1) {
    producer_.StartEpoch();
    sequence_ = {};
  }
  if (codec->nack) nack_.OnPacket(now, header.sequence_number, false);
  Publish(now, packet, *codec, sequence_.Unwrap(header.sequence_number));
  return first;
}

void ReceiveStream::HandleRtxPacket(Timestamp now, const RtpPacketView& rtx,
                                    std::span<uint8_t> bytes) {
  const auto& codecs = producer_.parameters().codecs;
  const auto codec =
      std::ranges::find(codecs, rtx.header().payload_type, &CodecParameters::rtx_payload_type);
  // Before the stream's own first packet there is nothing it could repair.
  if (codec == codecs.end() || !sequence_.started()) return;
  const auto restored = RestoreFromRtx(bytes, codec->payload_type, encoding_.ssrc);
  if (!restored) return;
  const auto packet = RtpPacketView::Parse(*restored);
  if (!packet) return;
  const uint16_t sequence_number = packet->header().sequence_number;
  if (!statistics_->OnRecoveredPacket(sequence_number)) {
    ++stats_.packets_duplicated;
    return;
  }
  ++stats_.packets_recovered;
  if (codec->nack) nack_.OnPacket(now, sequence_number, true);
  Publish(now, *packet, *codec, sequence_.Unwrap(sequence_number));
}

void ReceiveStream::Publish(Timestamp now, const RtpPacketView& packet,
                            const CodecParameters& codec, int64_t sequence_number) {
  stats_.bytes_received += packet.payload().size();
  MediaPacket media = MediaPacket::From(packet, producer_.parameters().extensions, sequence_number,
                                        producer_.epoch());
  if (producer_.parameters().is_video && StartsKeyframe(codec.codec, media.payload)) {
    media.starts_keyframe = true;
    keyframe_requester_.OnKeyframe();
    nack_.OnKeyframe(media.header.sequence_number);
  }
  producer_.Publish(now, media, packet.packet());
}

void ReceiveStream::HandleSenderReport(Timestamp now, Timestamp time,
                                       const rtcp::SenderInfo& info) {
  if (statistics_) statistics_->OnSenderReport(now, info.ntp);
  producer_.set_clock_mapping({time, info.rtp_timestamp});
}

bool ReceiveStream::WriteKeyframeRequest(RtcpWriter& out, uint32_t sender_ssrc) {
  const auto& codecs = producer_.parameters().codecs;
  const bool pli = std::ranges::any_of(codecs, &CodecParameters::pli);
  const bool fir = std::ranges::any_of(codecs, &CodecParameters::fir);
  if (pli || !fir) return out.AddPli(sender_ssrc, encoding_.ssrc);
  const rtcp::FirEntry entry = {encoding_.ssrc, fir_sequence_number_};
  if (!out.AddFir(sender_ssrc, std::span(&entry, 1))) return false;
  ++fir_sequence_number_;
  return true;
}

std::optional<rtcp::ReportBlock> ReceiveStream::MakeReportBlock(Timestamp now) {
  if (!statistics_) return std::nullopt;
  return statistics_->MakeReportBlock(now);
}

std::optional<Timestamp> ReceiveStream::PollTimeout() const {
  if (encoding_.ssrc == 0) return std::nullopt;
  const auto nack = nack_.PollTimeout();
  const auto keyframe = keyframe_requester_.PollTimeout();
  if (!nack || !keyframe) return nack ? nack : keyframe;
  return std::min(*nack, *keyframe);
}

double ReceiveStream::jitter_ms() const {
  if (!statistics_ || clock_rate_ == 0) return 0;
  return statistics_->jitter() * 1'000.0 / clock_rate_;
}

}  // namespace remotemedia
