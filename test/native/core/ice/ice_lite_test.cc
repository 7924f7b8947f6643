#include "core/ice/ice_lite.h"

#include <gtest/gtest.h>

#include "core/ice/ice_test_util.h"

namespace remotemedia {
namespace {

using ice_test::Check;
using ice_test::Drain;
using ice_test::PathTo;

const IceCredentials kLocal{"serverufrag", "the password of the server"};
const IceCredentials kNewLocal{"secondufrag", "another password of the server"};
const IceCredentials kRemote{"peer", "the password of the browser"};
constexpr Timestamp kStart = Timestamp::Millis(1'000);

class IceLiteTest : public testing::Test {
 protected:
  StunResult Send(const Check& check, const Path& path) {
    return agent.HandleStun(now, path, check.Bytes());
  }

  // The one answer to a check: sent, or the test fails.
  StunMessage Answer() {
    const auto sent = Drain(agent);
    EXPECT_EQ(sent.size(), 1u);
    answer_path = sent.at(0).path;
    answer_bytes = sent.at(0).bytes;
    return StunMessage::Parse(answer_bytes).value();
  }

  const Path path = PathTo("198.51.100.7");
  const Check check = Check::To(kLocal);
  IceLite agent{IceConfig{}, kLocal};
  Timestamp now = kStart;
  Path answer_path;
  std::vector<uint8_t> answer_bytes;
};

TEST_F(IceLiteTest, AnswersACheckWithTheAddressItCameFrom) {
  EXPECT_EQ(Send(check, path), StunResult::kHandled);
  const StunMessage answer = Answer();
  EXPECT_EQ(answer_path, path);
  EXPECT_EQ(answer.message_class, StunClass::kSuccess);
  EXPECT_EQ(answer.transaction_id[0], check.transaction);
  EXPECT_EQ(answer.xor_mapped_address, path.remote);
  EXPECT_TRUE(answer.has_fingerprint);
  EXPECT_TRUE(answer.IsAuthenticBy(kLocal.pwd));
}

TEST_F(IceLiteTest, AnswersOverIpv6FromTheSocketTheCheckCameInOn) {
  const Path v6 = PathTo("2001:db8::7", 40'000, 3);
  EXPECT_EQ(Send(check.Nominating(), v6), StunResult::kHandled);
  EXPECT_EQ(Answer().xor_mapped_address, v6.remote);
  EXPECT_EQ(answer_path, v6);
  EXPECT_EQ(agent.selected_path(), v6);
}

TEST_F(IceLiteTest, ACheckMakesItsPathValidAndANominationSelectsIt) {
  EXPECT_FALSE(agent.IsValidPath(path));
  Send(check, path);
  EXPECT_TRUE(agent.IsValidPath(path));
  EXPECT_FALSE(agent.IsValidPath(PathTo("198.51.100.7", 5001)));
  EXPECT_FALSE(agent.IsValidPath({1, path.remote}));
  EXPECT_EQ(agent.state(), IceState::kNew);
  EXPECT_FALSE(agent.selected_path());
  EXPECT_FALSE(agent.PollTimeout());

  Send(check.Nominating(), path);
  EXPECT_EQ(agent.state(), IceState::kConnected);
  EXPECT_EQ(agent.selected_path(), path);
}

TEST_F(IceLiteTest, DropsUnauthenticatedRequestsWithoutAnAnswer) {
  Check wrong_password = check.Nominating();
  wrong_password.password = "the password of the servex";
  EXPECT_EQ(Send(wrong_password, path), StunResult::kUnauthenticated);
  Check wrong_ufrag = check.Nominating();
  wrong_ufrag.receiver_ufrag = "serverufra";
  EXPECT_EQ(Send(wrong_ufrag, path), StunResult::kUnauthenticated);

  std::array<uint8_t, 200> room;
  StunWriter writer(room, StunClass::kRequest, TransactionId{});
  auto unsigned_check = writer.Username(kLocal.ufrag, "peer").UseCandidate().Finish(kLocal.pwd);
  std::vector<uint8_t> bytes(unsigned_check.begin(), unsigned_check.end() - 32);
  bytes[3] = static_cast<uint8_t>(bytes.size() - kStunHeaderSize);
  EXPECT_EQ(agent.HandleStun(now, path, bytes), StunResult::kUnauthenticated);

  StunWriter nameless(room, StunClass::kRequest, TransactionId{});
  EXPECT_EQ(agent.HandleStun(now, path, nameless.UseCandidate().Finish(kLocal.pwd)),
            StunResult::kUnauthenticated);

  EXPECT_TRUE(Drain(agent).empty());
  EXPECT_FALSE(agent.IsValidPath(path));
  EXPECT_FALSE(agent.selected_path());
  EXPECT_EQ(agent.state(), IceState::kNew);
}

TEST_F(IceLiteTest, IgnoresWhatIsNoBindingRequest) {
  auto indication = check.Nominating().Bytes();
  indication.resize(indication.size() - 8);
  indication[3] = static_cast<uint8_t>(indication.size() - kStunHeaderSize);
  for (const auto& [high, low] :
       {std::pair(0x00, 0x11), {0x01, 0x01}, {0x01, 0x11}, {0x00, 0x03}}) {
    indication[0] = static_cast<uint8_t>(high);
    indication[1] = static_cast<uint8_t>(low);
    EXPECT_EQ(agent.HandleStun(now, path, indication), StunResult::kIgnored);
  }
  EXPECT_EQ(agent.HandleStun(now, path, {}), StunResult::kIgnored);
  EXPECT_TRUE(Drain(agent).empty());
  EXPECT_FALSE(agent.IsValidPath(path));
}

TEST_F(IceLiteTest, RefusesAPeerThatClaimsToBeControlledWith487) {
  Check controlled = check.Nominating();
  controlled.as_controlling = false;
  controlled.as_controlled = true;
  EXPECT_EQ(Send(controlled, path), StunResult::kRejected);
  const StunMessage answer = Answer();
  EXPECT_EQ(answer.message_class, StunClass::kError);
  EXPECT_EQ(answer.error_code, 487);
  EXPECT_TRUE(answer.IsAuthenticBy(kLocal.pwd));
  EXPECT_FALSE(agent.IsValidPath(path));
}

TEST_F(IceLiteTest, RefusesBothRolesAtOnceWith400) {
  Check both = check.Nominating();
  both.as_controlled = true;
  EXPECT_EQ(Send(both, path), StunResult::kRejected);
  EXPECT_EQ(Answer().error_code, 400);
  EXPECT_FALSE(agent.IsValidPath(path));
}

TEST_F(IceLiteTest, NamesTheAttributesItDoesNotUnderstandIn420) {
  Check strange = check.Nominating();
  strange.extra_attributes = {0x7001, 0x7002, 0x7003, 0x7004, 0x7005};
  EXPECT_EQ(Send(strange, path), StunResult::kRejected);
  const StunMessage answer = Answer();
  EXPECT_EQ(answer.error_code, 420);
  EXPECT_TRUE(answer.IsAuthenticBy(kLocal.pwd));
  const std::vector<uint8_t> listed = {0x00, 0x0a, 0x00, 0x08, 0x70, 0x01,
                                       0x70, 0x02, 0x70, 0x03, 0x70, 0x04};
  EXPECT_NE(std::search(answer_bytes.begin(), answer_bytes.end(), listed.begin(), listed.end()),
            answer_bytes.end());
  EXPECT_FALSE(agent.IsValidPath(path));
}

TEST_F(IceLiteTest, AcceptsUnknownAttributesThatNeedNotBeUnderstood) {
  Check network_cost = check;
  network_cost.extra_attributes = {0xC057};
  EXPECT_EQ(Send(network_cost, path), StunResult::kHandled);
}

TEST_F(IceLiteTest, NeverAnswersWithMoreBytesThanItWasSent) {
  Check strange = check.Nominating();
  strange.extra_attributes = {0x7001, 0x7002, 0x7003, 0x7004};
  for (const Check& each : {check, strange}) {
    Send(each, PathTo("2001:db8::1"));
    Answer();
    EXPECT_LE(answer_bytes.size(), each.Bytes().size());
  }
}

TEST_F(IceLiteTest, ComparesThePeersUfragOnceItIsKnown) {
  Check stranger = check;
  stranger.sender_ufrag = "someone";
  EXPECT_EQ(Send(stranger, path), StunResult::kHandled);
  agent.SetRemoteCredentials(kRemote);
  EXPECT_EQ(Send(stranger, path), StunResult::kUnauthenticated);
  EXPECT_EQ(Send(check, path), StunResult::kHandled);
}

TEST_F(IceLiteTest, TheLatestNominationWins) {
  const Path wifi = PathTo("198.51.100.7"), cellular = PathTo("203.0.113.9");
  Send(check.Nominating().WithPriority(2'000), wifi);
  Send(check.Nominating().WithPriority(2'000), wifi);
  Send(check.Nominating().WithPriority(1'000), cellular);
  EXPECT_EQ(agent.selected_path(), cellular);
  Send(check, wifi);
  EXPECT_EQ(agent.selected_path(), cellular);
}

TEST_F(IceLiteTest, SettlesOnTheHighestPriorityWhenThePeerNominatesEveryPath) {
  const Path low = PathTo("198.51.100.7"), middle = PathTo("198.51.100.8"),
             high = PathTo("198.51.100.9");
  const auto nominate_all = [&] {
    Send(check.Nominating().WithPriority(2'000), middle);
    Send(check.Nominating().WithPriority(3'000), high);
    Send(check.Nominating().WithPriority(1'000), low);
  };
  nominate_all();
  for (int round = 0; round < 5; ++round) {
    Send(check.Nominating().WithPriority(2'000), middle);
    Send(check.Nominating().WithPriority(3'000), high);
    EXPECT_EQ(agent.selected_path(), high);
    Send(check.Nominating().WithPriority(1'000), low);
    EXPECT_EQ(agent.selected_path(), high);
  }
  // The best path dies: the others go on being nominated.
  for (int round = 0; round < 2; ++round) {
    Send(check.Nominating().WithPriority(2'000), middle);
    Send(check.Nominating().WithPriority(1'000), low);
  }
  Send(check.Nominating().WithPriority(2'000), middle);
  EXPECT_EQ(agent.selected_path(), middle);
}

TEST_F(IceLiteTest, FollowsAPeerWhoseAddressChanges) {
  Send(check.Nominating(), path);
  const Path rebound = PathTo("198.51.100.7", 61'234);
  Send(check.Nominating(), rebound);
  EXPECT_EQ(agent.selected_path(), rebound);
  EXPECT_TRUE(agent.IsValidPath(path));
}

TEST_F(IceLiteTest, IsDisconnectedAfterSilenceAndComesBackWithTheNextCheck) {
  Send(check.Nominating(), path);
  ASSERT_EQ(agent.PollTimeout(), kStart + Duration::Seconds(8));
  now = kStart + Duration::Seconds(5);
  Send(check, path);
  ASSERT_EQ(agent.PollTimeout(), now + Duration::Seconds(8));

  agent.HandleTimeout(now + Duration::Millis(7'999));
  EXPECT_EQ(agent.state(), IceState::kConnected);
  now = now + Duration::Seconds(8);
  agent.HandleTimeout(now);
  EXPECT_EQ(agent.state(), IceState::kDisconnected);
  EXPECT_FALSE(agent.PollTimeout());
  EXPECT_EQ(agent.selected_path(), path);
  EXPECT_TRUE(agent.IsValidPath(path));

  Send(check, path);
  EXPECT_EQ(agent.state(), IceState::kConnected);
  EXPECT_EQ(agent.PollTimeout(), now + Duration::Seconds(8));
}

TEST_F(IceLiteTest, TakesAuthenticatedPacketsOnValidPathsForASignOfLife) {
  Send(check.Nominating(), path);
  now = kStart + Duration::Seconds(7);
  agent.HandleAuthenticatedPacket(now, path);
  EXPECT_EQ(agent.PollTimeout(), now + Duration::Seconds(8));
  agent.HandleAuthenticatedPacket(now + Duration::Seconds(1), PathTo("203.0.113.1"));
  EXPECT_EQ(agent.PollTimeout(), now + Duration::Seconds(8));
}

TEST_F(IceLiteTest, StrangersAreNoSignOfLife) {
  Send(check.Nominating(), path);
  Check wrong = check;
  wrong.password = "the password of a stranger";
  now = kStart + Duration::Seconds(7);
  Send(wrong, path);
  EXPECT_EQ(agent.PollTimeout(), kStart + Duration::Seconds(8));
}

TEST_F(IceLiteTest, KeepsTheOldSessionUntilTheFirstNominationWithTheNewCredentials) {
  agent.SetRemoteCredentials(kRemote);
  Send(check.Nominating(), path);
  agent.RestartIce(kNewLocal);
  agent.SetRemoteCredentials({"newpeer", "whatever the browser chose"});
  EXPECT_EQ(agent.local_credentials(), kNewLocal);
  EXPECT_EQ(agent.selected_path(), path);
  EXPECT_EQ(agent.state(), IceState::kConnected);
  EXPECT_TRUE(agent.AcceptsUfrag(kLocal.ufrag));
  EXPECT_TRUE(agent.AcceptsUfrag(kNewLocal.ufrag));

  Drain(agent);
  EXPECT_EQ(Send(check.Nominating(), path), StunResult::kHandled);
  EXPECT_TRUE(Answer().IsAuthenticBy(kLocal.pwd));

  Check fresh = Check::To(kNewLocal);
  fresh.sender_ufrag = "newpeer";
  const Path fresh_path = PathTo("203.0.113.9");
  EXPECT_EQ(Send(fresh, fresh_path), StunResult::kHandled);
  EXPECT_TRUE(Answer().IsAuthenticBy(kNewLocal.pwd));
  EXPECT_EQ(agent.selected_path(), path);
  EXPECT_EQ(Send(check, path), StunResult::kHandled);

  EXPECT_EQ(Send(fresh.Nominating(), fresh_path), StunResult::kHandled);
  EXPECT_EQ(agent.selected_path(), fresh_path);
  EXPECT_FALSE(agent.AcceptsUfrag(kLocal.ufrag));
  EXPECT_EQ(Send(check, path), StunResult::kUnauthenticated);
}

TEST_F(IceLiteTest, ASecondRestartBeforeTheFirstIsDoneKeepsTheSessionThatWorks) {
  Send(check.Nominating(), path);
  agent.RestartIce(kNewLocal);
  agent.RestartIce({"thirdufrag", "a third password of the server"});
  EXPECT_TRUE(agent.AcceptsUfrag(kLocal.ufrag));
  EXPECT_FALSE(agent.AcceptsUfrag(kNewLocal.ufrag));
  EXPECT_EQ(Send(check, path), StunResult::kHandled);
  EXPECT_EQ(Send(Check::To(kNewLocal), path), StunResult::kUnauthenticated);
}

TEST_F(IceLiteTest, RemembersABoundedNumberOfPathsAndNeverForgetsTheSelectedOne) {
  Send(check.Nominating(), path);
  std::vector<Path> dropped;
  for (uint16_t port = 1; port <= 1'000; ++port) {
    Send(check, PathTo("203.0.113.1", port));
    Drain(agent);
    if (const auto gone = agent.PollDroppedPath()) dropped.push_back(*gone);
    ASSERT_FALSE(agent.PollDroppedPath());
  }
  EXPECT_TRUE(agent.IsValidPath(path));
  EXPECT_EQ(agent.selected_path(), path);
  size_t valid = 0;
  for (uint16_t port = 1; port <= 1'000; ++port) {
    valid += agent.IsValidPath(PathTo("203.0.113.1", port)) ? 1 : 0;
  }
  EXPECT_EQ(valid, IceLite::kMaxPaths - 1);
  ASSERT_EQ(dropped.size(), 1'000 - valid);
  for (size_t i = 0; i < dropped.size(); ++i) {
    EXPECT_EQ(dropped[i], PathTo("203.0.113.1", static_cast<uint16_t>(i + 1)));
  }
}

TEST_F(IceLiteTest, AnAgentLeftUndrainedLosesAnswersAndDoesNotGrow) {
  for (int i = 0; i < 1'000; ++i) Send(check, path);
  EXPECT_EQ(Drain(agent).size(), StunResponses::kCapacity);
  Send(check, path);
  EXPECT_EQ(Drain(agent).size(), 1u);
}

TEST(IceLiteSizeTest, OneAgentTakesLessThanOneAndAHalfKilobytes) {
  // What the strings of one session's credentials allocate comes on top.
  constexpr size_t kStrings = 3 * 48;
  EXPECT_LE(sizeof(IceLite) + kStrings, 1'536u);
}

}  // namespace
}  // namespace remotemedia
