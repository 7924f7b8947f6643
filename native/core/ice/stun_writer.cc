#include "core/ice/stun_writer.h"

#include <algorithm>
#include <array>
#include <functional>

#include "core/crypto/hmac_sha1.h"
#include "core/ice/stun_crc32.h"

namespace remotemedia {
namespace {

constexpr size_t kIntegrityAttributeSize = 4 + kStunIntegritySize;
constexpr size_t kFingerprintAttributeSize = 4 + 4;

std::span<const uint8_t> BytesOf(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string_view ReasonOf(StunError error) {
  switch (error) {
    case StunError::kBadRequest:
      return "Bad Request";
    case StunError::kUnknownAttribute:
      return "Unknown Attribute";
    case StunError::kRoleConflict:
      return "Role Conflict";
  }
  return "";
}

}  // namespace

StunWriter::StunWriter(std::span<uint8_t> out, StunClass message_class,
                       const TransactionId& transaction_id)
    : writer_(out), transaction_id_(transaction_id) {
  const unsigned bits = static_cast<unsigned>(message_class);
  writer_.U16(static_cast<uint16_t>(kStunBinding | (bits & 1) << 4 | (bits & 2) << 7));
  writer_.U16(0);
  writer_.U32(kStunMagicCookie);
  writer_.Bytes(transaction_id);
}

StunWriter& StunWriter::Username(std::string_view receiver, std::string_view sender) {
  Header(StunAttribute::kUsername, receiver.size() + 1 + sender.size());
  writer_.Bytes(BytesOf(receiver));
  writer_.U8(':');
  writer_.Bytes(BytesOf(sender));
  PadTo4();
  return *this;
}

StunWriter& StunWriter::Priority(uint32_t priority) {
  Header(StunAttribute::kPriority, sizeof(priority));
  writer_.U32(priority);
  return *this;
}

StunWriter& StunWriter::UseCandidate() {
  Header(StunAttribute::kUseCandidate, 0);
  return *this;
}

StunWriter& StunWriter::IceControlled(uint64_t tie_breaker) {
  Header(StunAttribute::kIceControlled, sizeof(tie_breaker));
  writer_.U64(tie_breaker);
  return *this;
}

StunWriter& StunWriter::IceControlling(uint64_t tie_breaker) {
  Header(StunAttribute::kIceControlling, sizeof(tie_breaker));
  writer_.U64(tie_breaker);
  return *this;
}

StunWriter& StunWriter::XorMappedAddress(const TransportAddress& address) {
  std::array<uint8_t, 16> ip = address.ip;
  size_t ip_size = ip.size();
  if (address.is_v4()) {
    ip_size = 4;
    std::copy_n(address.ip.end() - 4, 4, ip.begin());
  }
  std::array<uint8_t, 16> mask;
  ByteWriter mask_writer(mask);
  mask_writer.U32(kStunMagicCookie);
  mask_writer.Bytes(transaction_id_);
  std::transform(ip.begin(), ip.end(), mask.begin(), ip.begin(), std::bit_xor<uint8_t>());

  Header(StunAttribute::kXorMappedAddress, 4 + ip_size);
  writer_.U16(address.is_v4() ? 1 : 2);
  writer_.U16(address.port ^ static_cast<uint16_t>(kStunMagicCookie >> 16));
  writer_.Bytes(std::span(ip).first(ip_size));
  return *this;
}

StunWriter& StunWriter::ErrorCode(StunError error) {
  const auto code = static_cast<unsigned>(error);
  const std::string_view reason = ReasonOf(error);
  Header(StunAttribute::kErrorCode, 4 + reason.size());
  writer_.U16(0);
  writer_.U8(static_cast<uint8_t>(code / 100));
  writer_.U8(static_cast<uint8_t>(code % 100));
  writer_.Bytes(BytesOf(reason));
  PadTo4();
  return *this;
}

StunWriter& StunWriter::UnknownAttributes(std::span<const uint16_t> types) {
  Header(StunAttribute::kUnknownAttributes, 2 * types.size());
  for (const uint16_t type : types) writer_.U16(type);
  PadTo4();
  return *this;
}

StunWriter& StunWriter::Attribute(uint16_t type, std::span<const uint8_t> value) {
  Header(static_cast<StunAttribute>(type), value.size());
  writer_.Bytes(value);
  PadTo4();
  return *this;
}

std::span<const uint8_t> StunWriter::Finish(std::string_view password) {
  PatchLength(kIntegrityAttributeSize);
  const auto hmac = HmacSha1Key(BytesOf(password)).Sign(writer_.written());
  Header(StunAttribute::kMessageIntegrity, hmac.size());
  writer_.Bytes(hmac);

  PatchLength(kFingerprintAttributeSize);
  const uint32_t crc = Crc32(writer_.written());
  Header(StunAttribute::kFingerprint, sizeof(crc));
  writer_.U32(crc ^ kStunFingerprintXor);

  if (!writer_.ok()) return {};
  return writer_.written();
}

void StunWriter::Header(StunAttribute type, size_t size) {
  writer_.U16(static_cast<uint16_t>(type));
  writer_.U16(static_cast<uint16_t>(size));
}

void StunWriter::PadTo4() { writer_.Zeros(-writer_.size() & 3u); }

void StunWriter::PatchLength(size_t more) {
  writer_.PatchU16(2, static_cast<uint16_t>(writer_.size() + more - kStunHeaderSize));
}

}  // namespace remotemedia
