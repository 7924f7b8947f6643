#include "core/ice/ice_credentials.h"

#include <algorithm>
#include <array>

#include "core/base/byte_reader.h"
#include "core/crypto/constant_time.h"
#include "core/ice/stun_message.h"

namespace remotemedia {
namespace {

// 64 of them: six random bits make one, without bias.
constexpr std::string_view kIceChars =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr size_t kUfragSize = 16;
constexpr size_t kPwdSize = 24;
constexpr size_t kMinUfragSize = 4;
constexpr size_t kMinPwdSize = 22;
constexpr size_t kMaxSize = 256;

template <size_t kSize>
std::string RandomIceChars(Random& random) {
  std::array<uint8_t, kSize> bytes;
  random.Fill(bytes);
  std::string text(kSize, '\0');
  std::transform(bytes.begin(), bytes.end(), text.begin(),
                 [](uint8_t byte) { return kIceChars[byte % kIceChars.size()]; });
  return text;
}

bool IsIceString(std::string_view text, size_t min_size) {
  return text.size() >= min_size && text.size() <= kMaxSize &&
         text.find_first_not_of(kIceChars) == std::string_view::npos;
}

}  // namespace

IceCredentials IceCredentials::Generate(Random& random) {
  std::string ufrag = RandomIceChars<kUfragSize>(random);
  return {std::move(ufrag), RandomIceChars<kPwdSize>(random)};
}

bool IceCredentials::IsWellFormed() const {
  return IsIceString(ufrag, kMinUfragSize) && IsIceString(pwd, kMinPwdSize);
}

bool operator==(const IceCredentials& a, const IceCredentials& b) {
  const auto bytes = [](const std::string& text) {
    return std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  };
  return a.ufrag == b.ufrag && ConstantTimeEqual(bytes(a.pwd), bytes(b.pwd));
}

std::optional<IceUsername> IceUsername::Parse(std::string_view username) {
  const size_t colon = username.find(':');
  if (colon == 0 || colon == std::string_view::npos) return std::nullopt;
  return IceUsername{username.substr(0, colon), username.substr(colon + 1)};
}

std::optional<std::string_view> LocalUfragOf(std::span<const uint8_t> datagram) {
  ByteReader reader(datagram);
  const uint16_t type = reader.U16();
  reader.Skip(2);
  if (type != kStunBinding || reader.U32() != kStunMagicCookie) return std::nullopt;
  reader.Skip(sizeof(TransactionId));
  while (reader.ok() && reader.remaining() > 0) {
    const uint16_t attribute = reader.U16();
    const uint16_t size = reader.U16();
    const auto value = reader.Bytes(size);
    if (!reader.ok()) break;
    if (attribute == static_cast<uint16_t>(StunAttribute::kUsername)) {
      const auto username =
          IceUsername::Parse({reinterpret_cast<const char*>(value.data()), value.size()});
      if (!username) return std::nullopt;
      return username->receiver;
    }
    reader.Skip(-size & 3u);
  }
  return std::nullopt;
}

}  // namespace remotemedia
