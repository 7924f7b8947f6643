#include "core/ice/ice_controlling.h"

#include <gtest/gtest.h>

#include "core/ice/ice_test_util.h"

namespace remotemedia {
namespace {

using ice_test::Check;
using ice_test::Drain;
using ice_test::PathTo;
using ice_test::SeededRandom;
using ice_test::SentDatagram;

const IceCredentials kLocal{"clientufrag", "the password of the client"};
const IceCredentials kRemote{"serverufrag", "the password of the server"};
constexpr Timestamp kStart = Timestamp::Millis(1'000);

class IceControllingTest : public testing::Test {
 protected:
  // Moves time on to `until`, collecting what is sent and when.
  void RunUntil(Timestamp until) {
    for (;;) {
      for (SentDatagram& datagram : Drain(agent)) sent.push_back({now, std::move(datagram)});
      const auto next = agent.PollTimeout();
      if (!next || *next > until) break;
      now = std::max(now, *next);
      agent.HandleTimeout(now);
    }
    now = until;
  }
  void RunFor(Duration duration) { RunUntil(now + duration); }

  struct Sent {
    Timestamp at;
    SentDatagram datagram;

    StunMessage Message() const { return StunMessage::Parse(datagram.bytes).value(); }
  };

  // An answer to `request` as the peer would give it.
  std::vector<uint8_t> Success(const Sent& request, std::string_view password = kRemote.pwd) {
    std::array<uint8_t, 200> room;
    StunWriter writer(room, StunClass::kSuccess, request.Message().transaction_id);
    const auto bytes = writer.XorMappedAddress(mapped).Finish(password);
    return {bytes.begin(), bytes.end()};
  }
  std::vector<uint8_t> Failure(const Sent& request, StunError error) {
    std::array<uint8_t, 200> room;
    StunWriter writer(room, StunClass::kError, request.Message().transaction_id);
    const auto bytes = writer.ErrorCode(error).Finish(kRemote.pwd);
    return {bytes.begin(), bytes.end()};
  }
  StunResult Answer(const Sent& request) {
    return agent.HandleStun(now, request.datagram.path, Success(request));
  }
  // Runs for `duration` with a peer that answers everything at once.
  void RunAnswering(Duration duration) {
    const Timestamp end = now + duration;
    for (size_t answered = sent.size(); now < end;) {
      RunUntil(std::min(end, std::max(now, agent.PollTimeout().value_or(end))));
      for (; answered < sent.size(); ++answered) Answer(sent[answered]);
    }
  }
  // A check by the peer with the first session's credentials, in the role that is not ours.
  StunResult PeerChecks(const Path& on, bool nominating) {
    Check check = Check::To(kLocal);
    check.sender_ufrag = kRemote.ufrag;
    check.as_controlling = !agent.is_controlling();
    check.as_controlled = agent.is_controlling();
    check.use_candidate = nominating;
    return agent.HandleStun(now, on, check.Bytes());
  }
  // Two paths that work, with the peer in control.
  void BecomeControlled() {
    agent.AddRemoteCandidate(path, 100);
    agent.AddRemoteCandidate(second_path, 50);
    agent.SetRemoteCredentials(kRemote);
    RunFor(Duration::Millis(1));
    agent.HandleStun(now, path, Failure(sent.at(0), StunError::kRoleConflict));
    RunAnswering(Duration::Millis(500));
    ASSERT_FALSE(agent.is_controlling());
    ASSERT_TRUE(agent.IsValidPath(path));
    ASSERT_TRUE(agent.IsValidPath(second_path));
    ASSERT_FALSE(agent.selected_path());
  }
  void Connect() {
    agent.AddRemoteCandidate(path, 100);
    agent.SetRemoteCredentials(kRemote);
    RunAnswering(Duration::Seconds(1));
    ASSERT_EQ(agent.state(), IceState::kConnected);
  }

  const Path path = PathTo("192.0.2.1");
  const Path second_path = PathTo("192.0.2.2");
  const TransportAddress mapped = ice_test::Address("198.51.100.7", 60'000);
  SeededRandom random{1};
  IceControlling agent{IceControllingConfig{}, kLocal, random};
  Timestamp now = kStart;
  std::vector<Sent> sent;
};

TEST_F(IceControllingTest, SendsNothingBeforeItKnowsThePeersCredentials) {
  agent.AddRemoteCandidate(path, 100);
  EXPECT_FALSE(agent.PollTimeout());
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(1));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].datagram.path, path);
  const StunMessage check = sent[0].Message();
  EXPECT_EQ(check.message_class, StunClass::kRequest);
  EXPECT_EQ(check.username, "serverufrag:clientufrag");
  EXPECT_TRUE(check.IsAuthenticBy(kRemote.pwd));
  EXPECT_TRUE(check.has_fingerprint);
  EXPECT_TRUE(check.ice_controlling);
  EXPECT_FALSE(check.ice_controlled);
  EXPECT_FALSE(check.use_candidate);
  EXPECT_EQ(check.priority, 0x6EFFFFFFu);
}

TEST_F(IceControllingTest, StartsOneCheckEvery50MsInOrderOfPriority) {
  const Path paths[] = {PathTo("192.0.2.1"), PathTo("192.0.2.2"), PathTo("192.0.2.3", 5000, 1)};
  agent.AddRemoteCandidate(paths[0], 10);
  agent.AddRemoteCandidate(paths[1], 30);
  agent.AddRemoteCandidate(paths[2], 20);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(400));
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[0].datagram.path, paths[1]);
  EXPECT_EQ(sent[1].datagram.path, paths[2]);
  EXPECT_EQ(sent[2].datagram.path, paths[0]);
  EXPECT_EQ(sent[1].at - sent[0].at, Duration::Millis(50));
  EXPECT_EQ(sent[2].at - sent[1].at, Duration::Millis(50));
}

