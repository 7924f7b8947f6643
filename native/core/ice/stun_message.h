// Reading STUN messages (RFC 8489) as ICE uses them (RFC 8445 section 16): a bounded parser that
// copies nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/transport_address.h"

namespace remotemedia {

enum class StunClass : uint8_t { kRequest, kIndication, kSuccess, kError };

enum class StunAttribute : uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000A,
  kRealm = 0x0014,
  kNonce = 0x0015,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802A,
};

enum class StunError : uint16_t {
  kBadRequest = 400,
  kUnknownAttribute = 420,
  kRoleConflict = 487,
};

using TransactionId = std::array<uint8_t, 12>;

inline constexpr uint16_t kStunBinding = 0x001;
inline constexpr uint32_t kStunMagicCookie = 0x2112A442;
inline constexpr uint32_t kStunFingerprintXor = 0x5354554E;
inline constexpr size_t kStunHeaderSize = 20;
inline constexpr size_t kStunIntegritySize = 20;
// Longer messages are refused; none that ICE exchanges comes near it.
inline constexpr size_t kMaxStunMessage = 1'500;

// One parsed message. Points into the datagram it was parsed from.
//
// Of an attribute that occurs twice the first counts, and what follows MESSAGE-INTEGRITY does not
// count at all but for FINGERPRINT (RFC 8489 section 14).
class StunMessage {
 public:
  // The most unknown attributes that are told apart, of those that would have to be understood.
  static constexpr size_t kMaxUnknown = 4;

  // nullopt when the datagram is not exactly one well-formed message, when an attribute of the list
  // above has a wrong size or content, or when there is a FINGERPRINT and it is wrong.
  static std::optional<StunMessage> Parse(std::span<const uint8_t> datagram);

  // Whether there is a MESSAGE-INTEGRITY made with this password (short-term credentials, RFC 8489
  // section 9.1). Compares in constant time.
  bool IsAuthenticBy(std::string_view password) const;

  StunClass message_class = StunClass::kRequest;
  uint16_t method = 0;
  TransactionId transaction_id{};
  std::optional<std::string_view> username;
  std::optional<uint32_t> priority;
  bool use_candidate = false;
  // The tie-breakers of the two roles.
  std::optional<uint64_t> ice_controlled;
  std::optional<uint64_t> ice_controlling;
  std::optional<TransportAddress> xor_mapped_address;
  // 300 to 699.
  std::optional<uint16_t> error_code;
  bool has_integrity = false;
  bool has_fingerprint = false;

  // Comprehension-required attributes (below 0x8000) that this parser does not know.
  std::span<const uint16_t> unknown_attributes() const {
    return std::span(unknown_).first(unknown_count_);
  }

 private:
  StunMessage() = default;
  bool ParseAttribute(uint16_t type, std::span<const uint8_t> value, size_t offset);

  std::span<const uint8_t> datagram_;
  // Where the header of MESSAGE-INTEGRITY starts.
  size_t integrity_offset_ = 0;
  std::array<uint16_t, kMaxUnknown> unknown_{};
  size_t unknown_count_ = 0;
};

}  // namespace remotemedia
