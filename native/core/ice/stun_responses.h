// The answers to Binding requests that wait to be sent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/ice/ice_agent.h"
#include "core/ice/stun_message.h"

namespace remotemedia {

// A short ring: an answer that finds it full is dropped, as if the network had lost it.
class StunResponses {
 public:
  static constexpr size_t kCapacity = 4;

  // Answer `request`, which came in on `path`, with the receiver's own password.
  void Accept(const StunMessage& request, const Path& path, std::string_view password);
  void Reject(const StunMessage& request, const Path& path, StunError error,
              std::string_view password);

  // The oldest answer; its bytes stay valid until the next call of a non-const method.
  std::optional<IceTransmit> Poll();

 private:
  // Fits the longest answer: a 420 with all the unknown attributes a StunMessage tells apart.
  static constexpr size_t kMaxSize = 92;
  struct Response {
    Path path;
    uint16_t size = 0;
    std::array<uint8_t, kMaxSize> bytes;
  };

  Response* NextFree(const Path& path);

  std::array<Response, kCapacity> ring_;
  size_t first_ = 0;
  size_t count_ = 0;
};

}  // namespace remotemedia
