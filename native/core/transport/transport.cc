#include "core/transport/transport.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/rtp/rtcp_reader.h"
#include "core/rtp/rtcp_writer.h"

namespace remotemedia {
namespace {

// Between two reports, varied by half so that a server's transports do not report in step. Browsers
// compute round-trip time and loss from them, and do so once a second themselves.
constexpr Duration kReportInterval = Duration::Seconds(1);

// Largest RTCP datagram before encryption, in bytes: room for a transport feedback packet behind
// the receiver report and CNAME that every compound packet begins with.
constexpr size_t kMaxRtcpSize = 1'200;

constexpr std::string_view kCname = "server";

}  // namespace

// Composes RTCP into as many datagrams as it takes, each a compound packet that begins with a
// receiver report and a CNAME (RFC 3550 section 6.1).
class Transport::RtcpBatch {
 public:
  RtcpBatch(Transport& transport, std::vector<rtcp::ReportBlock> blocks)
      : transport_(transport), blocks_(std::move(blocks)) {}

  // Adds what `write` writes into an RtcpWriter; it answers whether that fitted, and is asked again
  // with an empty datagram if not.
  template <typename Write>
  bool Add(Write&& write) {
    if (!writer_ || !write(*writer_)) {
      Flush();
      if (!Begin() || !write(*writer_)) return false;
    }
    has_content_ = true;
    return true;
  }

  void Flush() {
    if (writer_ && has_content_) transport_.SendRtcp(room_, writer_->size());
    writer_.reset();
  }

  // Sends the rest.
  void Finish() {
    while (!blocks_.empty() && (writer_ || Begin())) Flush();
    Flush();
  }

 private:
  bool Begin() {
    room_ = transport_.dependencies_.sink.Reserve();
    writer_.emplace(room_.first(kMaxRtcpSize));
    const size_t count = std::min(blocks_.size(), RtcpWriter::kMaxReportBlocks);
    has_content_ = count > 0;
    const std::span<const rtcp::ReportBlock> blocks(blocks_);
    const bool fitted = writer_->AddReceiverReport(transport_.rtcp_ssrc_, blocks.first(count)) &&
                        writer_->AddSdesCname(transport_.rtcp_ssrc_, kCname);
    blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<ptrdiff_t>(count));
    return fitted;
  }

  Transport& transport_;
  std::vector<rtcp::ReportBlock> blocks_;
  std::span<uint8_t> room_;
  std::optional<RtcpWriter> writer_;
  // Whether the datagram says more than who sends it.
  bool has_content_ = false;
};

Transport::Transport(TransportId id, TimerWheel::Key timer, std::unique_ptr<IceAgent> ice,
                     std::vector<SrtpProfile> srtp_profiles, const Dependencies& dependencies)
    : id_(id),
      timer_(timer),
      srtp_profiles_(std::move(srtp_profiles)),
      dependencies_(dependencies),
      ice_(std::move(ice)),
      rtcp_ssrc_(dependencies.random.Next32()),
      receiver_(rtcp_ssrc_, dependencies.clock, *this, dependencies.counters, dependencies.events),
      sender_(dependencies.clock) {}

Transport::~Transport() { dependencies_.timers.Cancel(timer_); }

void Transport::Connect(Timestamp now, IceCredentials remote, DtlsRole role,
                        DtlsFingerprint fingerprint) {
  ice_->SetRemoteCredentials(std::move(remote));
  if (!dtls_) {
    dtls_ = std::make_unique<DtlsTransport>(dependencies_.certificate, role, std::move(fingerprint),
                                            DtlsOptions{.srtp_profiles = srtp_profiles_});
  }
  Service(now);
}

void Transport::RestartIce(Timestamp now, IceCredentials local) {
  ice_->RestartIce(std::move(local));
  Service(now);
}

void Transport::Close(Timestamp now) {
  if (!dtls_) return;
  dtls_->Close();
  Service(now);
}

void Transport::AddProducer(Producer& producer) { receiver_.AddProducer(producer); }

void Transport::RemoveProducer(ProducerId id) { receiver_.RemoveProducer(id); }

void Transport::RemoveConsumer(Timestamp now, const Consumer& consumer) {
  sender_.RemoveConsumer(consumer);
  if (!may_send() || consumer.stats().packets_sent == 0) return;
  RtcpBatch rtcp(*this, {});
  const uint32_t ssrc = consumer.parameters().ssrc;
  rtcp.Add([&](RtcpWriter& out) { return out.AddBye(std::span(&ssrc, 1)); });
  rtcp.Finish();
  SetTimer(now);
}

StunResult Transport::HandleStun(Timestamp now, const Path& path,
                                 std::span<const uint8_t> datagram) {
  const StunResult result = ice_->HandleStun(now, path, datagram);
  Service(now);
  return result;
}

