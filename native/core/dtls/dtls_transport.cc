#include "core/dtls/dtls_transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "core/crypto/secure_wipe.h"

namespace remotemedia {
namespace {

// OpenSSL reckons with 13 bytes of record header but not with the 24 that AES-GCM adds to a record.
constexpr long kOpenSslMtu = HandshakeFlights::kMaxDatagram - 24;

// The most OpenSSL makes before it gives up; with the original as many as are sent in ten seconds.
constexpr size_t kClientFlightCopies = 13;

// OpenSSL takes a timer as expired that ends within 15 ms, and this one (71 minutes) as never.
constexpr unsigned kExpiredTimerUs = 1;
constexpr unsigned kIdleTimerUs = std::numeric_limits<unsigned>::max();

// The queue of errors belongs to the thread, not to the connection: left-overs would be taken for
// errors of whatever uses OpenSSL next.
class ErrorQueueScope {
 public:
  ErrorQueueScope() { ERR_clear_error(); }
  ~ErrorQueueScope() { ERR_clear_error(); }
  ErrorQueueScope(const ErrorQueueScope&) = delete;
  ErrorQueueScope& operator=(const ErrorQueueScope&) = delete;
};

constexpr std::pair<SrtpProfile, std::string_view> kProfileNames[] = {
    {SrtpProfile::kAeadAes128Gcm, "SRTP_AEAD_AES_128_GCM"},
    {SrtpProfile::kAeadAes256Gcm, "SRTP_AEAD_AES_256_GCM"},
    {SrtpProfile::kAesCm128HmacSha1_80, "SRTP_AES128_CM_SHA1_80"},
};

std::string ProfileList(const std::vector<SrtpProfile>& profiles) {
  std::string list;
  for (const SrtpProfile profile : profiles) {
    for (const auto& [candidate, name] : kProfileNames) {
      if (candidate != profile) continue;
      if (!list.empty()) list += ':';
      list += name;
    }
  }
  return list;
}

std::optional<SrtpProfile> SelectedProfile(SSL* ssl) {
  const SRTP_PROTECTION_PROFILE* const selected = SSL_get_selected_srtp_profile(ssl);
  if (selected == nullptr) return std::nullopt;
  for (const auto& [profile, name] : kProfileNames) {
    if (name == selected->name) return profile;
  }
  return std::nullopt;
}

bool MatchesPeer(const DtlsFingerprint& fingerprint, X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return false;
  const bool matches = MatchesFingerprint(fingerprint, std::span(der, static_cast<size_t>(size)));
  OPENSSL_free(der);
  return matches;
}

// RFC 5764 section 4.2: client key, server key, client salt, server salt.
std::optional<SrtpKeys> ExportKeys(SSL* ssl, SrtpProfile profile, DtlsRole role) {
  static constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
  const size_t key_length = SrtpKeyLength(profile);
  const size_t salt_length = SrtpSaltLength(profile);
  std::array<uint8_t, 2 * (sizeof(SrtpMasterKey::key) + sizeof(SrtpMasterKey::salt))> material;
  if (SSL_export_keying_material(ssl, material.data(), 2 * (key_length + salt_length),
                                 kLabel.data(), kLabel.size(), nullptr, 0, 0) != 1) {
    return std::nullopt;
  }
  SrtpKeys keys;
  keys.profile = profile;
  const bool is_client = role == DtlsRole::kClient;
  SrtpMasterKey& client = is_client ? keys.local : keys.remote;
  SrtpMasterKey& server = is_client ? keys.remote : keys.local;
  const uint8_t* at = material.data();
  const auto take = [&at](auto& out, size_t length) {
    std::copy_n(at, length, out.begin());
    at += length;
  };
  take(client.key, key_length);
  take(server.key, key_length);
  take(client.salt, salt_length);
  take(server.salt, salt_length);
  SecureWipe(material.data(), material.size());
  return keys;
}

DtlsTransport* TransportOf(const SSL* ssl) {
  return static_cast<DtlsTransport*>(SSL_get_app_data(ssl));
}

}  // namespace

void DtlsTransport::SslDeleter::operator()(ssl_st* ssl) const { SSL_free(ssl); }

DtlsTransport::DtlsTransport(const DtlsCertificate& certificate, DtlsRole role,
                             DtlsFingerprint remote, const DtlsOptions& options)
    : role_(role),
      remote_(std::move(remote)),
      handshake_timeout_(options.handshake_timeout),
      ssl_(SSL_new(certificate.context_.get())) {
  const ErrorQueueScope scope;
  BIO* const bio = NewDatagramBio(&port_);
  // Unlike its neighbors, SSL_set_tlsext_use_srtp returns 0 for success.
  if (!ssl_ || bio == nullptr ||
      SSL_set_tlsext_use_srtp(ssl_.get(), ProfileList(options.srtp_profiles).c_str()) != 0) {
    BIO_free(bio);
    Finish(DtlsState::kFailed, DtlsFailure::kProtocol);
    return;
  }
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
  SSL_set_mtu(ssl_.get(), kOpenSslMtu);
  DTLS_set_timer_cb(ssl_.get(), OnTimer);
  SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, OnPeerCertificate);
  if (role_ == DtlsRole::kServer) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
  }
}

