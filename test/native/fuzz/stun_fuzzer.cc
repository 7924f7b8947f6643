// Feeds datagrams to the STUN parser and to both ICE agents: as they are, and, because hardly any
// random datagram passes authentication, with their integrity and fingerprint made right.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "core/base/byte_writer.h"
#include "core/crypto/hmac_sha1.h"
#include "core/ice/ice_controlling.h"
#include "core/ice/ice_credentials.h"
#include "core/ice/ice_lite.h"
#include "core/ice/stun_crc32.h"
#include "core/ice/stun_message.h"

namespace remotemedia {
namespace {

const IceCredentials kLocal{"fuzz", "the password under fuzzing"};
const IceCredentials kRemote{"peer", "the password of the peer"};

#define FUZZ_CHECK(condition) \
  if (!(condition)) std::abort()

class CountingRandom final : public Random {
 public:
  void Fill(std::span<uint8_t> out) override { std::fill(out.begin(), out.end(), ++count_); }

 private:
  uint8_t count_ = 0;
};

// The attributes of `datagram` behind a right header, after a right USERNAME and before a right
// MESSAGE-INTEGRITY and FINGERPRINT.
std::vector<uint8_t> Authenticate(std::span<const uint8_t> datagram, const IceCredentials& by) {
  constexpr std::array<uint8_t, 16> kUsername = {0,   6,   0,   9,   'f', 'u', 'z', 'z',
                                                 ':', 'p', 'e', 'e', 'r', 0,   0,   0};
  const auto header = datagram.first(kStunHeaderSize);
  const auto attributes = datagram.subspan(kStunHeaderSize);
  std::vector<uint8_t> room(datagram.size() + 3 + kUsername.size() + 24 + 8);
  ByteWriter writer(room);
  writer.Bytes(header);
  writer.Bytes(kUsername);
  writer.Bytes(attributes);
  writer.Zeros(-writer.size() & 3u);
  const auto patch_length = [&](size_t more) {
    writer.PatchU16(2, static_cast<uint16_t>(writer.size() + more - kStunHeaderSize));
  };
  patch_length(24);
  const auto hmac =
      HmacSha1({reinterpret_cast<const uint8_t*>(by.pwd.data()), by.pwd.size()}, writer.written());
  writer.U16(static_cast<uint16_t>(StunAttribute::kMessageIntegrity));
  writer.U16(kStunIntegritySize);
  writer.Bytes(hmac);
  patch_length(8);
  const uint32_t crc = Crc32(writer.written()) ^ kStunFingerprintXor;
  writer.U16(static_cast<uint16_t>(StunAttribute::kFingerprint));
  writer.U16(sizeof(crc));
  writer.U32(crc);
  FUZZ_CHECK(writer.ok());
  room.resize(writer.size());
  return room;
}

// Every answer has to be a well-formed message of its own.
void DrainAndCheck(IceAgent& agent) {
  while (const auto transmit = agent.PollTransmit()) {
    const auto message = StunMessage::Parse(transmit->bytes);
    FUZZ_CHECK(message && message->has_integrity && message->has_fingerprint);
    FUZZ_CHECK(message->unknown_attributes().empty());
  }
  while (const auto dropped = agent.PollDroppedPath()) FUZZ_CHECK(!agent.IsValidPath(*dropped));
}

void Feed(IceAgent& agent, Timestamp now, const Path& path, std::span<const uint8_t> datagram) {
  const StunResult result = agent.HandleStun(now, path, datagram);
  FUZZ_CHECK(!agent.selected_path() || agent.IsValidPath(*agent.selected_path()));
  FUZZ_CHECK((agent.state() == IceState::kNew) == !agent.selected_path());
  if (const auto next = agent.PollTimeout(); next && *next <= now) {
    agent.HandleTimeout(now);
    FUZZ_CHECK(agent.PollTimeout().value_or(Timestamp::Never()) > now);
  }
  // Nobody is answered who did not authenticate; what a full agent sends beside are its own checks.
  if (result != StunResult::kHandled && result != StunResult::kRejected) {
    while (const auto transmit = agent.PollTransmit()) {
      FUZZ_CHECK(StunMessage::Parse(transmit->bytes)->message_class == StunClass::kRequest);
    }
  }
  DrainAndCheck(agent);
}

// The input is a sequence of datagrams, each after two bytes: one that chooses the path, the time
// that has passed and the form it is sent in, and one for its size in units of four bytes.
void FeedBoth(std::span<const uint8_t> input) {
  StunMessage::Parse(input);
  LocalUfragOf(input);

  CountingRandom random;
  IceLite lite(IceConfig{}, kLocal);
  IceControlling full(IceControllingConfig{}, kLocal, random);
  full.SetRemoteCredentials(kRemote);
  full.AddRemoteCandidate({0, TransportAddress::V4({192, 0, 2, 1}, 0)}, 1);

  Timestamp now;
  std::span<const uint8_t> rest = input;
  while (rest.size() >= 2) {
    const uint8_t how = rest[0];
    const size_t length = std::min<size_t>(size_t{4} * rest[1], rest.size() - 2);
    const auto datagram = rest.subspan(2, length);
    rest = rest.subspan(2 + length);

    now = now + Duration::Millis((how >> 5) * 1'000);
    const Path path{0, TransportAddress::V4({192, 0, 2, 1}, how & 0x07)};
    if ((how & 0x10) != 0 && lite.state() != IceState::kNew) lite.RestartIce(kLocal);
    if ((how & 0x08) == 0 || datagram.size() < kStunHeaderSize) {
      Feed(lite, now, path, datagram);
      Feed(full, now, path, datagram);
    } else {
      Feed(lite, now, path, Authenticate(datagram, kLocal));
      Feed(full, now, path, Authenticate(datagram, kLocal));
      Feed(full, now, path, Authenticate(datagram, kRemote));
    }
  }
}

}  // namespace
}  // namespace remotemedia

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  remotemedia::FeedBoth({data, size});
  return 0;
}