void Transport::HandleDtls(Timestamp now, const Path& path, std::span<const uint8_t> datagram) {
  // The remote description, and with it the fingerprint, may still be on its way: the peer repeats.
  if (!dtls_) return;
  dtls_path_ = path;
  dtls_->HandleDatagram(now, datagram);
  Service(now);
}

void Transport::HandleRtp(Timestamp now, Timestamp arrival, const Path& path,
                          std::span<uint8_t> datagram) {
  const std::span<uint8_t> packet = Decrypt(now, path, datagram, &SrtpReceiver::UnprotectRtp,
                                            dependencies_.counters.malformed_rtp);
  if (packet.empty()) return;
  receiver_.HandleRtp(now, arrival, packet);
  Service(now);
}

void Transport::HandleRtcp(Timestamp now, const Path& path, std::span<uint8_t> datagram) {
  uint64_t& malformed = dependencies_.counters.malformed_rtcp;
  const std::span<uint8_t> compound =
      Decrypt(now, path, datagram, &SrtpReceiver::UnprotectRtcp, malformed);
  if (compound.empty()) return;
  RtcpReader reader(compound);
  while (const auto packet = reader.Next()) HandleRtcpPacket(now, *packet);
  malformed += reader.malformed();
  Service(now);
}

std::span<uint8_t> Transport::Decrypt(Timestamp now, const Path& path, std::span<uint8_t> datagram,
                                      Unprotect unprotect, uint64_t& malformed) {
  if (!srtp_receiver_) {
    ++dependencies_.counters.no_keys;
    return {};
  }
  const size_t wire_size = datagram.size();
  size_t size = 0;
  const SrtpStatus status = (srtp_receiver_.get()->*unprotect)(datagram, &size);
  if (status != SrtpStatus::kOk) {
    CountSrtpFailure(status, malformed);
    return {};
  }
  ++stats_.packets_received;
  stats_.bytes_received += wire_size;
  ice_->HandleAuthenticatedPacket(now, path);
  return datagram.first(size);
}

void Transport::HandleRtcpPacket(Timestamp now, const rtcp::Packet& packet) {
  const auto handle_blocks = [&](const rtcp::ReportBlocks& blocks) {
    const auto rtt = sender_.HandleReportBlocks(now, blocks);
    if (rtt) receiver_.HandleRoundTripTime(*rtt);
  };
  if (const auto* sender_report = std::get_if<rtcp::SenderReport>(&packet)) {
    receiver_.HandleSenderReport(now, *sender_report);
    handle_blocks(sender_report->report_blocks);
  } else if (const auto* receiver_report = std::get_if<rtcp::ReceiverReport>(&packet)) {
    handle_blocks(receiver_report->report_blocks);
  } else if (const auto* nack = std::get_if<rtcp::Nack>(&packet)) {
    sender_.HandleNack(now, *nack);
  } else if (const auto* pli = std::get_if<rtcp::Pli>(&packet)) {
    sender_.HandleKeyframeRequest(now, pli->media_ssrc);
  } else if (const auto* fir = std::get_if<rtcp::Fir>(&packet)) {
    for (const rtcp::FirEntry entry : fir->entries) sender_.HandleKeyframeRequest(now, entry.ssrc);
  }
  // CNAME, BYE, REMB, XR and transport feedback ask for nothing that forwarding does.
}

void Transport::CountSrtpFailure(SrtpStatus status, uint64_t& malformed) {
  Counters& counters = dependencies_.counters;
  if (status == SrtpStatus::kReplayed) {
    ++counters.srtp_replay;
  } else if (status == SrtpStatus::kAuthFailed) {
    ++counters.srtp_authentication;
  } else {
    ++malformed;
  }
}

void Transport::HandleTimeout(Timestamp now) {
  const auto ice_due = ice_->PollTimeout();
  if (ice_due && *ice_due <= now) ice_->HandleTimeout(now);
  if (dtls_) {
    const auto dtls_due = dtls_->PollTimeout();
    if (dtls_due && *dtls_due <= now) dtls_->HandleTimeout(now);
  }
  Service(now);
}

void Transport::OnFeedbackWanted(Timestamp now) { SetTimer(now); }

void Transport::Service(Timestamp now) {
  FlushIce();
  if (dtls_) {
    if (!dtls_started_ && ice_->selected_path()) {
      dtls_started_ = true;
      dtls_->Start(now);
    }
    FlushDtls();
    if (!srtp_sender_ && dtls_->srtp_keys()) StartSrtp(now);
  }
  SendDueRtcp(now);
  UpdateState();
  SetTimer(now);
}

void Transport::FlushIce() {
  while (const auto transmit = ice_->PollTransmit()) SendDatagram(transmit->path, transmit->bytes);
}