TEST_F(IceControllingTest, RetransmitsWithDoublingWaitsAndGivesUp) {
  agent.AddRemoteCandidate(path, 100);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Seconds(120));
  std::vector<int64_t> at;
  for (const Sent& each : sent) {
    at.push_back((each.at - sent[0].at).millis());
    EXPECT_EQ(each.datagram.bytes, sent[0].datagram.bytes);
  }
  EXPECT_EQ(at, (std::vector<int64_t>{0, 500, 1'500, 3'500, 7'500, 15'500, 31'500}));
  EXPECT_EQ(agent.state(), IceState::kNew);
  EXPECT_FALSE(agent.PollTimeout());
  EXPECT_EQ(Answer(sent[0]), StunResult::kIgnored);
}

TEST_F(IceControllingTest, NominatesAPathThatWorksAndSelectsItWhenThatIsAnswered) {
  agent.AddRemoteCandidate(path, 100);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(20));
  EXPECT_EQ(Answer(sent.at(0)), StunResult::kHandled);
  EXPECT_EQ(agent.mapped_address(), mapped);
  EXPECT_TRUE(agent.IsValidPath(path));
  EXPECT_FALSE(agent.selected_path());
  RunFor(Duration::Millis(50));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_TRUE(sent[1].Message().use_candidate);
  EXPECT_NE(sent[1].Message().transaction_id, sent[0].Message().transaction_id);
  EXPECT_EQ(agent.state(), IceState::kNew);
  Answer(sent[1]);
  EXPECT_EQ(agent.state(), IceState::kConnected);
  EXPECT_EQ(agent.selected_path(), path);
}

TEST_F(IceControllingTest, WaitsALittleForABetterPathBeforeItNominates) {
  const Path better = PathTo("192.0.2.2");
  agent.AddRemoteCandidate(path, 100);
  agent.AddRemoteCandidate(better, 200);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(60));
  ASSERT_EQ(sent.size(), 2u);
  Answer(sent[1]);
  RunFor(Duration::Millis(90));
  EXPECT_EQ(sent.size(), 2u);
  Answer(sent[0]);
  RunFor(Duration::Millis(1));
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_TRUE(sent[2].Message().use_candidate);
  EXPECT_EQ(sent[2].datagram.path, better);
}

TEST_F(IceControllingTest, NominatesTheSecondBestWhenTheBestDoesNotAnswerInTime) {
  agent.AddRemoteCandidate(path, 100);
  agent.AddRemoteCandidate(PathTo("192.0.2.2"), 200);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(60));
  Answer(sent.at(1));
  RunFor(Duration::Millis(100));
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_TRUE(sent[2].Message().use_candidate);
  EXPECT_EQ(sent[2].datagram.path, path);
}

