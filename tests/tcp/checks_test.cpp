// The edges of the checks: each comparison of checks.cpp at its last number that passes, and one beyond.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/checks.h"

#include <gtest/gtest.h>

#include <utility>

namespace tcpwave {

/// The checks ask of a state, however the endpoint has come there.
struct StateForTest {
  static void set(Endpoint& end, State state) { end.state.value_ = state; }
};

namespace {

void set_state(Endpoint& end, State state) { StateForTest::set(end, state); }

constexpr std::uint32_t kClientIsn = 1000, kServerIsn = 5000;

/// An open connection: end A, the client, has sent up to 1100 and all of it was taken; end B up to 5200.
/// A takes up to 9000, B up to 3000.
Model open_connection() {
  Model m;
  Endpoint& a = m.of(End::A);
  Endpoint& b = m.of(End::B);
  for (Endpoint* e : {&a, &b}) {
    set_state(*e, State::Established);
    e->iss_known = e->snd_known = e->una_known = e->rcv_known = e->window_known = e->acked = true;
    e->last_window = 500;
  }
  a.iss = Seq(kClientIsn);
  b.iss = Seq(kServerIsn);
  a.snd_nxt = a.snd_max = a.snd_una = b.rcv_nxt = b.highest_ack = Seq(1100);
  b.snd_nxt = b.snd_max = b.snd_una = a.rcv_nxt = a.highest_ack = Seq(5200);
  a.rcv_right = Seq(9000);
  b.rcv_right = Seq(3000);
  return m;
}

SegmentRecord from_a(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                     std::uint32_t payload = 0) {
  SegmentRecord r;
  r.flags = Flags{flags};
  r.seq = Seq(seq);
  r.ack = Seq(ack);
  r.payload = payload;
  r.window = 500;
  return r;
}

SeqCheck seq_check(const Model& m, SegmentRecord r) { return check_numbers(m, Facts{}, r).seq; }
AckCheck ack_check(Model m, SegmentRecord r, bool peer_seen = true) {
  m.seen = {true, peer_seen};
  return check_numbers(m, Facts{}, r).ack;
}
bool is_before_isn(const Model& m, SegmentRecord r) {
  return check_numbers(m, Facts{}, r).has(Note::BeforeIsn);
}

constexpr std::uint8_t kAck = Flags::kAck, kRst = Flags::kRst, kFin = Flags::kFin,
                       kSyn = Flags::kSyn;

TEST(Checks, ARstIsExactOrWrongInTheWindowOrOutOfIt) {
  const Model m = open_connection();
  EXPECT_EQ(seq_check(m, from_a(kRst, 1100, 0)), SeqCheck::Ok);
  EXPECT_EQ(seq_check(m, from_a(kRst, 1101, 0)), SeqCheck::Wrong);
  EXPECT_EQ(seq_check(m, from_a(kRst, 3000, 0)), SeqCheck::Wrong);
  EXPECT_EQ(seq_check(m, from_a(kRst, 3001, 0)), SeqCheck::OutOfWindow);
  EXPECT_EQ(seq_check(m, from_a(kRst, 1099, 0)), SeqCheck::OutOfWindow);
}

TEST(Checks, ARstMayBeAnywhereInAWindowThatIsNotKnown) {
  Model m = open_connection();
  m.of(End::B).window_known = false;
  EXPECT_EQ(seq_check(m, from_a(kRst, 3001, 0)), SeqCheck::Wrong);
}

TEST(Checks, ARstOfAnEndThatIsGoneAnswersWithANumberItHasSent) {
  Model m = open_connection();
  set_state(m.of(End::A), State::Closed);
  EXPECT_EQ(seq_check(m, from_a(kRst, 1090, 0)), SeqCheck::Ok);
  EXPECT_EQ(seq_check(m, from_a(kRst, 1101, 0)), SeqCheck::Wrong);
  m.of(End::B).rcv_nxt = Seq(1050);  // the last 50 octets have not arrived
  EXPECT_EQ(seq_check(m, from_a(kRst, 1100, 0)), SeqCheck::Ok);
  m.of(End::B).rcv_nxt = Seq(1100);
  m.of(End::A).snd_known = false;
  EXPECT_EQ(seq_check(m, from_a(kRst, 1090, 0)), SeqCheck::OutOfWindow);
}

TEST(Checks, ASynAgainIsARetransmissionOrForged) {
  Model m = open_connection();
  m.steps.handshake[0][0] = 0;
  EXPECT_EQ(seq_check(m, from_a(kSyn, kClientIsn, 0)), SeqCheck::Retransmission);
  EXPECT_EQ(seq_check(m, from_a(kSyn, kClientIsn + 1, 0)), SeqCheck::Ok);
  SegmentRecord forged = from_a(kSyn, kClientIsn, 0);
  forged.unattributable = true;
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Wrong);
  forged.seq = Seq(kClientIsn + 1);
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Wrong);
}

