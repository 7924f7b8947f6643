#include "binding/read_options.h"

#include "core/dtls/dtls_fingerprint.h"

namespace remotemedia {
namespace {

constexpr uint32_t kMaxPort = 65'535;
constexpr uint32_t kMax32 = 0xffff'ffff;
constexpr uint32_t kMaxPayloadType = 127;

TransportAddress ReadAddress(const JsValue& ip, uint32_t port) {
  const auto address = TransportAddress::Parse(ip.String(), static_cast<uint16_t>(port));
  if (!address) ip.Fail("must be an IPv4 or IPv6 address");
  return address.value_or(TransportAddress());
}

uint8_t ReadPayloadType(const JsValue& value) {
  return static_cast<uint8_t>(value.Integer(0, kMaxPayloadType));
}

CodecParameters ReadCodec(const JsValue& codec) {
  return {.codec = codec["name"].NameIn(kCodecs),
          .payload_type = ReadPayloadType(codec["payloadType"]),
          .clock_rate = codec["clockRate"].Integer(1, kMax32),
          .rtx_payload_type = ReadPayloadType(codec["rtxPayloadType"]),
          .nack = codec["nack"].Boolean(),
          .pli = codec["pli"].Boolean(),
          .fir = codec["fir"].Boolean(),
          .transport_cc = codec["transportCc"].Boolean(),
          .remb = codec["remb"].Boolean()};
}

EncodingParameters ReadEncoding(const JsValue& encoding) {
  return {.ssrc = encoding["ssrc"].Integer(0, kMax32),
          .rtx_ssrc = encoding["rtxSsrc"].Integer(0, kMax32),
          .rid = encoding["rid"].String()};
}

RtpExtensionMap ReadExtensions(const JsValue& list) {
  RtpExtensionMap map;
  list.List([&](const JsValue& extension) {
    const RtpExtension type = extension["name"].NameIn(kHeaderExtensions);
    map.Set(type, static_cast<uint8_t>(extension["id"].Integer(1, 255)));
    return type;
  });
  return map;
}

RemoteCandidate ReadCandidate(const JsValue& candidate) {
  return {.address = ReadAddress(candidate["ip"], candidate["port"].Integer(1, kMaxPort)),
          .priority = candidate["priority"].Integer(0, kMax32)};
}

DtlsFingerprint ReadFingerprint(const JsValue& value) {
  DtlsFingerprint fingerprint = {.algorithm = value["algorithm"].String(),
                                 .value = value["value"].String()};
  if (!IsValidFingerprint(fingerprint)) value.Fail("must be a fingerprint as in RFC 8122");
  return fingerprint;
}

}  // namespace

EngineOptions ReadEngineOptions(const JsValue& options) {
  EngineOptions result;
  result.listen = options["listenIps"].List([](const JsValue& ip) { return ReadAddress(ip, 0); });
  if (result.listen.empty()) options["listenIps"].Fail("must not be empty");
  result.udp_port = static_cast<uint16_t>(options["udpPort"].Integer(0, kMaxPort));
  result.endpoint.consent_timeout =
      Duration::Millis(options["consentTimeoutMs"].Integer(1, kMax32));
  result.endpoint.srtp_profiles = options["srtpProfiles"].List(
      [](const JsValue& profile) { return profile.NameIn(kSrtpProfiles); });
  if (result.endpoint.srtp_profiles.empty()) options["srtpProfiles"].Fail("must not be empty");
  return result;
}

command::AddTransport ReadTransportOptions(const JsValue& options) {
  return {.id = ReadId<TransportId>(options["id"]),
          .ice_role = options["iceRole"].NameIn(kIceRoles),
          .local = ReadIceCredentials(options["localUfrag"], options["localPwd"])};
}

RemoteParameters ReadRemoteParameters(const JsValue& remote) {
  return {.ice = ReadIceCredentials(remote["ufrag"], remote["pwd"]),
          .candidates = remote["candidates"].List(ReadCandidate),
          .dtls_role = remote["dtlsRole"].NameIn(kDtlsRoles),
          .fingerprint = ReadFingerprint(remote["fingerprint"])};
}

command::AddProducer ReadProducerOptions(const JsValue& options) {
  return {.transport = ReadId<TransportId>(options["transportId"]),
          .parameters = {.id = ReadId<ProducerId>(options["id"]),
                         .is_video = options["kind"].NameIn(kMediaKinds),
                         .mid = options["mid"].String(),
                         .codecs = options["codecs"].List(ReadCodec),
                         .encodings = options["encodings"].List(ReadEncoding),
                         .extensions = ReadExtensions(options["headerExtensions"])}};
}

command::AddSyntheticProducer ReadSyntheticProducerOptions(const JsValue& options) {
  const auto integer = [&](const char* name, uint32_t min, uint32_t max) {
    return static_cast<uint16_t>(options[name].Integer(min, max));
  };
  return {.parameters = {.id = ReadId<ProducerId>(options["id"]),
                         .is_video = options["kind"].NameIn(kMediaKinds),
                         .codec = ReadCodec(options["codec"]),
                         .packets_per_frame = integer("packetsPerFrame", 1, 0xffff),
                         .frames_per_second = integer("framesPerSecond", 1, 1'000),
                         .payload_bytes = integer("payloadBytes", 16, 1'200)}};
}

command::AddConsumer ReadConsumerOptions(const JsValue& options) {
  return {.transport = ReadId<TransportId>(options["transportId"]),
          .parameters = {.id = ReadId<ConsumerId>(options["id"]),
                         .is_video = options["kind"].NameIn(kMediaKinds),
                         .mid = options["mid"].String(),
                         .ssrc = options["ssrc"].Integer(1, kMax32),
                         .rtx_ssrc = options["rtxSsrc"].Integer(0, kMax32),
                         .cname = options["cname"].String(),
                         .codecs = options["codecs"].List(ReadCodec),
                         .extensions = ReadExtensions(options["headerExtensions"])}};
}

std::vector<PayloadTypeMapping> ReadPayloadTypes(const JsValue& list) {
  return list.List([](const JsValue& mapping) {
    return PayloadTypeMapping{.from = ReadPayloadType(mapping["from"]),
                              .to = ReadPayloadType(mapping["to"])};
  });
}

IceCredentials ReadIceCredentials(const JsValue& ufrag, const JsValue& pwd) {
  IceCredentials credentials = {.ufrag = ufrag.String(), .pwd = pwd.String()};
  if (!credentials.IsWellFormed()) {
    ufrag.Fail("and its password must be 4-256 and 22-256 ice-chars");
  }
  return credentials;
}

}  // namespace remotemedia