TEST_F(IceControllingTest, GivesBetterPathsTheSameTimeAgainAfterARestart) {
  agent.AddRemoteCandidate(second_path, 200);
  Connect();
  agent.RestartIce({"seconduf", "another password of the client"});
  agent.SetRemoteCredentials({"newserver", kRemote.pwd});
  sent.clear();
  RunFor(Duration::Millis(60));
  ASSERT_EQ(sent.at(1).datagram.path, path);
  Answer(sent[1]);
  RunFor(Duration::Millis(90));
  EXPECT_EQ(sent.size(), 2u);
  RunFor(Duration::Millis(10));
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_TRUE(sent[2].Message().use_candidate);
}

TEST_F(IceControllingTest, GivesUpANominationThatFailsAndTriesTheNextPath) {
  const Path better = PathTo("192.0.2.2");
  agent.AddRemoteCandidate(path, 100);
  agent.AddRemoteCandidate(better, 200);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(60));
  Answer(sent.at(0));
  Answer(sent.at(1));
  RunFor(Duration::Millis(60));
  ASSERT_EQ(sent.at(2).datagram.path, better);
  agent.HandleStun(now, better, Failure(sent[2], StunError::kBadRequest));
  RunFor(Duration::Millis(60));
  ASSERT_EQ(sent.size(), 4u);
  EXPECT_TRUE(sent[3].Message().use_candidate);
  EXPECT_EQ(sent[3].datagram.path, path);
}

TEST_F(IceControllingTest, IgnoresAnswersThatAreForged) {
  agent.AddRemoteCandidate(path, 100);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(1));
  const Sent& request = sent.at(0);

  EXPECT_EQ(agent.HandleStun(now, path, Success(request, "the password of a stranger")),
            StunResult::kUnauthenticated);
  EXPECT_EQ(agent.HandleStun(now, PathTo("192.0.2.66"), Success(request)), StunResult::kIgnored);

  std::array<uint8_t, 200> room;
  StunWriter other(room, StunClass::kSuccess, TransactionId{1, 2, 3});
  EXPECT_EQ(agent.HandleStun(now, path, other.XorMappedAddress(mapped).Finish(kRemote.pwd)),
            StunResult::kIgnored);
  StunWriter mapless(room, StunClass::kSuccess, request.Message().transaction_id);
  EXPECT_EQ(agent.HandleStun(now, path, mapless.Finish(kRemote.pwd)), StunResult::kIgnored);

  EXPECT_FALSE(agent.IsValidPath(path));
  EXPECT_FALSE(agent.mapped_address());
  EXPECT_EQ(Answer(request), StunResult::kHandled);
  EXPECT_TRUE(agent.IsValidPath(path));
  EXPECT_EQ(Answer(request), StunResult::kIgnored);
}

TEST_F(IceControllingTest, TakesTheOtherRoleAfter487AndChecksAgain) {
  agent.AddRemoteCandidate(path, 100);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(1));
  const uint64_t first_tie_breaker = sent.at(0).Message().ice_controlling.value();
  EXPECT_EQ(agent.HandleStun(now, path, Failure(sent[0], StunError::kRoleConflict)),
            StunResult::kHandled);
  EXPECT_FALSE(agent.is_controlling());
  RunFor(Duration::Millis(100));
  ASSERT_EQ(sent.size(), 2u);
  ASSERT_TRUE(sent[1].Message().ice_controlled);
  EXPECT_NE(sent[1].Message().ice_controlled, first_tie_breaker);
  Answer(sent[1]);
  RunFor(Duration::Seconds(1));
  EXPECT_EQ(sent.size(), 2u) << "the controlled agent does not nominate";

  EXPECT_EQ(PeerChecks(path, true), StunResult::kHandled);
  EXPECT_EQ(agent.selected_path(), path);
  EXPECT_EQ(agent.state(), IceState::kConnected);
}

TEST_F(IceControllingTest, ALate487DoesNotUndoARoleThatIsSettled) {
  agent.AddRemoteCandidate(path, 100);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(1));
  std::array<uint8_t, 200> room;
  StunWriter claim(room, StunClass::kRequest, TransactionId{});
  agent.HandleStun(
      now, path,
      claim.Username(kLocal.ufrag, kRemote.ufrag).IceControlling(UINT64_MAX).Finish(kLocal.pwd));
  ASSERT_FALSE(agent.is_controlling());
  agent.HandleStun(now, path, Failure(sent.at(0), StunError::kRoleConflict));
  EXPECT_FALSE(agent.is_controlling());
}