TEST(Checks, TheFirstSynIsInOrderUnlessForged) {
  const Model m = open_connection();
  EXPECT_EQ(seq_check(m, from_a(kSyn, kClientIsn, 0)), SeqCheck::Ok);
  SegmentRecord forged = from_a(kSyn, kClientIsn, 0);
  forged.unattributable = true;
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Wrong);
}

TEST(Checks, BeforeTheIsnNothingCanBe) {
  Model m = open_connection();
  EXPECT_TRUE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
  EXPECT_FALSE(is_before_isn(m, from_a(kAck, kClientIsn, 5200)));
  m.of(End::A).snd_max = Seq(kClientIsn);
  EXPECT_TRUE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
}

TEST(Checks, FarFromTheIsnNothingIsSaidToBeBeforeIt) {
  Model m = open_connection();
  EXPECT_TRUE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
  m.of(End::A).isn_far = true;  // it has sent a gibibyte, and for good: numbers wrap
  EXPECT_FALSE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
  EXPECT_TRUE(is_near(Seq(kClientIsn), Seq(kClientIsn + (1U << 30) - 1)));
  EXPECT_FALSE(is_near(Seq(kClientIsn), Seq(kClientIsn + (1U << 30))));
  EXPECT_FALSE(is_near(Seq(kClientIsn), Seq(kClientIsn + (3U << 30))));
}

TEST(Checks, DataAtTheWindowsEdgeProbe) {
  Model m = open_connection();
  m.of(End::B).rcv_right = Seq(1100);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1100, 5200, 1)), SeqCheck::WindowProbe);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1100, 5200)), SeqCheck::Ok);
  m.of(End::B).rcv_right = Seq(1101);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1100, 5200, 1)), SeqCheck::Ok);
  m.of(End::B).window_known = false;
  m.of(End::B).rcv_right = Seq(1100);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1100, 5200, 1)), SeqCheck::Ok);
}

TEST(Checks, WhatFillsAHoleIsInOrder) {
  Model m = open_connection();
  m.of(End::A).hole_from = Seq(1050);
  m.of(End::A).hole_to = Seq(1080);
  m.of(End::B).rcv_nxt = Seq(1050);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1050, 5200, 30)), SeqCheck::Ok);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1050, 5200, 31)), SeqCheck::Retransmission);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1049, 5200, 31)), SeqCheck::Retransmission);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1060, 5200)), SeqCheck::Retransmission);
  m.of(End::A).hole_to = m.of(End::A).hole_from;
  EXPECT_EQ(seq_check(m, from_a(kAck, 1050, 5200, 30)), SeqCheck::Retransmission);
}

TEST(Checks, AKeepaliveIsOneBelowWhatWasTaken) {
  Model m = open_connection();
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099, 5200, 1)), SeqCheck::Keepalive);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099, 5200, 2)), SeqCheck::Retransmission);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1098, 5200, 1)), SeqCheck::Retransmission);
  m.of(End::B).rcv_nxt = Seq(1099);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099, 5200, 1)), SeqCheck::Retransmission);
}

TEST(Checks, BeyondWhatWasSentThereIsAGapOrNoWindow) {
  const Model m = open_connection();
  EXPECT_EQ(seq_check(m, from_a(kAck, 1101, 5200, 1)), SeqCheck::Gap);
  EXPECT_EQ(seq_check(m, from_a(kAck, 3000, 5200, 1)), SeqCheck::Gap);
  EXPECT_EQ(seq_check(m, from_a(kAck, 3001, 5200, 1)), SeqCheck::OutOfWindow);
}

