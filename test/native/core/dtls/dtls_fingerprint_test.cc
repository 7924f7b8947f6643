#include "core/dtls/dtls_fingerprint.h"

#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

namespace remotemedia {
namespace {

// The fingerprint is a hash of bytes, so the FIPS 180 example message serves as a certificate.
const std::vector<uint8_t> kAbc = {'a', 'b', 'c'};
constexpr char kAbcSha256[] =
    "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:"
    "AD";
constexpr char kAbcSha1[] = "A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D";
constexpr char kAbcSha224[] =
    "23:09:7D:22:34:05:D8:22:86:42:A4:77:BD:A2:55:B3:2A:AD:BC:E4:BD:A0:B3:F7:E3:6C:9D:A7";

TEST(DtlsFingerprintTest, IsWrittenInUpperCaseWithColons) {
  EXPECT_EQ(Sha256Fingerprint(kAbc), kAbcSha256);
}

TEST(DtlsFingerprintTest, MatchesTheCertificateItWasMadeOf) {
  EXPECT_TRUE(MatchesFingerprint({"sha-256", kAbcSha256}, kAbc));
  EXPECT_TRUE(MatchesFingerprint({"sha-1", kAbcSha1}, kAbc));
  EXPECT_TRUE(MatchesFingerprint({"sha-224", kAbcSha224}, kAbc));
}

TEST(DtlsFingerprintTest, MatchesWhateverTheCase) {
  std::string lower = kAbcSha256;
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  EXPECT_TRUE(MatchesFingerprint({"SHA-256", lower}, kAbc));
}

TEST(DtlsFingerprintTest, DiffersWhenAnyByteDiffers) {
  for (size_t i = 0; i < sizeof(kAbcSha256) - 1; i += 3) {
    std::string value = kAbcSha256;
    value[i] = value[i] == '0' ? '1' : '0';
    EXPECT_FALSE(MatchesFingerprint({"sha-256", value}, kAbc)) << i;
  }
}

TEST(DtlsFingerprintTest, RefusesBrokenHashFunctionsAndUnknownOnes) {
  EXPECT_FALSE(IsValidFingerprint({"md5", "90:01:50:98:3C:D2:4F:B0:D6:96:3F:7D:28:E1:7F:72"}));
  EXPECT_FALSE(IsValidFingerprint({"md2", "DA:85:3B:0D:3F:88:D9:9B:30:28:3A:69:E6:DE:D6:BB"}));
  EXPECT_FALSE(IsValidFingerprint({"sha256", kAbcSha256}));
  EXPECT_FALSE(IsValidFingerprint({"", kAbcSha256}));
}

TEST(DtlsFingerprintTest, RefusesMalformedValues) {
  const std::string good = kAbcSha256;
  EXPECT_TRUE(IsValidFingerprint({"sha-256", good}));
  EXPECT_FALSE(IsValidFingerprint({"sha-256", ""}));
  EXPECT_FALSE(IsValidFingerprint({"sha-256", kAbcSha1}));
  EXPECT_FALSE(IsValidFingerprint({"sha-256", good + ":"}));
  EXPECT_FALSE(IsValidFingerprint({"sha-256", good + ":00"}));
  EXPECT_FALSE(IsValidFingerprint({"sha-256", "G" + good.substr(1)}));
  EXPECT_FALSE(IsValidFingerprint({"sha-256", good.substr(0, 2) + "-" + good.substr(3)}));
  EXPECT_FALSE(MatchesFingerprint({"sha-256", ""}, kAbc));
}

}  // namespace
}  // namespace remotemedia