void Transport::FlushDtls() {
  const auto& path = ice_->selected_path() ? ice_->selected_path() : dtls_path_;
  if (!path) return;
  while (const auto datagram = dtls_->PollTransmit()) SendDatagram(*path, *datagram);
}

void Transport::SendDatagram(const Path& path, std::span<const uint8_t> bytes) {
  const std::span<uint8_t> room = dependencies_.sink.Reserve();
  if (bytes.size() > room.size()) return;
  std::ranges::copy(bytes, room.begin());
  dependencies_.sink.Commit(path, bytes.size());
}

void Transport::StartSrtp(Timestamp now) {
  const SrtpKeys& keys = *dtls_->srtp_keys();
  srtp_sender_ = SrtpSender::Create(keys.profile, keys.local);
  srtp_receiver_ = SrtpReceiver::Create(keys.profile, keys.remote);
  srtp_profile_ = keys.profile;
  next_report_ = now + kReportInterval / 2;
  // What consumers asked for before there was anything to decrypt the answer with was in vain.
  for (Consumer* consumer : sender_.consumers()) {
    if (consumer->producer()) consumer->producer()->RequestKeyframe(now);
  }
}

void Transport::SendDueRtcp(Timestamp now) {
  if (!may_send()) return;
  const auto feedback_due = receiver_.PollTimeout();
  const bool report_due = next_report_ <= now;
  if (!report_due && !(feedback_due && *feedback_due <= now)) return;

  RtcpBatch rtcp(*this,
                 report_due ? receiver_.MakeReportBlocks(now) : std::vector<rtcp::ReportBlock>{});
  const auto add = [&](auto&& write) { return rtcp.Add(write); };
  if (report_due) {
    sender_.WriteReports(now, add);
    const int64_t interval = kReportInterval.micros();
    next_report_ = now + Duration::Micros(interval / 2 + dependencies_.random.Next32() % interval);
  }
  receiver_.WriteFeedback(now, add);
  rtcp.Finish();
}

void Transport::SendRtcp(std::span<uint8_t> room, size_t size) {
  const size_t protected_size = srtp_sender_->ProtectRtcp(room, size);
  if (protected_size == 0) return;
  dependencies_.sink.Commit(*ice_->selected_path(), protected_size);
  ++stats_.packets_sent;
  stats_.bytes_sent += protected_size;
}

bool Transport::may_send() const {
  // Not after a goodbye of either side.
  return srtp_sender_ && dtls_->state() == DtlsState::kConnected && ice_->selected_path() &&
         ice_->state() == IceState::kConnected;
}

std::span<uint8_t> Transport::BeginPacket() {
  if (!may_send()) return {};
  room_ = dependencies_.sink.Reserve();
  return room_.first(room_.size() - kMaxSrtpTrailer);
}

bool Transport::FinishPacket(size_t header_size, std::span<const uint8_t> payload,
                             uint64_t packet_index) {
  if (header_size + payload.size() + kMaxSrtpTrailer > room_.size()) return false;
  const size_t size =
      srtp_sender_->ProtectRtp(room_.first(header_size), payload, packet_index, room_.data());
  if (size == 0) return false;
  dependencies_.sink.Commit(*ice_->selected_path(), size);
  ++stats_.packets_sent;
  stats_.bytes_sent += size;
  return true;
}

void Transport::UpdateState() {
  TransportState state = TransportState::kNew;
  if (dtls_ && dtls_->state() == DtlsState::kFailed) {
    state = TransportState::kFailed;
  } else if (dtls_ && dtls_->state() == DtlsState::kClosed) {
    state = TransportState::kClosed;
  } else if (ice_->state() == IceState::kDisconnected) {
    state = TransportState::kDisconnected;
  } else if (ice_->state() == IceState::kConnected) {
    state = srtp_sender_ ? TransportState::kConnected : TransportState::kConnecting;
  }
  const std::optional<Path>& path = ice_->selected_path();
  if (state == state_ && path == reported_path_) return;
  state_ = state;
  reported_path_ = path;
  dependencies_.events.Push(TransportStateChanged{
      .transport = id_,
      .state = state,
      .failure = dtls_ ? dtls_->failure() : DtlsFailure::kNone,
      .path = path,
  });
}

void Transport::SetTimer(Timestamp now) {
  Timestamp earliest = Timestamp::Never();
  const auto consider = [&](std::optional<Timestamp> time) {
    if (time && *time < earliest) earliest = *time;
  };
  consider(ice_->PollTimeout());
  if (dtls_) consider(dtls_->PollTimeout());
  if (may_send()) {
    consider(receiver_.PollTimeout());
    consider(next_report_);
  }
  if (earliest == Timestamp::Never()) {
    dependencies_.timers.Cancel(timer_);
  } else {
    dependencies_.timers.Set(timer_, std::max(earliest, now));
  }
}

}  // namespace remotemedia
