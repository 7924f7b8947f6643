#include "core/srtp/srtp_receiver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/srtp/srtp_sender.h"
#include "core/srtp/srtp_test_keys.h"
#include "support/hex.h"

namespace remotemedia {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint32_t kSsrc = 0xcafebabe;
constexpr uint64_t kCycle = 0x1'0000;

class SrtpReceiverTest : public ::testing::TestWithParam<SrtpProfile> {
 protected:
  // An RTP packet whose payload depends on its index, and the same one protected.
  static Bytes Rtp(uint64_t index, uint32_t ssrc = kSsrc) {
    Bytes packet = RtpHeader(ssrc, index);
    for (int i = 0; i < 50; ++i) packet.push_back(static_cast<uint8_t>(index * 7 + i));
    return packet;
  }
  Bytes Srtp(uint64_t index, uint32_t ssrc = kSsrc) {
    const Bytes packet = Rtp(index, ssrc);
    const auto header = std::span(packet).first(24);
    Bytes out(packet.size() + kMaxSrtpTrailer);
    out.resize(sender_->ProtectRtp(header, std::span(packet).subspan(24), index, out.data()));
    return out;
  }
  Bytes Srtcp(uint32_t ssrc = kSsrc) {
    Bytes packet = ReceiverReport(ssrc);
    packet.resize(8 + kMaxSrtcpTrailer);
    packet.resize(sender_->ProtectRtcp(packet, 8));
    return packet;
  }

  SrtpStatus Receive(Bytes packet) {
    size_t size = 0;
    return receiver_->UnprotectRtp(packet, &size);
  }
  SrtpStatus ReceiveRtcp(Bytes packet) {
    size_t size = 0;
    return receiver_->UnprotectRtcp(packet, &size);
  }

