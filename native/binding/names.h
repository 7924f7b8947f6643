// The strings of src/native/binding.ts beside the values they stand for.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "core/dtls/dtls_transport.h"
#include "core/rtp/rtp_header_extension.h"
#include "core/srtp/srtp_profile.h"
#include "core/transport/endpoint.h"
#include "core/transport/events.h"

namespace remotemedia {

template <typename T>
struct Named {
  std::string_view name;
  T value;
};

// nullopt for a name that is not in the table.
template <typename Table>
auto ValueOf(const Table& table, std::string_view name)
    -> std::optional<decltype(table.front().value)> {
  for (const auto& entry : table) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

// Every value is in its table.
template <typename Table, typename T>
std::string_view NameOf(const Table& table, T value) {
  for (const auto& entry : table) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

inline constexpr auto kIceRoles = std::to_array<Named<IceRole>>({
    {"lite", IceRole::kLite},
    {"controlling", IceRole::kControlling},
});

inline constexpr auto kDtlsRoles = std::to_array<Named<DtlsRole>>({
    {"server", DtlsRole::kServer},
    {"client", DtlsRole::kClient},
});

// Whether it is video.
inline constexpr auto kMediaKinds = std::to_array<Named<bool>>({
    {"audio", false},
    {"video", true},
});

inline constexpr auto kSrtpProfiles = std::to_array<Named<SrtpProfile>>({
    {"AEAD_AES_128_GCM", SrtpProfile::kAeadAes128Gcm},
    {"AEAD_AES_256_GCM", SrtpProfile::kAeadAes256Gcm},
    {"SRTP_AES128_CM_HMAC_SHA1_80", SrtpProfile::kAesCm128HmacSha1_80},
});

inline constexpr auto kCodecs = std::to_array<Named<Codec>>({
    {"opus", Codec::kOpus},
    {"PCMU", Codec::kPcmu},
    {"PCMA", Codec::kPcma},
    {"VP8", Codec::kVp8},
    {"VP9", Codec::kVp9},
    {"H264", Codec::kH264},
    {"AV1", Codec::kAv1},
    {"red", Codec::kRed},
    {"telephone-event", Codec::kTelephoneEvent},
});

inline constexpr auto kHeaderExtensions = std::to_array<Named<RtpExtension>>({
    {"mid", RtpExtension::kMid},
    {"rid", RtpExtension::kRid},
    {"repaired-rid", RtpExtension::kRepairedRid},
    {"audio-level", RtpExtension::kAudioLevel},
    {"abs-send-time", RtpExtension::kAbsSendTime},
    {"transport-wide-cc", RtpExtension::kTransportSequenceNumber},
    {"video-orientation", RtpExtension::kVideoOrientation},
    {"dependency-descriptor", RtpExtension::kDependencyDescriptor},
    {"abs-capture-time", RtpExtension::kAbsCaptureTime},
    {"playout-delay", RtpExtension::kPlayoutDelay},
    {"video-content-type", RtpExtension::kVideoContentType},
    {"video-timing", RtpExtension::kVideoTiming},
    {"color-space", RtpExtension::kColorSpace},
});

inline constexpr auto kTransportStates = std::to_array<Named<TransportState>>({
    {"new", TransportState::kNew},
    {"connecting", TransportState::kConnecting},
    {"connected", TransportState::kConnected},
    {"disconnected", TransportState::kDisconnected},
    {"failed", TransportState::kFailed},
    {"closed", TransportState::kClosed},
});

inline constexpr auto kTransportFailures = std::to_array<Named<DtlsFailure>>({
    {"none", DtlsFailure::kNone},
    {"fingerprint-mismatch", DtlsFailure::kFingerprintMismatch},
    {"no-srtp-profile", DtlsFailure::kNoSrtpProfile},
    {"dtls-alert", DtlsFailure::kAlert},
    {"dtls-timeout", DtlsFailure::kTimeout},
    {"dtls-protocol", DtlsFailure::kProtocol},
});

}  // namespace remotemedia
