// One DTLS 1.2 association: authenticates the remote endpoint and agrees on SRTP keys (RFC 5763,
// 5764).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.h"
#include "core/dtls/datagram_bio.h"
#include "core/dtls/dtls_certificate.h"
#include "core/dtls/dtls_fingerprint.h"
#include "core/dtls/dtls_record_layer.h"
#include "core/dtls/handshake_flights.h"
#include "core/srtp/srtp_keys.h"
#include "core/srtp/srtp_profile.h"

struct ssl_st;
struct x509_store_ctx_st;

namespace remotemedia {

enum class DtlsRole : uint8_t { kServer, kClient };  // passive and active in SDP's a=setup

enum class DtlsState : uint8_t {
  kNew,         // Nothing sent yet.
  kConnecting,  // Our first flight is out.
  kConnected,   // Authenticated; srtp_keys() are there.
  kFailed,      // For good; failure() says why.
  kClosed,      // By either side, for good.
};

enum class DtlsFailure : uint8_t {
  kNone,
  kFingerprintMismatch,  // The peer's certificate is not the one signaling announced.
  kNoSrtpProfile,        // The peer offered no SRTP profile of ours.
  kAlert,                // The peer gave up.
  kTimeout,              // The handshake took too long.
  kProtocol,             // The peer broke the protocol or has no cipher suite in common with us.
};

struct DtlsOptions {
  // What is offered and accepted, best first. A server chooses by its own order.
  std::vector<SrtpProfile> srtp_profiles = {
      SrtpProfile::kAeadAes128Gcm, SrtpProfile::kAeadAes256Gcm, SrtpProfile::kAesCm128HmacSha1_80};
  // From our first flight to kConnected.
  Duration handshake_timeout = Duration::Seconds(10);
};

// Sans-IO and single-threaded. After every Start, HandleDatagram, HandleTimeout and Close, drain
// PollTransmit() and look at state() and PollTimeout() again. Datagrams come from an address that
// has passed ICE, so a server sends no cookie.
//
// What is not DTLS, replayed or late is dropped without a trace; so is everything forged, once
// connected. Before that DTLS 1.2 speaks in the clear: a well-formed message that is wrong, or an
// alert, ends the handshake. OpenSSL conducts the handshake only and is let go after it.
class DtlsTransport {
 public:
  DtlsTransport(const DtlsCertificate& certificate, DtlsRole role, DtlsFingerprint remote,
                const DtlsOptions& options = {});
  ~DtlsTransport();
  DtlsTransport(const DtlsTransport&) = delete;
  DtlsTransport& operator=(const DtlsTransport&) = delete;

  // A client sends its ClientHello. A server has nothing to do: it waits for one, without a
  // timeout.
  void Start(Timestamp now);
  // One datagram as received; a client drops those that come before Start.
  void HandleDatagram(Timestamp now, std::span<const uint8_t> datagram);
  void HandleTimeout(Timestamp now);
  // Tells the peer (close_notify) when connected, and is closed at once.
  void Close();

  // The next datagram to send, at most HandshakeFlights::kMaxDatagram bytes. What was queued before
  // the end of the association (an alert, say) may still be polled after it.
  std::optional<std::vector<uint8_t>> PollTransmit() { return flights_.PollTransmit(); }
  std::optional<Timestamp> PollTimeout() const;

  DtlsState state() const { return state_; }
  DtlsFailure failure() const { return failure_; }
  // nullptr unless connected.
  const SrtpKeys* srtp_keys() const { return keys_ ? &*keys_ : nullptr; }

 private:
  struct SslDeleter {
    void operator()(ssl_st* ssl) const;
  };

  // Called by OpenSSL.
  static int OnPeerCertificate(int preverified, x509_store_ctx_st* store);
  static unsigned OnTimer(ssl_st* ssl, unsigned previous_us);

  void Handshake(Timestamp now);
  void Establish();
  void ReadThroughOpenSsl();
  void Receive(std::span<const uint8_t> datagram);
  void HandleAlert(std::span<const uint8_t> alert);
  void HandleResult(int result);
  void Finish(DtlsState state, DtlsFailure failure = DtlsFailure::kNone);

  const DtlsRole role_;
  const DtlsFingerprint remote_;
  const Duration handshake_timeout_;
  HandshakeFlights flights_;
  DatagramPort port_{{}, &flights_};
  std::unique_ptr<ssl_st, SslDeleter> ssl_;  // Until the handshake is over, one way or another.
  std::optional<DtlsRecordLayer> records_;   // While connected.
  // A server's, repeated for a client that repeats its own.
  std::vector<std::vector<uint8_t>> last_flight_;
  DtlsState state_ = DtlsState::kNew;
  DtlsFailure failure_ = DtlsFailure::kNone;
  Timestamp deadline_ = Timestamp::Never();
  std::optional<SrtpKeys> keys_;
};

}  // namespace remotemedia