TEST_F(IceControllingTest, FollowsTheNominationsOfAPeerInControl) {
  BecomeControlled();
  PeerChecks(path, true);
  EXPECT_EQ(agent.selected_path(), path);
  PeerChecks(second_path, true);
  EXPECT_EQ(agent.selected_path(), second_path);
  PeerChecks(path, false);
  EXPECT_EQ(agent.selected_path(), second_path);
}

TEST_F(IceControllingTest, ThePeersOwnChecksAreNoConsentAndNominateNothingOnceItIsLost) {
  BecomeControlled();
  PeerChecks(path, true);
  for (int second = 0; second < 29; ++second) {
    RunFor(Duration::Seconds(1));
    PeerChecks(path, true);
  }
  EXPECT_EQ(agent.state(), IceState::kConnected);
  RunFor(Duration::Seconds(1));
  EXPECT_EQ(agent.state(), IceState::kDisconnected);
  PeerChecks(second_path, true);
  EXPECT_EQ(agent.state(), IceState::kDisconnected);
  EXPECT_EQ(agent.selected_path(), path);
}

TEST_F(IceControllingTest, AnswersChecksOfThePreviousSessionWithoutCheckingBack) {
  Connect();
  agent.RestartIce({"seconduf", "another password of the client"});
  agent.SetRemoteCredentials({"newserver", kRemote.pwd});
  sent.clear();
  const Path stray = PathTo("203.0.113.5");
  EXPECT_EQ(PeerChecks(stray, false), StunResult::kHandled);
  RunFor(Duration::Seconds(1));
  std::vector<StunClass> sent_there;
  for (const Sent& each : sent) {
    if (each.datagram.path == stray) sent_there.push_back(each.Message().message_class);
  }
  EXPECT_EQ(sent_there, std::vector{StunClass::kSuccess});
}

TEST_F(IceControllingTest, AnswersThePeersChecksAndChecksBack) {
  agent.SetRemoteCredentials(kRemote);
  const Path reflexive = PathTo("203.0.113.5");
  EXPECT_EQ(PeerChecks(reflexive, false), StunResult::kHandled);
  RunFor(Duration::Millis(1));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].Message().xor_mapped_address, reflexive.remote);
  EXPECT_TRUE(sent[0].Message().IsAuthenticBy(kLocal.pwd));
  EXPECT_EQ(sent[1].datagram.path, reflexive);
  EXPECT_FALSE(agent.IsValidPath(reflexive));
  Answer(sent[1]);
  EXPECT_TRUE(agent.IsValidPath(reflexive));
}

TEST_F(IceControllingTest, RefusesUnauthenticatedAndContradictoryRequests) {
  Check wrong = Check::To(kLocal);
  wrong.password = "not the password";
  EXPECT_EQ(agent.HandleStun(now, path, wrong.Bytes()), StunResult::kUnauthenticated);
  Check both = Check::To(kLocal);
  both.as_controlled = true;
  EXPECT_EQ(agent.HandleStun(now, path, both.Bytes()), StunResult::kRejected);
  Check strange = Check::To(kLocal);
  strange.extra_attributes = {0x7001};
  EXPECT_EQ(agent.HandleStun(now, path, strange.Bytes()), StunResult::kRejected);
  RunFor(Duration::Millis(1));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].Message().error_code, 400);
  EXPECT_EQ(sent[1].Message().error_code, 420);
}

TEST_F(IceControllingTest, TheHigherTieBreakerControls) {
  agent.AddRemoteCandidate(path, 100);
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(1));
  const uint64_t ours = sent.at(0).Message().ice_controlling.value();
  const auto claim = [&](uint64_t tie_breaker) {
    std::array<uint8_t, 200> room;
    StunWriter writer(room, StunClass::kRequest, TransactionId{});
    return agent.HandleStun(now, path,
                            writer.Username(kLocal.ufrag, kRemote.ufrag)
                                .IceControlling(tie_breaker)
                                .Finish(kLocal.pwd));
  };
  EXPECT_EQ(claim(ours), StunResult::kRejected);
  EXPECT_TRUE(agent.is_controlling());
  EXPECT_EQ(claim(ours + 1), StunResult::kHandled);
  EXPECT_FALSE(agent.is_controlling());
  RunFor(Duration::Millis(1));
  EXPECT_EQ(sent.at(1).Message().error_code, 487);
  EXPECT_EQ(sent.at(2).Message().message_class, StunClass::kSuccess);
}