  const std::unique_ptr<SrtpSender> sender_ = SrtpSender::Create(GetParam(), TestKey());
  const std::unique_ptr<SrtpReceiver> receiver_ = SrtpReceiver::Create(GetParam(), TestKey());
};

INSTANTIATE_TEST_SUITE_P(Profiles, SrtpReceiverTest, ::testing::ValuesIn(kAllProfiles),
                         ProfileName);

TEST_P(SrtpReceiverTest, GivesBackTheRtpPacketThatWasSent) {
  for (uint64_t index = 100; index < 110; ++index) {
    Bytes packet = Srtp(index);
    size_t size = 0;
    ASSERT_EQ(receiver_->UnprotectRtp(packet, &size), SrtpStatus::kOk);
    packet.resize(size);
    EXPECT_EQ(packet, Rtp(index));
  }
}

TEST_P(SrtpReceiverTest, GivesBackAnRtpPacketWithoutPayload) {
  const Bytes header = RtpHeader(kSsrc, 1);
  Bytes packet(header.size() + kMaxSrtpTrailer);
  packet.resize(sender_->ProtectRtp(header, {}, 1, packet.data()));
  size_t size = 0;
  ASSERT_EQ(receiver_->UnprotectRtp(packet, &size), SrtpStatus::kOk);
  packet.resize(size);
  EXPECT_EQ(packet, header);
}

TEST_P(SrtpReceiverTest, GivesBackTheRtcpPacketsThatWereSent) {
  for (const size_t plain_size : {8, 12, 64, 1'200}) {
    Bytes plain = ReceiverReport(kSsrc);
    plain.resize(plain_size, 0x42);
    Bytes packet = plain;
    packet.resize(plain_size + kMaxSrtcpTrailer);
    packet.resize(sender_->ProtectRtcp(packet, plain_size));
    size_t size = 0;
    ASSERT_EQ(receiver_->UnprotectRtcp(packet, &size), SrtpStatus::kOk);
    packet.resize(size);
    EXPECT_EQ(packet, plain);
  }
}

TEST_P(SrtpReceiverTest, FollowsTheRollOverCounterForwards) {
  for (uint64_t index = kCycle - 5; index < kCycle + 5; ++index) {
    EXPECT_EQ(Receive(Srtp(index)), SrtpStatus::kOk) << index;
  }
  for (uint64_t index = 2 * kCycle - 30'000; index < 5 * kCycle; index += 30'000) {
    EXPECT_EQ(Receive(Srtp(index - 15'000)), SrtpStatus::kOk) << index;
    EXPECT_EQ(Receive(Srtp(index)), SrtpStatus::kOk) << index;
  }
}

TEST_P(SrtpReceiverTest, AcceptsPacketsReorderedAroundTheRollOver) {
  for (const int64_t offset : {-3, 2, -1, 0, -2, 4, 1, -4, 3}) {
    EXPECT_EQ(Receive(Srtp(kCycle + offset)), SrtpStatus::kOk) << offset;
  }
  for (int64_t offset = -4; offset <= 4; ++offset) {
    EXPECT_EQ(Receive(Srtp(kCycle + offset)), SrtpStatus::kReplayed) << offset;
  }
}

TEST_P(SrtpReceiverTest, TheSameSequenceNumberOneCycleLaterIsNoReplay) {
  for (uint64_t index = 10; index < 4 * kCycle; index += kCycle / 4) {
    EXPECT_EQ(Receive(Srtp(index)), SrtpStatus::kOk) << index;
  }
}

TEST_P(SrtpReceiverTest, APacketFromBeforeTheFirstCycleIsTooOld) {
  EXPECT_EQ(Receive(Srtp(10)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(kCycle - 10)), SrtpStatus::kReplayed);
}

TEST_P(SrtpReceiverTest, RefusesReplaysInsideTheWindowAndEverythingBehindIt) {
  EXPECT_EQ(Receive(Srtp(3'000)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(3'000)), SrtpStatus::kReplayed);
  EXPECT_EQ(Receive(Srtp(3'000 - 1'023)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(3'000 - 1'023)), SrtpStatus::kReplayed);
  EXPECT_EQ(Receive(Srtp(3'000 - 1'024)), SrtpStatus::kReplayed);
}

TEST_P(SrtpReceiverTest, RefusesReplayedRtcp) {
  std::vector<Bytes> packets;
  for (int i = 0; i < 130; ++i) packets.push_back(Srtcp());
  EXPECT_EQ(ReceiveRtcp(packets[1]), SrtpStatus::kOk);
  EXPECT_EQ(ReceiveRtcp(packets[0]), SrtpStatus::kOk);
  EXPECT_EQ(ReceiveRtcp(packets[0]), SrtpStatus::kReplayed);
  EXPECT_EQ(ReceiveRtcp(packets[1]), SrtpStatus::kReplayed);
  EXPECT_EQ(ReceiveRtcp(packets[129]), SrtpStatus::kOk);
  EXPECT_EQ(ReceiveRtcp(packets[2]), SrtpStatus::kOk);
  EXPECT_EQ(ReceiveRtcp(packets[1]), SrtpStatus::kReplayed);
}

TEST_P(SrtpReceiverTest, EverySsrcIsCountedByItself) {
  EXPECT_EQ(Receive(Srtp(60'000, 1)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(10, 2)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(kCycle + 10, 1)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(11, 2)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(10, 2)), SrtpStatus::kReplayed);
}

TEST_P(SrtpReceiverTest, OneDamagedBitAnywhereNeverPasses) {
  const Bytes packet = Srtp(7);
  for (size_t bit = 0; bit < packet.size() * 8; ++bit) {
    Bytes damaged = packet;
    damaged[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
    const SrtpStatus status = Receive(damaged);
    EXPECT_TRUE(status == SrtpStatus::kAuthFailed || status == SrtpStatus::kMalformed) << bit;
  }
  EXPECT_EQ(Receive(packet), SrtpStatus::kOk);
}

TEST_P(SrtpReceiverTest, OneDamagedBitAnywhereInRtcpNeverPasses) {
  const Bytes packet = Srtcp();
  for (size_t bit = 0; bit < packet.size() * 8; ++bit) {
    Bytes damaged = packet;
    damaged[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
    const SrtpStatus status = ReceiveRtcp(damaged);
    EXPECT_TRUE(status == SrtpStatus::kAuthFailed || status == SrtpStatus::kMalformed) << bit;
  }
  EXPECT_EQ(ReceiveRtcp(packet), SrtpStatus::kOk);
}

TEST_P(SrtpReceiverTest, TheSizeIsTouchedOnSuccessOnly) {
  size_t size = 12'345;
  Bytes damaged = Srtp(7);
  damaged.back() ^= 1;
  EXPECT_EQ(receiver_->UnprotectRtp(damaged, &size), SrtpStatus::kAuthFailed);
  Bytes short_packet(5);
  EXPECT_EQ(receiver_->UnprotectRtp(short_packet, &size), SrtpStatus::kMalformed);
  EXPECT_EQ(receiver_->UnprotectRtcp(short_packet, &size), SrtpStatus::kMalformed);
  EXPECT_EQ(size, 12'345u);
}

TEST_P(SrtpReceiverTest, TruncatedPacketsAreRefusedAtEveryLength) {
  const Bytes packet = Srtp(7);
  const size_t smallest = 24 + SrtpTagLength(GetParam());
  for (size_t size = 0; size < packet.size(); ++size) {
    // On the heap with its exact size, so that the sanitizers see a read beyond.
    EXPECT_EQ(Receive(Bytes(packet.begin(), packet.begin() + size)),
              size < smallest ? SrtpStatus::kMalformed : SrtpStatus::kAuthFailed)
        << size;
  }
  EXPECT_EQ(Receive(packet), SrtpStatus::kOk);
}

TEST_P(SrtpReceiverTest, TruncatedRtcpIsRefusedAtEveryLength) {
  Bytes packet = ReceiverReport(kSsrc);
  packet.resize(64, 0x42);
  packet.resize(64 + kMaxSrtcpTrailer);
  packet.resize(sender_->ProtectRtcp(packet, 64));
  for (size_t size = 0; size < packet.size(); ++size) {
    EXPECT_NE(ReceiveRtcp(Bytes(packet.begin(), packet.begin() + size)), SrtpStatus::kOk) << size;
  }
  EXPECT_EQ(ReceiveRtcp(packet), SrtpStatus::kOk);
}

TEST_P(SrtpReceiverTest, HeadersThatReachIntoTheTagAreMalformed) {
  Bytes csrcs = Srtp(7);
  csrcs[0] = 0x8f;
  csrcs.resize(12 + 15 * 4 + SrtpTagLength(GetParam()));
  EXPECT_EQ(Receive(csrcs), SrtpStatus::kAuthFailed);
  csrcs.pop_back();
  EXPECT_EQ(Receive(csrcs), SrtpStatus::kMalformed);
  Bytes extension = Srtp(7);
  extension[18] = 0xff;
  EXPECT_EQ(Receive(extension), SrtpStatus::kMalformed);
  Bytes other_version = Srtp(7);
  other_version[0] ^= 0xc0;
  EXPECT_EQ(Receive(other_version), SrtpStatus::kMalformed);
}

TEST_P(SrtpReceiverTest, PacketsThatNoDatagramHoldsAreMalformed) {
  Bytes packet(65'536);
  packet[0] = 0x80;
  EXPECT_EQ(Receive(packet), SrtpStatus::kMalformed);
  EXPECT_EQ(ReceiveRtcp(packet), SrtpStatus::kMalformed);
}

TEST_P(SrtpReceiverTest, PacketsOfAnotherKeyAreRefusedAndDisturbNobody) {
  const auto stranger = SrtpSender::Create(GetParam(), TestKey(2));
  EXPECT_EQ(Receive(Srtp(100)), SrtpStatus::kOk);
  // Far ahead: were it believed, the genuine packets would look old.
  const uint64_t forged_index = 30'000;
  const Bytes header = RtpHeader(kSsrc, forged_index);
  Bytes forged(100);
  forged.resize(stranger->ProtectRtp(header, Bytes(20), forged_index, forged.data()));
  EXPECT_EQ(Receive(forged), SrtpStatus::kAuthFailed);
  EXPECT_EQ(Receive(Srtp(99)), SrtpStatus::kOk);
  EXPECT_EQ(Receive(Srtp(101)), SrtpStatus::kOk);
}

TEST_P(SrtpReceiverTest, SsrcsThatDoNotAuthenticateTakeNobodysPlace) {
  for (uint32_t ssrc = 0; ssrc < SrtpReceiver::kMaxSsrcs; ++ssrc) {
    ASSERT_EQ(Receive(Srtp(1, ssrc)), SrtpStatus::kOk);
  }
  for (uint32_t ssrc = 1'000; ssrc < 2'000; ++ssrc) {
    Bytes forged = Srtp(1, ssrc);
    forged.back() ^= 1;
    ASSERT_EQ(Receive(forged), SrtpStatus::kAuthFailed);
  }
  for (uint32_t ssrc = 0; ssrc < SrtpReceiver::kMaxSsrcs; ++ssrc) {
    EXPECT_EQ(Receive(Srtp(1, ssrc)), SrtpStatus::kReplayed) << ssrc;
  }
}

TEST_P(SrtpReceiverTest, ANewSsrcBeyondTheLimitReplacesTheOneSilentForLongest) {
  for (uint32_t ssrc = 0; ssrc <= SrtpReceiver::kMaxSsrcs; ++ssrc) {
    ASSERT_EQ(Receive(Srtp(1, ssrc)), SrtpStatus::kOk);
    ASSERT_EQ(ReceiveRtcp(Srtcp(ssrc)), SrtpStatus::kOk);
  }
  for (uint32_t ssrc = 1; ssrc <= SrtpReceiver::kMaxSsrcs; ++ssrc) {
    EXPECT_EQ(Receive(Srtp(1, ssrc)), SrtpStatus::kReplayed) << ssrc;
  }
  EXPECT_EQ(Receive(Srtp(1, 0)), SrtpStatus::kOk);
}

// RFC 7714 sections 17.3 and 17.4: genuine packets, authenticated but not encrypted.
TEST(SrtpReceiverPolicyTest, RtcpThatIsNotEncryptedIsRefused) {
  const auto tag_only = FromHex(
      "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61"
      "deadbeef deadbeef deadbeef deadbeef deadbeef 841dd968 3dd78ec9 2ae58790"
      "125f62b3 000005d4");
  const auto receiver = SrtpReceiver::Create(SrtpProfile::kAeadAes128Gcm, TestKey());
  Bytes packet = tag_only;
  size_t size = 0;
  EXPECT_EQ(receiver->UnprotectRtcp(packet, &size), SrtpStatus::kMalformed);
  // With the E-bit set the same framing is fine, and only the tag is wrong.
  packet = tag_only;
  packet[packet.size() - 4] |= 0x80;
  EXPECT_EQ(receiver->UnprotectRtcp(packet, &size), SrtpStatus::kAuthFailed);
}

TEST(SrtpReceiverPolicyTest, KeysOfOneDirectionDoNotOpenTheOther) {
  SrtpKeys keys{SrtpProfile::kAeadAes128Gcm, TestKey(1), TestKey(2)};
  const auto sender = SrtpSender::Create(keys.profile, keys.local);
  const auto other_side = SrtpReceiver::Create(keys.profile, keys.local);
  const auto same_side = SrtpReceiver::Create(keys.profile, keys.remote);
  Bytes packet(100);
  packet.resize(sender->ProtectRtp(RtpHeader(kSsrc, 1), Bytes(20), 1, packet.data()));
  Bytes copy = packet;
  size_t size = 0;
  EXPECT_EQ(same_side->UnprotectRtp(copy, &size), SrtpStatus::kAuthFailed);
  EXPECT_EQ(other_side->UnprotectRtp(packet, &size), SrtpStatus::kOk);
}

}  // namespace
}  // namespace remotemedia