TEST(Checks, AnAckIsOldOrSaysNothingNewOrIsBeyondWhatWasSent) {
  const Model m = open_connection();
  EXPECT_EQ(ack_check(m, from_a(kAck, 1100, 5199)), AckCheck::Old);
  EXPECT_EQ(ack_check(m, from_a(kAck, 1100, 5200)), AckCheck::Duplicate);
  EXPECT_EQ(ack_check(m, from_a(kAck, 1100, 5200, 1)), AckCheck::Ok);
  EXPECT_EQ(ack_check(m, from_a(kAck, 1100, 5201)), AckCheck::BeyondSent);
  EXPECT_EQ(ack_check(m, from_a(kAck, 1100, 5201), false), AckCheck::Ok);
  EXPECT_EQ(ack_check(m, from_a(kFin, 1100, 5200)), AckCheck::Missing);
}

TEST(Checks, WhatIsOlderThanAnyWindowIsNoRetransmission) {
  Model m = open_connection();
  m.of(End::A).iss_known = false;
  EXPECT_EQ(seq_check(m, from_a(kAck, 1100 - (1U << 30), 5200, 1)), SeqCheck::Retransmission);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099 - (1U << 30), 5200, 1)), SeqCheck::OutOfWindow);
}

TEST(Checks, OneBelowAClosedWindowIsAProbe) {
  Model m = open_connection();
  m.of(End::B).rcv_right = Seq(1100);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099, 5200)), SeqCheck::WindowProbe);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099, 5200, 1)), SeqCheck::WindowProbe);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099, 5200, 2)), SeqCheck::Retransmission);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1098, 5200, 1)), SeqCheck::Retransmission);
  EXPECT_EQ(seq_check(m, from_a(kAck | kFin, 1099, 5200)), SeqCheck::Retransmission);
  m.of(End::B).rcv_right = Seq(1101);
  EXPECT_EQ(seq_check(m, from_a(kAck, 1099, 5200, 1)), SeqCheck::Keepalive);
}

TEST(Checks, AForgedFinIsOldOrWrong) {
  Model m = open_connection();
  m.of(End::A).fin_sent = true;
  m.of(End::A).fin_seq = Seq(1099);
  SegmentRecord forged = from_a(kAck | kFin, 1099, 5200);
  forged.unattributable = true;
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Retransmission);
  forged.seq = Seq(1098);
  EXPECT_EQ(seq_check(m, forged), SeqCheck::OutOfWindow);
  m.of(End::A).fin_seq = Seq(1090);
  forged.seq = Seq(1099);
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Wrong);
}

TEST(Checks, AnAnswerToASynAcknowledgesItAndNoMore) {
  Model m = open_connection();
  Endpoint& b = m.of(End::B);
  set_state(b, State::SynSent);
  b.snd_nxt = Seq(kServerIsn + 1);
  EXPECT_EQ(ack_check(m, from_a(kSyn | kAck, kClientIsn, kServerIsn)), AckCheck::Wrong);
  EXPECT_EQ(ack_check(m, from_a(kSyn | kAck, kClientIsn, kServerIsn + 1)), AckCheck::Ok);
  EXPECT_EQ(ack_check(m, from_a(kSyn | kAck, kClientIsn, kServerIsn + 2)), AckCheck::Wrong);
  EXPECT_EQ(ack_check(m, from_a(kRst, 1100, 0)), AckCheck::Missing);
  SegmentRecord r = from_a(kSyn | kAck, kClientIsn, kServerIsn);
  NumberCheck j = check_numbers(m, Facts{}, r);
  EXPECT_TRUE(j.ack_expected_known);
  EXPECT_EQ(j.ack_expected, Seq(kServerIsn + 1));
  set_state(b, State::Established);
  EXPECT_EQ(ack_check(m, from_a(kRst, 1100, 0)), AckCheck::None);
  j = check_numbers(m, Facts{}, r);
  EXPECT_EQ(j.ack_expected, Seq(5200));
}