TEST_F(IceControllingTest, ThePeerCanFillTheCandidateTableOnlyToItsBound) {
  agent.SetRemoteCredentials(kRemote);
  for (uint16_t port = 1; port <= 500; ++port) {
    EXPECT_EQ(PeerChecks(PathTo("203.0.113.5", port), false), StunResult::kHandled);
    Drain(agent);
  }
  RunFor(Duration::Seconds(2));
  std::vector<Path> checked;
  for (const Sent& each : sent) checked.push_back(each.datagram.path);
  std::sort(checked.begin(), checked.end());
  checked.erase(std::unique(checked.begin(), checked.end()), checked.end());
  EXPECT_EQ(checked.size(), IceControlling::kMaxPairs);
  EXPECT_FALSE(agent.AddRemoteCandidate(path, 1));
  EXPECT_TRUE(agent.AddRemoteCandidate(checked[0], 1)) << "one it has already";
}

TEST_F(IceControllingTest, ChecksConsentEvery4To6Seconds) {
  Connect();
  sent.clear();
  RunAnswering(Duration::Seconds(300));
  ASSERT_GT(sent.size(), 49u);
  bool varied = false;
  for (size_t i = 1; i < sent.size(); ++i) {
    const Duration gap = sent[i].at - sent[i - 1].at;
    EXPECT_GE(gap, Duration::Seconds(4));
    EXPECT_LE(gap, Duration::Seconds(6));
    varied |= gap != sent[1].at - sent[0].at;
    EXPECT_NE(sent[i].Message().transaction_id, sent[i - 1].Message().transaction_id);
    EXPECT_TRUE(sent[i].Message().use_candidate);
  }
  EXPECT_TRUE(varied);
  EXPECT_EQ(agent.state(), IceState::kConnected);
}

TEST_F(IceControllingTest, StopsSendingWhenConsentExpiresAndStaysSilentUntilARestart) {
  Connect();
  sent.clear();
  const Timestamp connected = now;
  RunFor(Duration::Millis(28'000));
  EXPECT_EQ(agent.state(), IceState::kConnected);
  agent.HandleAuthenticatedPacket(now, path);
  RunUntil(connected + Duration::Seconds(30));
  EXPECT_EQ(agent.state(), IceState::kDisconnected);
  EXPECT_FALSE(agent.PollTimeout());
  const Sent last = sent.back();
  sent.clear();
  EXPECT_EQ(Answer(last), StunResult::kIgnored);
  RunFor(Duration::Seconds(60));
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(agent.selected_path(), path);

  agent.RestartIce({"seconduf", "another password of the client"});
  EXPECT_FALSE(agent.PollTimeout());
  agent.SetRemoteCredentials({"newserver", kRemote.pwd});
  RunAnswering(Duration::Seconds(1));
  EXPECT_EQ(agent.state(), IceState::kConnected);
  EXPECT_EQ(sent.at(0).Message().username, "newserver:seconduf");
}

TEST_F(IceControllingTest, ChecksGoOnWithTheOldCredentialsUntilTheNewOnesOfThePeerAreKnown) {
  Connect();
  agent.RestartIce({"seconduf", "another password of the client"});
  sent.clear();
  RunAnswering(Duration::Seconds(10));
  ASSERT_FALSE(sent.empty());
  for (const Sent& each : sent) EXPECT_EQ(each.Message().username, "serverufrag:clientufrag");
  EXPECT_TRUE(agent.AcceptsUfrag(kLocal.ufrag));
  EXPECT_TRUE(agent.AcceptsUfrag("seconduf"));
}

TEST_F(IceControllingTest, SettingTheSameRemoteCredentialsAgainDisturbsNothing) {
  Connect();
  sent.clear();
  agent.SetRemoteCredentials(kRemote);
  RunFor(Duration::Millis(500));
  EXPECT_TRUE(sent.empty());
}

}  // namespace
}  // namespace remotemedia
