// The certificate this process shows to its peers, and the TLS configuration that goes with it.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace remotemedia {

// Immutable, so that transports of several threads may share one. Transports keep the configuration
// they use alive: the certificate may go before them.
class DtlsCertificate {
 public:
  // A fresh ECDSA P-256 key with a self-signed certificate (RFC 8827 section 6.5). It names nobody:
  // random serial, neutral common name. Key and serial come from the CSPRNG of libcrypto and the
  // validity from the calendar. Costs about 0.1 ms; nullptr when libcrypto fails.
  static std::unique_ptr<DtlsCertificate> Generate();

  ~DtlsCertificate();
  DtlsCertificate(const DtlsCertificate&) = delete;
  DtlsCertificate& operator=(const DtlsCertificate&) = delete;

  // Value of the a=fingerprint:sha-256 line: "AB:CD:...".
  const std::string& fingerprint_sha256() const { return fingerprint_; }

 private:
  friend class DtlsTransport;
  struct ContextDeleter {
    void operator()(ssl_ctx_st* context) const;
  };
  using Context = std::unique_ptr<ssl_ctx_st, ContextDeleter>;

  DtlsCertificate(Context context, std::string fingerprint);

  const Context context_;
  const std::string fingerprint_;
};

}  // namespace remotemedia