TEST(Checks, AnAckThatSaysAnythingIsNoDuplicate) {
  const Model m = open_connection();
  SegmentRecord r = from_a(kAck, 1100, 5200);
  EXPECT_EQ(ack_check(m, r), AckCheck::Duplicate);
  r.window = 501;
  EXPECT_EQ(ack_check(m, r), AckCheck::Ok);
  EXPECT_EQ(ack_check(m, from_a(kAck, 1099, 5200)), AckCheck::Ok);
  EXPECT_EQ(ack_check(m, from_a(kAck, 1101, 5200)), AckCheck::Duplicate);
}

/// A segment of A, the time stamps of which began at 10.
bool fails_paws(Model m, std::uint32_t seq, std::uint32_t payload, std::uint32_t tsval,
                bool rcv_known = true) {
  m.of(End::B).ts_recent = 10;
  m.of(End::B).ts_recent_known = true;
  m.of(End::B).rcv_known = rcv_known;
  SegmentRecord r = from_a(kAck, seq, 5200, payload);
  r.has_ts = true;
  r.tsval = tsval;
  return check_numbers(m, Facts{}, r).has(Note::PawsFailed);
}

TEST(Checks, AnOldTimeStampFailsWhereThereIsNews) {
  const Model m = open_connection();
  EXPECT_TRUE(fails_paws(m, 1100, 1, 9));
  EXPECT_FALSE(fails_paws(m, 1100, 1, 10));
  EXPECT_FALSE(fails_paws(m, 1099, 1, 9));
  EXPECT_TRUE(fails_paws(m, 1099, 2, 9));
  EXPECT_FALSE(fails_paws(m, 1101, 0, 9));
  EXPECT_FALSE(fails_paws(m, 1100, 0, 9, false));
  EXPECT_TRUE(fails_paws(m, 1099, 1, 9, false));
}

/// By how much A takes its window back, 0 where it does not.
struct Shrinking {
  Model m = open_connection();
  Facts facts;
  Shrinking() {
    facts.syn_seen = {true, true};
    facts.plain_seen = true;
  }
  [[nodiscard]] std::uint32_t by(SegmentRecord r, std::uint16_t window) const {
    r.window = window;
    const NumberCheck j = check_numbers(m, facts, r);
    return j.has(Note::WindowShrunk) ? j.noted : 0;
  }
};

TEST(Checks, AWindowShrinksWhereItsRightEdgeMovesBack) {
  const Shrinking s;  // the edge is at 9000
  const SegmentRecord data = from_a(kAck, 1100, 5200, 1);
  EXPECT_EQ(s.by(data, 3800), 0U);
  EXPECT_EQ(s.by(data, 3799), 1U);
  EXPECT_EQ(s.by(data, 0), 3800U);
  EXPECT_EQ(s.by(from_a(kAck, 1100, 5201), 3798), 1U);
}

TEST(Checks, AWindowOfAnOlderSegmentSaysNothing) {
  Shrinking s;
  EXPECT_EQ(s.by(from_a(kAck, 1100, 5200), 100), 0U);
  EXPECT_EQ(s.by(from_a(kAck, 1101, 5200, 1), 100), 0U);
  s.m.of(End::B).ts_recent = 10;
  s.m.of(End::B).ts_recent_known = true;
  const auto stamped = [&](std::uint32_t seq, std::uint32_t ack, std::uint32_t tsval) {
    SegmentRecord r = from_a(kAck, seq, ack);
    r.has_ts = true;
    r.tsval = tsval;
    return s.by(r, 100) > 0;
  };
  EXPECT_TRUE(stamped(1100, 5200, 11));
  EXPECT_FALSE(stamped(1100, 5200, 10));
  EXPECT_FALSE(stamped(1099, 5200, 11));
  EXPECT_FALSE(stamped(1100, 5199, 11));
}

TEST(Checks, AWindowShrinksByAGrainAtLeastAndAWindowAtMost) {
  Shrinking s;
  s.m.of(End::A).rcv_right = Seq(5200 + 65535);
  EXPECT_EQ(s.by(from_a(kAck, 1100, 5200, 1), 0), 65535U);
  s.m.of(End::A).rcv_right = Seq(5200 + 65536);
  EXPECT_EQ(s.by(from_a(kAck, 1100, 5200, 1), 0), 0U);
  s.facts.window_scale = {3, 3};
  s.m.of(End::A).rcv_right = Seq(9000);
  EXPECT_EQ(s.by(from_a(kAck, 1100, 5200, 1), 474), 8U);
  EXPECT_EQ(s.by(from_a(kAck, 1100, 5201, 1), 474), 0U);  // 7, less than the window can tell
}

