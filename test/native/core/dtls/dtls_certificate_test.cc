#include "core/dtls/dtls_certificate.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "core/dtls/dtls_fingerprint.h"

namespace remotemedia {
namespace {

TEST(DtlsCertificateTest, HasAFingerprintThatSdpCanCarry) {
  const auto certificate = DtlsCertificate::Generate();
  ASSERT_NE(certificate, nullptr);
  EXPECT_TRUE(IsValidFingerprint({"sha-256", certificate->fingerprint_sha256()}));
}

TEST(DtlsCertificateTest, IsDifferentEachTime) {
  EXPECT_NE(DtlsCertificate::Generate()->fingerprint_sha256(),
            DtlsCertificate::Generate()->fingerprint_sha256());
}

TEST(DtlsCertificateTest, LeavesNoErrorBehindInOpenSsl) {
  DtlsCertificate::Generate();
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace remotemedia
