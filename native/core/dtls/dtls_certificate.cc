#include "core/dtls/dtls_certificate.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdint>
#include <span>
#include <utility>

#include "core/crypto/libcrypto.h"
#include "core/dtls/dtls_fingerprint.h"

namespace remotemedia {
namespace {

template <typename T, void (*Free)(T*)>
struct Deleter {
  void operator()(T* object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509, X509_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Deleter<BIGNUM, BN_free>>;

// The suite RFC 8827 demands, and its stronger sister. The RSA suites are for peers with an RSA
// certificate, and only where they are the server: ours is ECDSA.
constexpr char kCipherSuites[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384";
constexpr char kGroups[] = "X25519:P-256";

// Peers with larger certificate chains are refused; what a peer may make us buffer depends on it.
constexpr long kMaxCertificateChain = 16 * 1'024;

// Peers pin the fingerprint and look at no date, so these only have to satisfy strict ones.
constexpr long kNotBeforeSeconds = -24 * 3'600;
constexpr long kNotAfterSeconds = 10L * 365 * 24 * 3'600;

bool SetRandomSerial(X509* certificate) {
  const BigNumber serial(BN_new());
  // RFC 5280 section 4.1.2.2: positive, at most 20 bytes.
  return serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetNames(X509* certificate) {
  X509_NAME* const name = X509_get_subject_name(certificate);
  static constexpr unsigned char kCommonName[] = "WebRTC";
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kCommonName, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

Certificate SelfSign(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      !SetRandomSerial(certificate.get()) || !SetNames(certificate.get()) ||
      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), kNotBeforeSeconds) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kNotAfterSeconds) == nullptr ||
      X509_set_pubkey(certificate.get(), key) != 1 ||
      X509_sign(certificate.get(), key, EVP_sha256()) == 0) {
    return nullptr;
  }
  return certificate;
}

std::string FingerprintOf(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return {};
  std::string fingerprint = Sha256Fingerprint(std::span(der, static_cast<size_t>(size)));
  OPENSSL_free(der);
  return fingerprint;
}

// Certificates of WebRTC prove nothing by their chain (RFC 8827 section 5.6.4), so none is built:
// the transport's own callback, which compares the fingerprint, decides alone.
int VerifyByTransport(X509_STORE_CTX* store, void*) {
  return X509_STORE_CTX_get_verify_cb(store)(1, store);
}

bool Configure(SSL_CTX* context) {
  // Version and security level are set because builds of OpenSSL differ in their defaults.
  SSL_CTX_set_security_level(context, 2);
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, kMaxCertificateChain);
  SSL_CTX_set_cert_verify_callback(context, VerifyByTransport, nullptr);
  return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCipherSuites) == 1 &&
         SSL_CTX_set1_groups_list(context, kGroups) == 1;
}

}  // namespace

void DtlsCertificate::ContextDeleter::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

DtlsCertificate::DtlsCertificate(Context context, std::string fingerprint)
    : context_(std::move(context)), fingerprint_(std::move(fingerprint)) {}

DtlsCertificate::~DtlsCertificate() = default;

std::unique_ptr<DtlsCertificate> DtlsCertificate::Generate() {
  if (!InitializeLibcrypto()) return nullptr;
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = key ? SelfSign(key.get()) : nullptr;
  std::string fingerprint = certificate ? FingerprintOf(certificate.get()) : std::string();
  Context context(SSL_CTX_new(DTLS_method()));
  const bool ok = !fingerprint.empty() && context && Configure(context.get()) &&
                  SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
                  SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1;
  ERR_clear_error();
  if (!ok) return nullptr;
  return std::unique_ptr<DtlsCertificate>(
      new DtlsCertificate(std::move(context), std::move(fingerprint)));
}

}  // namespace remotemedia
