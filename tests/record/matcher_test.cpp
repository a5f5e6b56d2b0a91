// Which packet a word of the kernel comes to stand on: packets and events as a machine would give them, in
// microseconds, and what is then written.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/matcher.h"

#include <gtest/gtest.h>

namespace tcpwave::record {
namespace {

using enum State;

constexpr std::int64_t kMicrosecond = 1'000, kWait = 100'000 * kMicrosecond;
constexpr std::int64_t kBegin = 1'000'000 * kMicrosecond;
const End kClient{{{192, 0, 2, 1}, false}, 40000}, kServer{{{192, 0, 2, 2}, false}, 80};

class Matching : public testing::Test {
 protected:
  void packet(std::int64_t us, const End& from, std::uint8_t flags, std::uint32_t seq = 0,
              std::uint32_t ack = 0) {
    Packet packet;
    packet.time_ns = kBegin + us * kMicrosecond;
    Segment& segment = packet.segment.emplace();
    const End& to = from == kClient ? kServer : kClient;
    segment.source = from.address;
    segment.source_port = from.port;
    segment.destination = to.address;
    segment.destination_port = to.port;
    segment.flags.bits = flags;
    segment.seq = Seq(seq);
    segment.ack = Seq(ack);
    matcher.add(std::move(packet));
  }
  static Event event(std::int64_t us, Event::Kind kind, const End& local) {
    Event event;
    event.kind = kind;
    event.time_ns = kBegin + us * kMicrosecond;
    event.local = local;
    event.remote = local == kClient ? kServer : kClient;
    return event;
  }
  void state(std::int64_t us, const End& local, State from, State to) {
    Event change = event(us, Event::Kind::SetState, local);
    change.from = from;
    change.to = to;
    matcher.add(std::move(change));
  }
  void reset(std::int64_t us, const End& local, const char* reason,
             std::optional<bool> answers = {}) {
    Event sent = event(us, Event::Kind::SendReset, local);
    sent.answers = answers;
    sent.reset_reason = reason;
    matcher.add(std::move(sent));
  }
  void take(Packet& packet) {
    std::string line;
    for (const Word& word : packet.words) {
      if (!line.empty()) line += " | ";
      line += word.end == kClient ? "C" : "S";
      for (std::size_t i = 0; i < word.states.size(); ++i)
        line += (i == 0 ? " " : ">") + std::string(name(word.states[i]));
      if (word.receives_reset) line += " receives";
      if (word.sends_reset) line += " sends";
      if (!word.reset_reason.empty()) line += " " + word.reset_reason;
      if (word.process.known()) line += " " + word.process.name;
    }
    lines.push_back(line);
  }
  std::vector<std::string> written() {
    matcher.finish([this](Packet& packet) { take(packet); });
    return lines;
  }
  void advance(std::int64_t us) {
    matcher.advance(kBegin + us * kMicrosecond, [this](Packet& packet) { take(packet); });
  }