DtlsTransport::~DtlsTransport() = default;

void DtlsTransport::Start(Timestamp now) {
  const ErrorQueueScope scope;
  if (role_ == DtlsRole::kClient && state_ == DtlsState::kNew) Handshake(now);
}

void DtlsTransport::HandleDatagram(Timestamp now, std::span<const uint8_t> datagram) {
  const ErrorQueueScope scope;
  switch (state_) {
    case DtlsState::kNew:
      if (role_ == DtlsRole::kClient) return;
      [[fallthrough]];
    case DtlsState::kConnecting:
      port_.incoming = datagram;
      Handshake(now);
      port_.incoming = {};
      return;
    case DtlsState::kConnected:
      Receive(datagram);
      return;
    case DtlsState::kFailed:
    case DtlsState::kClosed:
      return;
  }
}

void DtlsTransport::HandleTimeout(Timestamp now) {
  if (now >= deadline_) {
    Finish(DtlsState::kFailed, DtlsFailure::kTimeout);
  } else {
    flights_.HandleTimeout(now);
  }
}

std::optional<Timestamp> DtlsTransport::PollTimeout() const {
  const Timestamp next = std::min(deadline_, flights_.timeout());
  if (next == Timestamp::Never()) return std::nullopt;
  return next;
}

void DtlsTransport::Close() {
  if (state_ == DtlsState::kFailed || state_ == DtlsState::kClosed) return;
  const ErrorQueueScope scope;
  if (records_) {
    const std::array<uint8_t, 2> close_notify = {SSL3_AL_WARNING, SSL_AD_CLOSE_NOTIFY};
    if (auto datagram = records_->Seal(DtlsContentType::kAlert, close_notify)) {
      flights_.Send(std::move(*datagram));
    }
  }
  Finish(DtlsState::kClosed);
}

void DtlsTransport::Handshake(Timestamp now) {
  const int result = SSL_do_handshake(ssl_.get());
  if (flights_.Flush(now) && state_ == DtlsState::kNew) {
    state_ = DtlsState::kConnecting;
    deadline_ = now + handshake_timeout_;
  }
  if (result == 1) {
    Establish();
  } else {
    HandleResult(result);
  }
}

void DtlsTransport::Establish() {
  const std::optional<SrtpProfile> profile = SelectedProfile(ssl_.get());
  if (profile) keys_ = ExportKeys(ssl_.get(), *profile, role_);
  records_ = DtlsRecordLayer::TakeOver(ssl_.get());
  if (!keys_ || !records_) {
    Finish(DtlsState::kFailed, DtlsFailure::kProtocol);
    return;
  }
  state_ = DtlsState::kConnected;
  deadline_ = Timestamp::Never();
  flights_.Stop();
  if (role_ == DtlsRole::kServer) {
    last_flight_.assign(flights_.queued().begin(), flights_.queued().end());
  }
  ReadThroughOpenSsl();
  ssl_.reset();
}

