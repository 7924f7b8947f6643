#include "core/ice/stun_message.h"

#include <algorithm>
#include <functional>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/crypto/constant_time.h"
#include "core/crypto/hmac_sha1.h"
#include "core/ice/stun_crc32.h"

namespace remotemedia {
namespace {

constexpr size_t kAttributeHeaderSize = 4;
constexpr uint16_t kComprehensionOptional = 0x8000;
constexpr uint8_t kFamilyV4 = 1;
constexpr uint8_t kFamilyV6 = 2;

std::optional<TransportAddress> ParseXorAddress(std::span<const uint8_t> value,
                                                const TransactionId& transaction_id) {
  ByteReader reader(value);
  reader.Skip(1);
  const uint8_t family = reader.U8();
  const uint16_t port = reader.U16() ^ static_cast<uint16_t>(kStunMagicCookie >> 16);

  std::array<uint8_t, 16> mask;
  ByteWriter mask_writer(mask);
  mask_writer.U32(kStunMagicCookie);
  mask_writer.Bytes(transaction_id);
  const auto unmask = [&](auto ip) -> std::optional<decltype(ip)> {
    const auto bytes = reader.Bytes(ip.size());
    if (!reader.ok() || reader.remaining() != 0) return std::nullopt;
    std::transform(bytes.begin(), bytes.end(), mask.begin(), ip.begin(), std::bit_xor<uint8_t>());
    return ip;
  };
  if (family == kFamilyV4) {
    if (const auto ip = unmask(std::array<uint8_t, 4>{})) return TransportAddress::V4(*ip, port);
  } else if (family == kFamilyV6) {
    if (const auto ip = unmask(std::array<uint8_t, 16>{})) return TransportAddress::V6(*ip, port);
  }
  return std::nullopt;
}

std::optional<uint16_t> ParseErrorCode(std::span<const uint8_t> value) {
  ByteReader reader(value);
  reader.Skip(2);
  const unsigned hundreds = reader.U8() & 7;
  const unsigned rest = reader.U8();
  if (!reader.ok() || hundreds < 3 || hundreds > 6 || rest > 99) return std::nullopt;
  return static_cast<uint16_t>(hundreds * 100 + rest);
}

template <typename T>
bool ReadOnce(std::optional<T>& field, std::span<const uint8_t> value) {
  if (value.size() != sizeof(T)) return false;
  ByteReader reader(value);
  const uint64_t number = sizeof(T) == 4 ? reader.U32() : reader.U64();
  if (!field) field = static_cast<T>(number);
  return true;
}

}  // namespace

std::optional<StunMessage> StunMessage::Parse(std::span<const uint8_t> datagram) {
  if (datagram.size() > kMaxStunMessage) return std::nullopt;
  ByteReader reader(datagram);
  const uint16_t type = reader.U16();
  const uint16_t length = reader.U16();
  const uint32_t cookie = reader.U32();
  const auto transaction_id = reader.Bytes(sizeof(TransactionId));
  if (!reader.ok() || (type & 0xC000) != 0 || cookie != kStunMagicCookie || length % 4 != 0 ||
      length != reader.remaining()) {
    return std::nullopt;
  }

  StunMessage message;
  message.datagram_ = datagram;
  // The class sits in bits 4 and 8, the method around them (RFC 8489 section 5).
  message.message_class = static_cast<StunClass>(((type >> 4) & 1) | ((type >> 7) & 2));
  message.method =
      static_cast<uint16_t>((type & 0xF) | ((type >> 1) & 0x70) | ((type >> 2) & 0xF80));
  std::copy(transaction_id.begin(), transaction_id.end(), message.transaction_id.begin());

  while (reader.remaining() > 0) {
    // FINGERPRINT has to be the last one.
    if (message.has_fingerprint) return std::nullopt;
    const size_t offset = reader.position();
    const uint16_t attribute = reader.U16();
    const uint16_t size = reader.U16();
    const auto value = reader.Bytes(size);
    reader.Skip(-size & 3u);
    if (!reader.ok() || !message.ParseAttribute(attribute, value, offset)) return std::nullopt;
  }
  return message;
}

bool StunMessage::ParseAttribute(uint16_t type, std::span<const uint8_t> value, size_t offset) {
  const auto attribute = static_cast<StunAttribute>(type);
  if (has_integrity && attribute != StunAttribute::kFingerprint) return true;
  switch (attribute) {
    case StunAttribute::kUsername:
      if (!username) username.emplace(reinterpret_cast<const char*>(value.data()), value.size());
      return true;
    case StunAttribute::kMessageIntegrity:
      has_integrity = true;
      integrity_offset_ = offset;
      return value.size() == kStunIntegritySize;
    case StunAttribute::kErrorCode: {
      const auto code = ParseErrorCode(value);
      if (!error_code) error_code = code;
      return code.has_value();
    }
    case StunAttribute::kXorMappedAddress: {
      const auto address = ParseXorAddress(value, transaction_id);
      if (!xor_mapped_address) xor_mapped_address = address;
      return address.has_value();
    }
    case StunAttribute::kPriority:
      return ReadOnce(priority, value);
    case StunAttribute::kUseCandidate:
      use_candidate = true;
      return value.empty();
    case StunAttribute::kFingerprint:
      has_fingerprint = true;
      return value.size() == sizeof(uint32_t) &&
             ByteReader(value).U32() == (Crc32(datagram_.first(offset)) ^ kStunFingerprintXor);
    case StunAttribute::kIceControlled:
      return ReadOnce(ice_controlled, value);
    case StunAttribute::kIceControlling:
      return ReadOnce(ice_controlling, value);
    case StunAttribute::kMappedAddress:
    case StunAttribute::kUnknownAttributes:
    case StunAttribute::kRealm:
    case StunAttribute::kNonce:
      return true;
  }
  const auto known = unknown_attributes();
  if (type < kComprehensionOptional && unknown_count_ < kMaxUnknown &&
      std::find(known.begin(), known.end(), type) == known.end()) {
    unknown_[unknown_count_++] = type;
  }
  return true;
}

bool StunMessage::IsAuthenticBy(std::string_view password) const {
  if (!has_integrity) return false;
  // The HMAC was made when MESSAGE-INTEGRITY was the last attribute, so it covers a header whose
  // length ends there (RFC 8489 section 14.5).
  std::array<uint8_t, kStunHeaderSize> header;
  std::copy_n(datagram_.begin(), header.size(), header.begin());
  ByteWriter(std::span(header).subspan(2))
      .U16(static_cast<uint16_t>(integrity_offset_ + kAttributeHeaderSize + kStunIntegritySize -
                                 kStunHeaderSize));
  const HmacSha1Key key({reinterpret_cast<const uint8_t*>(password.data()), password.size()});
  const auto expected =
      key.Sign(header, datagram_.subspan(kStunHeaderSize, integrity_offset_ - kStunHeaderSize));
  return ConstantTimeEqual(
      expected, datagram_.subspan(integrity_offset_ + kAttributeHeaderSize, kStunIntegritySize));
}

}  // namespace remotemedia
