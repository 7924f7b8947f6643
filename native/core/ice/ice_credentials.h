// The user fragment and password of one ICE session (RFC 8445 section 5.3), and the STUN USERNAME
// made of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/random.h"

namespace remotemedia {

struct IceCredentials {
  std::string ufrag;
  std::string pwd;

  // 16 characters of ufrag and 24 of pwd: 96 and 144 random bits, above the 24 and 128 that RFC
  // 8445 asks for. The ufrag is long because the server tells its peers apart by it.
  static IceCredentials Generate(Random& random);

  // Whether both are of the lengths (4-256 and 22-256) and characters that RFC 8839 section 5.4
  // allows.
  bool IsWellFormed() const;

  // Compares the password in constant time.
  friend bool operator==(const IceCredentials& a, const IceCredentials& b);
};

// A check carries "<ufrag of its receiver>:<ufrag of its sender>" (RFC 8445 section 7.2.2).
struct IceUsername {
  std::string_view receiver;
  std::string_view sender;

  static std::optional<IceUsername> Parse(std::string_view username);
};

// The ufrag a Binding request is addressed to: what comes before ':' in its USERNAME. This is how a
// datagram from an unknown address finds its transport, so it is cheap and checks nothing but
// bounds: the transport's agent authenticates. Points into `datagram`; nullopt when it is no
// Binding request or has no such USERNAME.
std::optional<std::string_view> LocalUfragOf(std::span<const uint8_t> datagram);

}  // namespace remotemedia
