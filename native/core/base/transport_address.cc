#include "core/base/transport_address.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace remotemedia {
namespace {

constexpr std::array<uint8_t, 12> kV4MappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// Parses dotted decimal without leading zeros, as inet_pton does.
std::optional<std::array<uint8_t, 4>> ParseV4(std::string_view text) {
  std::array<uint8_t, 4> ip;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (size_t i = 0; i < 4; ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    unsigned value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || value > 255 || next - at > 3) return std::nullopt;
    if (next - at > 1 && *at == '0') return std::nullopt;
    ip[i] = static_cast<uint8_t>(value);
    at = next;
  }
  if (at != end) return std::nullopt;
  return ip;
}

// Parses one side of a "::" (or all of an address without one) into 16-bit groups.
// Returns how many groups were read, or nullopt.
std::optional<size_t> ParseGroups(std::string_view text, std::array<uint16_t, 8>& groups) {
  size_t count = 0;
  while (!text.empty()) {
    if (count == 8) return std::nullopt;
    const size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (group.find('.') != std::string_view::npos) {  // an IPv4 tail
      const auto v4 = ParseV4(group);
      if (!v4 || colon != std::string_view::npos || count > 6) return std::nullopt;
      groups[count++] = static_cast<uint16_t>(((*v4)[0] << 8) | (*v4)[1]);
      groups[count++] = static_cast<uint16_t>(((*v4)[2] << 8) | (*v4)[3]);
      return count;
    }
    if (group.empty() || group.size() > 4) return std::nullopt;
    unsigned value = 0;
    const auto [next, error] =
        std::from_chars(group.data(), group.data() + group.size(), value, 16);
    if (error != std::errc() || next != group.data() + group.size()) return std::nullopt;
    groups[count++] = static_cast<uint16_t>(value);
    if (colon == std::string_view::npos) return count;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // a trailing single colon
  }
  return count;
}

std::optional<std::array<uint8_t, 16>> ParseV6(std::string_view text) {
  std::array<uint16_t, 8> head{}, tail{}, groups{};
  const size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    if (ParseGroups(text, groups) != size_t{8}) return std::nullopt;
  } else {
    // An IPv4 tail ends the address, so it cannot stand before the gap.
    if (text.find('.') < gap) return std::nullopt;
    const auto head_count = ParseGroups(text.substr(0, gap), head);
    const auto tail_count = ParseGroups(text.substr(gap + 2), tail);
    if (!head_count || !tail_count || *head_count + *tail_count > 7) return std::nullopt;
    std::copy_n(head.begin(), *head_count, groups.begin());
    std::copy_n(tail.begin(), *tail_count, groups.end() - static_cast<ptrdiff_t>(*tail_count));
  }
  std::array<uint8_t, 16> ip;
  for (size_t i = 0; i < 8; ++i) {
    ip[2 * i] = static_cast<uint8_t>(groups[i] >> 8);
    ip[2 * i + 1] = static_cast<uint8_t>(groups[i]);
  }
  return ip;
}

// RFC 5952: lower case, no leading zeros, the longest run of zero groups as "::".
std::string FormatV6(const std::array<uint8_t, 16>& ip) {
  std::array<unsigned, 8> groups;
  for (size_t i = 0; i < 8; ++i) groups[i] = (unsigned{ip[2 * i]} << 8) | ip[2 * i + 1];

  size_t run_start = 8, run_length = 1;
  for (size_t i = 0; i < 8; ++i) {
    size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > run_length) {
      run_start = i;
      run_length = length;
    }
  }

  std::string text;
  for (size_t i = 0; i < 8; ++i) {
    if (i == run_start) {
      text += "::";
      i += run_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    char group[5];
    std::snprintf(group, sizeof(group), "%x", groups[i]);
    text += group;
  }
  return text;
}

}  // namespace

TransportAddress TransportAddress::V4(std::array<uint8_t, 4> ip, uint16_t port) {
  TransportAddress address;
  std::copy(kV4MappedPrefix.begin(), kV4MappedPrefix.end(), address.ip.begin());
  std::copy(ip.begin(), ip.end(), address.ip.begin() + 12);
  address.port = port;
  return address;
}

TransportAddress TransportAddress::V6(std::array<uint8_t, 16> ip, uint16_t port) {
  TransportAddress address;
  address.ip = ip;
  address.port = port;
  return address;
}

std::optional<TransportAddress> TransportAddress::Parse(std::string_view ip, uint16_t port) {
  if (const auto v4 = ParseV4(ip)) return V4(*v4, port);
  if (const auto v6 = ParseV6(ip)) return V6(*v6, port);
  return std::nullopt;
}

bool TransportAddress::is_v4() const {
  return std::equal(kV4MappedPrefix.begin(), kV4MappedPrefix.end(), ip.begin());
}

bool TransportAddress::is_loopback() const {
  if (is_v4()) return ip[12] == 127;
  return std::all_of(ip.begin(), ip.begin() + 15, [](uint8_t byte) { return byte == 0; }) &&
         ip[15] == 1;
}

std::string TransportAddress::ip_string() const {
  if (!is_v4()) return FormatV6(ip);
  char text[16];
  std::snprintf(text, sizeof(text), "%u.%u.%u.%u", ip[12], ip[13], ip[14], ip[15]);
  return text;
}

std::string TransportAddress::ToString() const {
  const std::string host = is_v4() ? ip_string() : "[" + ip_string() + "]";
  return host + ":" + std::to_string(port);
}

}  // namespace remotemedia