  static constexpr std::uint8_t kFin = Flags::kFin | Flags::kAck, kAck = Flags::kAck,
                                kRst = Flags::kRst | Flags::kAck;
  std::optional<State> answer;
  std::vector<std::string> lines;
  std::vector<End> wondered;
  std::optional<Process> listener;
  Matcher matcher{[this](const End&, const End&) { return answer; },
                  [this](const End& local, const End&) {
                    wondered.push_back(local);
                    return local == kServer ? listener : std::nullopt;
                  },
                  kWait};
};

using Lines = std::vector<std::string>;

TEST_F(Matching, OpenIsToldOnTheSegmentsThatCauseIt) {
  Event connecting = event(0, Event::Kind::SetState, kClient);
  connecting.from = Closed;
  connecting.to = SynSent;
  connecting.local.port = 0;  // not chosen yet
  connecting.caller = {"curl", 7, kernel::Owner::Call, 1};
  matcher.add(std::move(connecting));
  packet(10, kClient, Flags::kSyn);
  packet(20, kServer, Flags::kSyn | Flags::kAck);
  state(25, kClient, SynSent, Established);
  packet(30, kClient, kAck);
  state(35, kServer, Listen, SynReceived);
  state(36, kServer, SynReceived, Established);
  EXPECT_EQ(written(), (Lines{"C CLOSED>SYN_SENT curl", "C SYN_SENT>ESTABLISHED",
                              "S LISTEN>SYN_RECEIVED>ESTABLISHED"}));
  EXPECT_EQ(wondered, (std::vector<End>{kClient, kClient, kServer}));
  EXPECT_EQ(matcher.counts().without_packet, 0U);
  EXPECT_EQ(matcher.connections(), 1U);
}

TEST_F(Matching, AnAcceptedSocketIsItsListenersUntilItsOwnerIsFound) {
  listener = Process{"nginx", 7, kernel::Owner::Listener, 1};
  packet(0, kClient, kAck, 1, 1);
  state(5, kServer, SynReceived, Established);
  packet(100, kClient, kFin, 1, 1);
  state(105, kServer, Established, CloseWait);
  EXPECT_EQ(written(), (Lines{"S SYN_RECEIVED>ESTABLISHED nginx", "S ESTABLISHED>CLOSE_WAIT"}));
}

TEST_F(Matching, CloseIsToldOnTheFinsAndTheirAcks) {
  answer = TimeWait;
  packet(0, kClient, kAck, 1, 1);
  state(90, kClient, Established, FinWait1);
  packet(100, kClient, kFin, 1, 1);
  state(105, kServer, Established, CloseWait);
  packet(110, kServer, kAck, 1, 2);
  state(115, kClient, FinWait1, FinWait2);
  state(195, kServer, CloseWait, LastAck);
  packet(200, kServer, kFin, 1, 2);
  state(205, kClient, FinWait2,
        Closed);  // Linux: the socket is gone, TIME_WAIT is something smaller
  packet(210, kClient, kAck, 2, 2);
  state(215, kServer, LastAck, Closed);
  EXPECT_EQ(
      written(),
      (Lines{"", "C ESTABLISHED>FIN_WAIT_1 | S ESTABLISHED>CLOSE_WAIT", "C FIN_WAIT_1>FIN_WAIT_2",
             "S CLOSE_WAIT>LAST_ACK | C FIN_WAIT_2>TIME_WAIT", "S LAST_ACK>CLOSED"}));
  EXPECT_EQ(matcher.connections(), 0U);
}

TEST_F(Matching, AShortConnectionIsOverBeforeItsFirstEventIsLookedAt) {
  packet(0, kServer, Flags::kSyn | Flags::kAck, 0, 1);
  packet(10, kClient, kAck, 1, 1);
  packet(20, kServer, kFin, 1, 1);
  packet(30, kClient, kFin, 1, 2);
  state(11, kServer, Listen, SynReceived);
  state(12, kServer, SynReceived, Established);
  state(19, kServer, Established, FinWait1);
  state(31, kServer, FinWait1, FinWait2);
  answer = TimeWait;
  state(32, kServer, FinWait2, Closed);
  EXPECT_EQ(written(), (Lines{"", "S LISTEN>SYN_RECEIVED>ESTABLISHED", "S ESTABLISHED>FIN_WAIT_1",
                              "S FIN_WAIT_1>FIN_WAIT_2>TIME_WAIT"}));
}

TEST_F(Matching, TheLastAckIsFoundInAShortConnection) {
  packet(10, kClient, kAck, 1, 1);
  packet(20, kServer, kFin, 1, 2);
  packet(30, kClient, kAck, 2, 2);
  state(11, kServer, Listen, SynReceived);
  state(12, kServer, SynReceived, CloseWait);
  state(19, kServer, CloseWait, LastAck);
  state(31, kServer, LastAck, Closed);
  EXPECT_EQ(written(), (Lines{"S LISTEN>SYN_RECEIVED>CLOSE_WAIT", "S CLOSE_WAIT>LAST_ACK",
                              "S LAST_ACK>CLOSED"}));
}

TEST_F(Matching, AFinThatHasToWaitForItsTurnKeepsTheWord) {
  state(0, kClient, Established, FinWait1);
  packet(10, kClient, kAck, 1, 1);  // data that was written before close()
  advance(150'000);
  packet(900'000, kClient, kFin, 2, 1);
  EXPECT_EQ(written(), (Lines{"", "C ESTABLISHED>FIN_WAIT_1"}));
}

TEST_F(Matching, AFinThatIsNeverSentIsToldWithWhatEndsTheSocket) {
  state(0, kClient, Established, FinWait1);
  packet(500, kServer, kRst, 1, 1);
  matcher.add(event(505, Event::Kind::ReceiveReset, kClient));
  state(506, kClient, FinWait1, Closed);
  EXPECT_EQ(written(), (Lines{"C ESTABLISHED>FIN_WAIT_1>CLOSED receives"}));
}

TEST_F(Matching, AnAbortIsToldOnItsRst) {
  state(0, kServer, Established, Closed);
  packet(5, kServer, kRst, 1, 1);
  reset(8, kServer, "TCP_ABORT_ON_CLOSE");
  matcher.add(event(10, Event::Kind::ReceiveReset, kClient));
  state(11, kClient, Established, Closed);
  EXPECT_EQ(
      written(),
      (Lines{"S ESTABLISHED>CLOSED sends TCP_ABORT_ON_CLOSE | C ESTABLISHED>CLOSED receives"}));
}

TEST_F(Matching, ASocketThatIsResetByWhatItReceivesHasEndedThere) {
  packet(0, kServer, kAck, 1, 2);
  state(5, kClient, FinWait1, FinWait2);
  packet(100, kServer, Flags::kPsh | kAck, 1, 2);
  reset(105, kClient, "TCP_ABORT_ON_DATA");
  state(107, kClient, FinWait2, Closed);
  packet(110, kClient, Flags::kRst, 2);
  EXPECT_EQ(written(),
            (Lines{"C FIN_WAIT_1>FIN_WAIT_2", "C FIN_WAIT_2>CLOSED", "C sends TCP_ABORT_ON_DATA"}));
}

TEST_F(Matching, AnAbortAndAnAnswerAtTheSameTimeHaveTheirOwnReasons) {
  packet(100, kServer, Flags::kPsh | kAck, 1, 2);
  reset(106, kClient, "NO_SOCKET", true);
  packet(107, kClient, kRst, 2, 1);
  reset(109, kClient, "TCP_ABORT_ON_CLOSE", false);
  packet(112, kClient, Flags::kRst, 2);
  EXPECT_EQ(written(), (Lines{"", "C sends TCP_ABORT_ON_CLOSE", "C sends NO_SOCKET"}));
}

TEST_F(Matching, WhatIsLeftOfASocketInFinWait2IsGoneWithItsRst) {
  answer = FinWait2;
  packet(0, kServer, kAck, 1, 2);
  state(5, kClient, FinWait1, FinWait2);
  state(6, kClient, FinWait2, Closed);
  packet(300'000, kServer, Flags::kPsh | kAck, 1, 2);
  packet(300'010, kClient, Flags::kRst, 2);
  advance(290'000);
  reset(300'004, kClient, "TCP_TIMEWAIT_SOCKET", true);
  EXPECT_EQ(written(), (Lines{"C FIN_WAIT_1>FIN_WAIT_2", "C FIN_WAIT_2>CLOSED",
                              "C sends TCP_TIMEWAIT_SOCKET"}));
}

TEST_F(Matching, SoItIsWhereItHadGoneBeforeItWasAskedFor) {
  packet(0, kServer, kAck, 1, 2);
  state(5, kClient, FinWait1, FinWait2);
  state(6, kClient, FinWait2, Closed);
  packet(60'000, kServer, Flags::kPsh | kAck, 1, 2);
  reset(60'004, kClient, "TCP_TIMEWAIT_SOCKET", true);
  packet(60'010, kClient, Flags::kRst, 2);
  EXPECT_EQ(written(), (Lines{"C FIN_WAIT_1>FIN_WAIT_2", "C FIN_WAIT_2>CLOSED",
                              "C sends TCP_TIMEWAIT_SOCKET"}));
}

TEST_F(Matching, ATimeoutIsNotToldOnTheNextConnection) {
  packet(0, kServer, kAck, 1, 2);
  state(5, kClient, FinWait1, FinWait2);
  state(50'000'000, kClient, FinWait2, Closed);
  advance(51'000'000);
  packet(60'000'000, kServer, Flags::kSyn, 5000);
  EXPECT_EQ(written(), (Lines{"C FIN_WAIT_1>FIN_WAIT_2", ""}));
  EXPECT_EQ(matcher.counts().without_packet, 1U);
}

TEST_F(Matching, ARstWithoutASocketHasItsReasonWhicheverWayItsEndsAreNamed) {
  packet(0, kClient, Flags::kSyn);
  packet(5, kServer, kRst, 0, 1);
  reset(4, kClient, "NO_SOCKET");
  EXPECT_EQ(written(), (Lines{"", "S sends NO_SOCKET"}));
}

TEST_F(Matching, EachOfTwoRstsHasItsOwnReason) {
  packet(0, kServer, kRst, 1, 1);
  packet(50, kServer, Flags::kRst, 1);
  reset(2, kServer, "TCP_STATE");
  reset(48, kServer, "NO_SOCKET");
  EXPECT_EQ(written(), (Lines{"S sends TCP_STATE", "S sends NO_SOCKET"}));
}

TEST_F(Matching, FinWait2WithoutASocketIsAskedForAtTheFin) {
  packet(0, kClient, kFin, 1, 1);
  packet(5, kServer, kAck, 1, 2);
  state(7, kClient, FinWait1, FinWait2);
  state(8, kClient, FinWait2, Closed);
  answer = FinWait2;
  advance(110'000);
  packet(500'000, kServer, kFin, 1, 2);
  answer = TimeWait;
  EXPECT_EQ(written(), (Lines{"", "C FIN_WAIT_1>FIN_WAIT_2", "C FIN_WAIT_2>TIME_WAIT"}));
}

TEST_F(Matching, ATimeoutIsToldOnTheNextPacketOrNotAtAll) {
  packet(0, kClient, kAck, 1, 1);
  state(400, kClient, Established, Closed);
  advance(150'000);
  packet(900'000, kServer, kAck, 1, 1);
  EXPECT_EQ(written(), (Lines{"", "C ESTABLISHED>CLOSED"}));
}

TEST_F(Matching, WhatNoPacketFollowsIsCountedAndForgotten) {
  packet(0, kClient, kAck, 1, 1);
  state(400, kClient, Established, Closed);
  advance(1'000'000);
  EXPECT_EQ(matcher.connections(), 1U);
  advance(200'000'000);
  EXPECT_EQ(matcher.connections(), 0U);
  EXPECT_EQ(matcher.counts().without_packet, 1U);
}

TEST_F(Matching, ASocketThatWasThereIsIntroduced) {
  packet(-10, kClient, kAck, 2, 1);  // still waiting to be read when we asked
  matcher.add_socket(kServer, kClient, CloseWait, {"nginx", 77, kernel::Owner::Descriptor, 1},
                     kBegin);
  packet(-5, kClient, kAck, 2, 1);
  packet(0, kClient, kAck, 2, 1);
  packet(10, kClient, kAck, 2, 1);
  EXPECT_EQ(written(), (Lines{"", "", "S CLOSE_WAIT nginx", ""}));
}

TEST_F(Matching, AnOwnerThatIsFoundLaterIsToldOnTheNextPacket) {
  packet(0, kClient, kAck, 1, 1);
  state(1, kServer, Listen, SynReceived);
  state(2, kServer, SynReceived, Established);
  advance(150'000);
  matcher.add_process(kServer, kClient, {"nginx", 77, kernel::Owner::Descriptor, 1});
  packet(300'000, kClient, kAck, 1, 1);
  packet(300'010, kClient, kAck, 1, 1);
  EXPECT_EQ(written(), (Lines{"S LISTEN>SYN_RECEIVED>ESTABLISHED", "S nginx", ""}));
}

TEST_F(Matching, PacketsThatAreNotTcpPassInTheirOrder) {
  packet(0, kClient, kAck, 1, 1);
  Packet other;
  other.time_ns = kBegin + kMicrosecond;
  other.bytes = {1, 2, 3};
  matcher.add(std::move(other));
  packet(2, kClient, kAck, 1, 1);
  advance(200'002);
  EXPECT_EQ(lines.size(), 3U);
}

TEST_F(Matching, AListenerIsNoConnection) {
  Event listening = event(0, Event::Kind::SetState, kServer);
  listening.remote = {};
  listening.from = Closed;
  listening.to = Listen;
  matcher.add(std::move(listening));
  EXPECT_EQ(written(), Lines{});
  EXPECT_EQ(matcher.connections(), 0U);
}

TEST_F(Matching, AFloodOfSynsLeavesNothing) {
  for (std::uint16_t port = 1; port < 20'000; ++port) {
    Packet packet;
    packet.time_ns = kBegin + port * kMicrosecond;
    Segment& segment = packet.segment.emplace();
    segment.source = kClient.address;
    segment.source_port = port;
    segment.destination = kServer.address;
    segment.destination_port = 80;
    segment.flags.bits = Flags::kSyn;
    matcher.add(std::move(packet));
  }
  advance(1'000'000);
  EXPECT_EQ(lines.size(), 19'999U);
  EXPECT_EQ(matcher.connections(), 0U);
}

}  // namespace
}  // namespace tcpwave::record
