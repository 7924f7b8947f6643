#include "support/call.h"

#include <algorithm>
#include <array>

namespace remotemedia {
namespace {

TransportAddress AddressOf(bool ipv6, uint8_t host, uint16_t port) {
  if (!ipv6) return TransportAddress::V4({192, 0, 2, host}, port);
  return TransportAddress::V6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host},
                              port);
}

}  // namespace

const DtlsCertificate& ServerCertificate() {
  static const std::unique_ptr<DtlsCertificate> certificate = DtlsCertificate::Generate();
  return *certificate;
}

const DtlsCertificate& ClientCertificate() {
  static const std::unique_ptr<DtlsCertificate> certificate = DtlsCertificate::Generate();
  return *certificate;
}

DtlsFingerprint FingerprintOf(const DtlsCertificate& certificate) {
  return {"sha-256", certificate.fingerprint_sha256()};
}

CodecParameters TestVp8() {
  return {.codec = Codec::kVp8,
          .payload_type = 96,
          .clock_rate = 90'000,
          .rtx_payload_type = 97,
          .nack = true,
          .pli = true,
          .transport_cc = true};
}

CodecParameters TestOpus() {
  return {.codec = Codec::kOpus, .payload_type = 111, .clock_rate = 48'000, .transport_cc = true};
}

RtpExtensionMap TestExtensions() {
  RtpExtensionMap extensions;
  extensions.Set(RtpExtension::kMid, 1);
  extensions.Set(RtpExtension::kAbsSendTime, 2);
  extensions.Set(RtpExtension::kTransportSequenceNumber, 3);
  return extensions;
}

Call::Call(CallOptions options)
    : options_(std::move(options)),
      random_(options_.seed),
      network_(options_.seed + 1),
      server_host_(network_.AddHost({AddressOf(options_.ipv6, 1, 10'000)})),
      server_(server_host_, ServerCertificate(), options_.seed + 2,
              {.srtp_profiles = options_.srtp_profiles}) {}

Call::Client& Call::Join() {
  const auto host = static_cast<uint8_t>(clients_.size() + 2);
  return Join(AddressOf(options_.ipv6, host, 40'000));
}

Call::Client& Call::Join(TransportAddress address) {
  Client& client = *clients_.emplace_back(std::make_unique<Client>());
  client.id = TransportId{NextId()};
  client.host = &network_.AddHost({address});
  client.local = NewCredentials();
  // Every client's clock shows another time.
  client.node = std::make_unique<EndpointNode>(
      *client.host, ClientCertificate(), options_.seed + 100 + last_id_,
      EndpointOptions{.srtp_profiles = options_.srtp_profiles},
      Duration::Seconds(1'000 * last_id_));
  server_credentials_[client.id] = NewCredentials();
  server().AddTransport(now(), {.id = client.id, .local = server_credentials_[client.id]});
  server().ConnectTransport(now(), client.id, ClientParametersOf(client));
  client.endpoint().AddTransport(
      now(), {.id = client.id, .ice_role = IceRole::kControlling, .local = client.local});
  client.endpoint().ConnectTransport(now(), client.id, ServerParametersFor(client));
  return client;
}

RemoteParameters Call::ClientParametersOf(const Client& client) const {
  return {.ice = client.local,
          .candidates = {},
          .dtls_role = options_.server_role,
          .fingerprint = FingerprintOf(ClientCertificate())};
}

RemoteParameters Call::ServerParametersFor(const Client& client) {
  const bool is_server = options_.server_role == DtlsRole::kServer;
  return {.ice = server_credentials_[client.id],
          .candidates = {{server_host_.address(), 1}},
          .dtls_role = is_server ? DtlsRole::kClient : DtlsRole::kServer,
          .fingerprint = FingerprintOf(ServerCertificate())};
}

bool Call::IsConnected(const Client& client) const {
  return client.node->IsIn(client.id, TransportState::kConnected) &&
         server_.IsIn(client.id, TransportState::kConnected);
}

bool Call::RunUntilConnected(Duration limit) {
  return network_.RunUntil(
      [&] {
        return std::ranges::all_of(clients_,
                                   [&](const auto& client) { return IsConnected(*client); });
      },
      limit);
}

Call::Publication Call::Publish(Client& client, MediaOptions options) {
  const CodecParameters codec = options.is_video ? TestVp8() : TestOpus();
  const Publication publication = {.id = ProducerId{NextId()},
                                   .source = ProducerId{NextId()},
                                   .sending = ConsumerId{NextId()},
                                   .ssrc = 0x10'000 + 2 * last_id_,
                                   .is_video = options.is_video};
  const std::string mid = "m" + std::to_string(last_id_);
  server().AddProducer(client.id, {.id = publication.id,
                                   .is_video = options.is_video,
                                   .mid = mid,
                                   .codecs = {codec},
                                   .encodings = {},
                                   .extensions = TestExtensions()});
  client.endpoint().AddSyntheticProducer(now(), {.id = publication.source,
                                                 .is_video = options.is_video,
                                                 .codec = codec,
                                                 .packets_per_frame = options.packets_per_frame,
                                                 .frames_per_second = options.frames_per_second,
                                                 .payload_bytes = options.payload_bytes});
  client.endpoint().AddConsumer(client.id, {.id = publication.sending,
                                            .is_video = options.is_video,
                                            .mid = mid,
                                            .ssrc = publication.ssrc,
                                            .rtx_ssrc = options.is_video ? publication.ssrc + 1 : 0,
                                            .cname = "client",
                                            .codecs = {codec},
                                            .extensions = TestExtensions()});
  client.endpoint().ConnectConsumer(now(), publication.sending, publication.source,
                                    MappingOf(publication));
  return publication;
}

std::vector<PayloadTypeMapping> Call::MappingOf(const Publication& publication) const {
  const uint8_t payload_type = (publication.is_video ? TestVp8() : TestOpus()).payload_type;
  return {{payload_type, payload_type}};
}

std::unique_ptr<Recorder> Call::Subscribe(Client& client, const Publication& publication) {
  const CodecParameters codec = publication.is_video ? TestVp8() : TestOpus();
  last_subscription_ = ConsumerId{NextId()};
  const ProducerId received{NextId()};
  const uint32_t ssrc = 0x20'000 + 2 * last_id_;
  const uint32_t rtx_ssrc = publication.is_video ? ssrc + 1 : 0;
  const std::string mid = "m" + std::to_string(last_id_);
  client.endpoint().AddProducer(client.id,
                                {.id = received,
                                 .is_video = publication.is_video,
                                 .mid = mid,
                                 .codecs = {codec},
                                 .encodings = {{.ssrc = ssrc, .rtx_ssrc = rtx_ssrc, .rid = {}}},
                                 .extensions = TestExtensions()});
  server().AddConsumer(client.id, {.id = last_subscription_,
                                   .is_video = publication.is_video,
                                   .mid = mid,
                                   .ssrc = ssrc,
                                   .rtx_ssrc = rtx_ssrc,
                                   .cname = "server",
                                   .codecs = {codec},
                                   .extensions = TestExtensions()});
  server().ConnectConsumer(now(), last_subscription_, publication.id, MappingOf(publication));
  return std::make_unique<Recorder>([this] { return now(); },
                                    *client.endpoint().router().FindProducer(received));
}

}  // namespace remotemedia
