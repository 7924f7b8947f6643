// What session descriptions bring to native code: addresses, ICE credentials, fingerprints, codec
// and header extension names. The first byte chooses, the rest is the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/transport_address.h"
#include "core/dtls/dtls_fingerprint.h"
#include "core/ice/ice_credentials.h"
#include "core/rtp/codec.h"
#include "core/rtp/rtp_header_extension.h"

namespace remotemedia {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// What was understood is written in a form that is understood the same.
void ParseAddress(std::string_view text) {
  const auto address = TransportAddress::Parse(text, 1);
  if (!address) return;
  Require(TransportAddress::Parse(address->ip_string(), 1) == address);
}

void CheckCredentials(std::string_view text) {
  const size_t half = text.size() / 2;
  const IceCredentials credentials = {std::string(text.substr(0, half)),
                                      std::string(text.substr(half))};
  if (credentials.IsWellFormed()) Require(credentials == credentials);
  if (const auto username = IceUsername::Parse(text)) {
    Require(username->receiver.size() + 1 + username->sender.size() == text.size());
  }
}

void CheckFingerprint(std::string_view text) {
  for (const char* algorithm : {"sha-1", "sha-256", "sha-512", "md5"}) {
    const DtlsFingerprint fingerprint = {algorithm, std::string(text)};
    const uint8_t certificate[] = {1, 2, 3};
    // Nothing hashes to what a fuzzer finds.
    Require(!MatchesFingerprint(fingerprint, certificate));
    if (IsValidFingerprint(fingerprint)) Require(fingerprint.algorithm != "md5");
  }
  IsValidFingerprint({std::string(text), "00"});
}

void CheckNames(std::string_view text) {
  const Codec codec = CodecFromName(text);
  if (codec != Codec::kOther) Require(CodecFromName(CodecName(codec)) == codec);
  if (const auto extension = RtpExtensionFromUri(text)) {
    Require(RtpExtensionUri(*extension) == text);
  }
}

}  // namespace
}  // namespace remotemedia

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      remotemedia::ParseAddress(text);
      break;
    case 1:
      remotemedia::CheckCredentials(text);
      break;
    case 2:
      remotemedia::CheckFingerprint(text);
      break;
    case 3:
      remotemedia::CheckNames(text);
      break;
  }
  return 0;
}
