// Writing STUN messages (RFC 8489) into room that the caller provides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/byte_writer.h"
#include "core/ice/stun_message.h"

namespace remotemedia {

// Usage: construct, append attributes, Finish. Running out of room shows in what Finish returns.
class StunWriter {
 public:
  // A Binding message. `out` has to outlive the writer.
  StunWriter(std::span<uint8_t> out, StunClass message_class, const TransactionId& transaction_id);

  StunWriter& Username(std::string_view receiver, std::string_view sender);
  StunWriter& Priority(uint32_t priority);
  StunWriter& UseCandidate();
  StunWriter& IceControlled(uint64_t tie_breaker);
  StunWriter& IceControlling(uint64_t tie_breaker);
  StunWriter& XorMappedAddress(const TransportAddress& address);
  StunWriter& ErrorCode(StunError error);
  StunWriter& UnknownAttributes(std::span<const uint16_t> types);

  // Any attribute by its bytes, padded with zeros.
  StunWriter& Attribute(uint16_t type, std::span<const uint8_t> value);

  // Appends MESSAGE-INTEGRITY with this password and FINGERPRINT. Returns the message, empty when
  // it did not fit.
  std::span<const uint8_t> Finish(std::string_view password);

 private:
  void Header(StunAttribute type, size_t size);
  void PadTo4();
  // Makes the length field count `more` bytes beyond those written.
  void PatchLength(size_t more);

  ByteWriter writer_;
  TransactionId transaction_id_;
};

}  // namespace remotemedia