// OpenSSL may hold records that came in the same datagram as the end of the handshake.
void DtlsTransport::ReadThroughOpenSsl() {
  std::array<uint8_t, 2'048> data;
  int result;
  do {
    result = SSL_read(ssl_.get(), data.data(), data.size());
  } while (result > 0);
  HandleResult(result);
}

void DtlsTransport::HandleResult(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return;
    case SSL_ERROR_ZERO_RETURN:
      Close();
      return;
    default:
      // Alerts of the peer come as reasons beyond SSL_AD_REASON_OFFSET.
      const bool is_alert = ERR_GET_REASON(ERR_peek_error()) >= SSL_AD_REASON_OFFSET;
      Finish(DtlsState::kFailed, is_alert ? DtlsFailure::kAlert : DtlsFailure::kProtocol);
  }
}

// Application data is dropped, and so is an attempt to renegotiate.
void DtlsTransport::Receive(std::span<const uint8_t> datagram) {
  while (records_) {
    const auto record = records_->Open(datagram);
    if (!record) return;
    const std::vector<uint8_t>& content = record->content;
    if (record->type == DtlsContentType::kAlert) {
      HandleAlert(content);
    } else if (record->type == DtlsContentType::kHandshake && !content.empty() &&
               content[0] == SSL3_MT_FINISHED) {
      for (const auto& lost : last_flight_) flights_.Send(lost);
    }
  }
}

void DtlsTransport::HandleAlert(std::span<const uint8_t> alert) {
  if (alert.size() != 2) return;
  if (alert[1] == SSL_AD_CLOSE_NOTIFY) {
    Close();  // RFC 5246 section 7.2.1: it is answered with one.
  } else if (alert[0] == SSL3_AL_FATAL) {
    Finish(DtlsState::kFailed, DtlsFailure::kAlert);
  }
}

// Releases everything but what still waits to be sent.
void DtlsTransport::Finish(DtlsState state, DtlsFailure failure) {
  state_ = state;
  if (failure_ == DtlsFailure::kNone) failure_ = failure;
  deadline_ = Timestamp::Never();
  flights_.Stop();
  keys_.reset();
  records_.reset();
  last_flight_ = {};
  ssl_.reset();
}

// Called in the middle of the handshake, before the peer has proved that the certificate is its
// own. To refuse here rather than after the handshake tells the peer why, by an alert. Either side
// knows the SRTP profile by now.
int DtlsTransport::OnPeerCertificate(int, X509_STORE_CTX* store) {
  SSL* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  DtlsTransport* const transport = TransportOf(ssl);
  if (!MatchesPeer(transport->remote_, X509_STORE_CTX_get0_cert(store))) {
    transport->failure_ = DtlsFailure::kFingerprintMismatch;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);  // Alert bad_certificate.
    return 0;
  }
  if (!SelectedProfile(ssl)) {
    transport->failure_ = DtlsFailure::kNoSrtpProfile;
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);  // handshake_failure.
    return 0;
  }
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

// OpenSSL asks how long its retransmission timer shall run: with `previous_us` zero when it begins
// a flight, otherwise when it is about to repeat one. It tells the time by the clock of the
// machine, so the answer is either "expired already" or "never": a client's flight is repeated at
// once as often as copies are wanted, everything else is left to HandshakeFlights.
unsigned DtlsTransport::OnTimer(SSL* ssl, unsigned previous_us) {
  DtlsTransport* const transport = TransportOf(ssl);
  HandshakeFlights& flights = transport->flights_;
  if (previous_us == 0) {
    flights.BeginFlight();
  } else {
    flights.BeginCopy();
  }
  const bool more = transport->role_ == DtlsRole::kClient && flights.copies() < kClientFlightCopies;
  return more ? kExpiredTimerUs : kIdleTimerUs;
}

}  // namespace remotemedia