TEST(Checks, WhatAReceiverTakes) {
  Endpoint y = open_connection().of(End::B);  // expects 1100, takes up to 3000
  EXPECT_TRUE(acceptable(y, from_a(kAck, 1099, 0)));
  EXPECT_FALSE(acceptable(y, from_a(kAck, 1098, 0)));
  EXPECT_TRUE(acceptable(y, from_a(kAck, 1098, 0, 1)));
  EXPECT_TRUE(acceptable(y, from_a(kAck, 3000, 0)));
  EXPECT_FALSE(acceptable(y, from_a(kAck, 3001, 0)));
  y.window_known = false;
  EXPECT_TRUE(acceptable(y, from_a(kAck, 3001, 0)));
  y.rcv_known = false;
  EXPECT_TRUE(acceptable(y, from_a(kAck, 1, 0)));
}

TEST(Checks, TheRstThatAReceiverTakes) {
  Endpoint y = open_connection().of(End::B);
  EXPECT_TRUE(rst_acceptable(y, from_a(kRst, 1100, 0)));
  EXPECT_FALSE(rst_acceptable(y, from_a(kRst, 1099, 0)));
  EXPECT_FALSE(rst_acceptable(y, from_a(kRst, 1101, 0)));
  y.fin_seen = true;
  EXPECT_TRUE(rst_acceptable(y, from_a(kRst, 1099, 0)));
  EXPECT_FALSE(rst_acceptable(y, from_a(kRst, 1098, 0)));
  set_state(y, State::TimeWait);
  EXPECT_FALSE(rst_acceptable(y, from_a(kRst, 1099, 0)));
  EXPECT_TRUE(rst_acceptable(y, from_a(kRst, 1100, 0)));
  y.acked = true;  // what is presumed to have come since its last ACK counts
  y.highest_ack = Seq(1050);
  EXPECT_FALSE(rst_acceptable(y, from_a(kRst, 1050, 0)));
}

TEST(Checks, AWindowIsScaledWhereBothOfferedIt) {
  Facts facts;
  facts.syn_seen = {true, true};
  const SegmentRecord a = from_a(kAck, 1100, 5200);
  SegmentRecord b = a;
  b.from = End::B;
  const auto windows = [&](std::int8_t of_a, std::int8_t of_b) {
    facts.window_scale = {of_a, of_b};
    return std::pair(granted_window(facts, a), granted_window(facts, b));
  };
  EXPECT_EQ(windows(-1, 3), std::pair(500U, 500U));
  EXPECT_EQ(windows(3, -1), std::pair(500U, 500U));
  EXPECT_EQ(windows(0, 3), std::pair(500U, 4000U));
  EXPECT_EQ(windows(3, 0), std::pair(4000U, 500U));
  EXPECT_EQ(granted_window(facts, from_a(kSyn, kClientIsn, 0)), 500U);
}

TEST(Checks, TheSynThatTimeWaitTakes) {
  Endpoint y = open_connection().of(End::B);
  EXPECT_FALSE(time_wait_takes(y, from_a(kSyn, 1100, 0)));
  EXPECT_TRUE(time_wait_takes(y, from_a(kSyn, 1101, 0)));
  y.ts_recent = 10;
  y.ts_recent_known = true;
  const auto stamped = [&](std::uint32_t seq, std::uint32_t tsval) {
    SegmentRecord r = from_a(kSyn, seq, 0);
    r.has_ts = true;
    r.tsval = tsval;
    return time_wait_takes(y, r);
  };
  EXPECT_TRUE(stamped(1, 11));
  EXPECT_FALSE(stamped(1101, 9));
  EXPECT_TRUE(stamped(1101, 10));
  EXPECT_FALSE(stamped(1100, 10));
}

}  // namespace
}  // namespace tcpwave
