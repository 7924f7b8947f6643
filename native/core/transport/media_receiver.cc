#include "core/transport/media_receiver.h"

#include <algorithm>

namespace remotemedia {
namespace {

bool IsRtxPayloadType(const Producer& producer, uint8_t payload_type) {
  return std::ranges::any_of(producer.parameters().codecs, [&](const CodecParameters& codec) {
    return codec.rtx_payload_type == payload_type && payload_type != 0;
  });
}

bool HasPayloadType(const Producer& producer, uint8_t payload_type) {
  return FindCodec(producer.parameters().codecs, payload_type) != nullptr ||
         IsRtxPayloadType(producer, payload_type);
}

}  // namespace

MediaReceiver::Incoming::Incoming(Producer& its_producer, Owner& its_owner)
    : producer(its_producer), owner(its_owner) {
  for (const EncodingParameters& encoding : producer.parameters().encodings) {
    streams.push_back(std::make_unique<ReceiveStream>(producer, encoding));
  }
  if (streams.empty()) {
    streams.push_back(std::make_unique<ReceiveStream>(producer, EncodingParameters{}));
  }
  producer.set_source(this);
}

MediaReceiver::Incoming::~Incoming() { producer.set_source(nullptr); }

void MediaReceiver::Incoming::RequestKeyframe(Timestamp now) {
  for (const auto& stream : streams) stream->RequestKeyframe(now);
  owner.OnFeedbackWanted(now);
}

MediaReceiver::MediaReceiver(uint32_t feedback_ssrc, NtpClock clock, Owner& owner,
                             Counters& counters, EventQueue& events)
    : feedback_ssrc_(feedback_ssrc),
      owner_(owner),
      counters_(counters),
      events_(events),
      remote_clock_(clock),
      transport_feedback_(feedback_ssrc) {}

MediaReceiver::~MediaReceiver() = default;

void MediaReceiver::AddProducer(Producer& producer) {
  const ProducerParameters& parameters = producer.parameters();
  const Incoming& incoming = *incoming_.emplace_back(std::make_unique<Incoming>(producer, owner_));
  for (const auto& stream : incoming.streams) {
    if (stream->ssrc() != 0) routes_.push_back({stream->ssrc(), stream.get(), false});
    if (stream->rtx_ssrc() != 0) routes_.push_back({stream->rtx_ssrc(), stream.get(), true});
  }
  for (size_t i = 0; i < static_cast<size_t>(RtpExtension::kCount); ++i) {
    const auto extension = static_cast<RtpExtension>(i);
    if (const uint8_t id = parameters.extensions.id(extension)) extensions_.Set(extension, id);
  }
  transport_cc_ |= std::ranges::any_of(parameters.codecs, &CodecParameters::transport_cc);
}

void MediaReceiver::RemoveProducer(ProducerId id) {
  const auto entry = std::ranges::find(
      incoming_, id, [](const auto& incoming) { return incoming->producer.id(); });
  if (entry == incoming_.end()) return;
  std::erase_if(routes_, [&](const Route& route) {
    return &route.stream->producer() == &(*entry)->producer;
  });
  incoming_.erase(entry);
}

void MediaReceiver::HandleRtp(Timestamp now, Timestamp arrival, std::span<uint8_t> bytes) {
  const auto packet = RtpPacketView::Parse(bytes);
  if (!packet) {
    ++counters_.malformed_rtp;
    return;
  }
  if (transport_cc_) {
    // Of every packet, known or not: the sender's estimate counts on all of them.
    const auto value = Extension(*packet, RtpExtension::kTransportSequenceNumber);
    const auto number = value ? ReadTransportSequenceNumber(*value) : std::nullopt;
    if (number) transport_feedback_.OnPacket(arrival, *number, packet->header().ssrc);
  }
  const Route* route = FindRoute(packet->header().ssrc);
  if (!route) route = Learn(*packet);
  if (!route) {
    ++counters_.unknown_ssrc;
    return;
  }
  if (route->is_rtx) {
    route->stream->HandleRtxPacket(now, *packet, bytes);
  } else if (route->stream->HandlePacket(now, *packet)) {
    events_.Push(ProducerStarted{route->stream->producer().id()});
  }
}

const MediaReceiver::Route* MediaReceiver::FindRoute(uint32_t ssrc) const {
  const auto route = std::ranges::find(routes_, ssrc, &Route::ssrc);
  return route == routes_.end() ? nullptr : &*route;
}

const MediaReceiver::Route* MediaReceiver::Learn(const RtpPacketView& packet) {
  const uint32_t ssrc = packet.header().ssrc;
  Incoming* const incoming = FindIncoming(packet);
  if (!incoming || ssrc == 0 || routes_.size() >= kMaxSsrcs) return nullptr;
  // Of an m-line, but nothing that was negotiated there: it must not take a stream's place.
  if (!HasPayloadType(incoming->producer, packet.header().payload_type)) return nullptr;

  const bool is_rtx = IsRtxPayloadType(incoming->producer, packet.header().payload_type);
  const auto rid_value =
      Extension(packet, is_rtx ? RtpExtension::kRepairedRid : RtpExtension::kRid);
  ReceiveStream* stream = nullptr;
  if (rid_value) {
    const std::string_view rid = ReadExtensionText(*rid_value);
    for (const auto& candidate : incoming->streams) {
      if (candidate->rid() == rid) stream = candidate.get();
    }
  }
  if (!stream && incoming->streams.size() == 1) stream = incoming->streams.front().get();
  if (!stream) return nullptr;

  if (is_rtx) {
    RemoveRoute(stream->rtx_ssrc());
    stream->SetRtxSsrc(ssrc);
  } else {
    RemoveRoute(stream->ssrc());
    stream->SetSsrc(ssrc);
  }
  return &routes_.emplace_back(Route{ssrc, stream, is_rtx});
}

MediaReceiver::Incoming* MediaReceiver::FindIncoming(const RtpPacketView& packet) const {
  if (const auto value = Extension(packet, RtpExtension::kMid)) {
    const std::string_view mid = ReadExtensionText(*value);
    for (const auto& incoming : incoming_) {
      if (incoming->producer.parameters().mid == mid) return incoming.get();
    }
    return nullptr;
  }
  // RFC 8843 section 9.2: without a MID the payload type decides, where only one m-line has it. It
  // takes nothing away from a stream that is known already.
  Incoming* found = nullptr;
  for (const auto& incoming : incoming_) {
    if (!HasPayloadType(incoming->producer, packet.header().payload_type)) continue;
    if (found) return nullptr;
    found = incoming.get();
  }
  if (!found) return nullptr;
  const ReceiveStream& first = *found->streams.front();
  const bool is_rtx = IsRtxPayloadType(found->producer, packet.header().payload_type);
  return (is_rtx ? first.rtx_ssrc() : first.ssrc()) == 0 ? found : nullptr;
}

std::optional<std::span<const uint8_t>> MediaReceiver::Extension(const RtpPacketView& packet,
                                                                 RtpExtension extension) const {
  const uint8_t id = extensions_.id(extension);
  return id == 0 ? std::nullopt : packet.Extension(id);
}

void MediaReceiver::RemoveRoute(uint32_t ssrc) {
  std::erase_if(routes_, [&](const Route& route) { return route.ssrc == ssrc; });
}

void MediaReceiver::HandleSenderReport(Timestamp now, const rtcp::SenderReport& report) {
  const Timestamp time = remote_clock_.OnSenderReport(now, report.info.ntp);
  const Route* const route = FindRoute(report.sender_ssrc);
  if (route && !route->is_rtx) route->stream->HandleSenderReport(now, time, report.info);
}

void MediaReceiver::HandleRoundTripTime(Duration rtt) {
  for (const auto& incoming : incoming_) {
    for (const auto& stream : incoming->streams) stream->HandleRoundTripTime(rtt);
  }
}

std::vector<rtcp::ReportBlock> MediaReceiver::MakeReportBlocks(Timestamp now) {
  std::vector<rtcp::ReportBlock> blocks;
  for (const auto& incoming : incoming_) {
    for (const auto& stream : incoming->streams) {
      if (const auto block = stream->MakeReportBlock(now)) blocks.push_back(*block);
    }
  }
  return blocks;
}

std::optional<Timestamp> MediaReceiver::PollTimeout() const {
  std::optional<Timestamp> earliest = transport_feedback_.PollTimeout();
  ForEachStream([&](const ReceiveStream& stream) {
    const auto timeout = stream.PollTimeout();
    if (timeout && (!earliest || *timeout < *earliest)) earliest = timeout;
  });
  return earliest;
}

}  // namespace remotemedia
