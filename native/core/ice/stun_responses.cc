#include "core/ice/stun_responses.h"

#include "core/ice/stun_writer.h"

namespace remotemedia {

void StunResponses::Accept(const StunMessage& request, const Path& path,
                           std::string_view password) {
  Response* response = NextFree(path);
  if (response == nullptr) return;
  StunWriter writer(response->bytes, StunClass::kSuccess, request.transaction_id);
  writer.XorMappedAddress(path.remote);
  response->size = static_cast<uint16_t>(writer.Finish(password).size());
}

void StunResponses::Reject(const StunMessage& request, const Path& path, StunError error,
                           std::string_view password) {
  Response* response = NextFree(path);
  if (response == nullptr) return;
  StunWriter writer(response->bytes, StunClass::kError, request.transaction_id);
  writer.ErrorCode(error);
  if (error == StunError::kUnknownAttribute) {
    writer.UnknownAttributes(request.unknown_attributes());
  }
  response->size = static_cast<uint16_t>(writer.Finish(password).size());
}

std::optional<IceTransmit> StunResponses::Poll() {
  if (count_ == 0) return std::nullopt;
  const Response& response = ring_[first_];
  first_ = (first_ + 1) % kCapacity;
  --count_;
  return IceTransmit{response.path, std::span(response.bytes).first(response.size)};
}

StunResponses::Response* StunResponses::NextFree(const Path& path) {
  if (count_ == kCapacity) return nullptr;
  Response& response = ring_[(first_ + count_++) % kCapacity];
  response.path = path;
  return &response;
}

}  // namespace remotemedia
