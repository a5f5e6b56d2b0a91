// The edges of the checks: each comparison of checks.cpp at its last number that passes, and one beyond.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/checks.h"

#include <gtest/gtest.h>

namespace tcpwave {
namespace {

constexpr std::uint32_t kClientIsn = 1000, kServerIsn = 5000;

/// An open connection: end A, the client, has sent up to 1100 and all of it was taken; end B up to 5200.
/// A takes up to 9000, B up to 3000.
Model open_connection() {
  Model m;
  Endpoint& a = m.of(End::A);
  Endpoint& b = m.of(End::B);
  for (Endpoint* e : {&a, &b}) {
    e->state = State::Established;
    e->iss_known = e->snd_known = e->una_known = e->rcv_known = e->window_known = e->acked = true;
    e->last_window = 500;
  }
  a.iss = Seq(kClientIsn);
  b.iss = Seq(kServerIsn);
  a.snd_nxt = a.sent_to = a.snd_una = b.rcv_nxt = b.highest_ack = Seq(1100);
  b.snd_nxt = b.sent_to = b.snd_una = a.rcv_nxt = a.highest_ack = Seq(5200);
  a.rcv_right = Seq(9000);
  b.rcv_right = Seq(3000);
  return m;
}

Record from_a(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t payload = 0) {
  Record r;
  r.flags = Flags{flags};
  r.seq = Seq(seq);
  r.ack = Seq(ack);
  r.payload = payload;
  r.window = 500;
  return r;
}

SeqCheck seq_check(const Model& m, Record r) {
  judge(m, Facts{}, r);
  return r.seq_check;
}
AckCheck ack_check(const Model& m, Record r, bool peer_seen = true) {
  Facts facts;
  facts.seen = {true, peer_seen};
  judge(m, facts, r);
  return r.ack_check;
}
bool is_before_isn(const Model& m, Record r) {
  judge(m, Facts{}, r);
  return r.has(Note::BeforeIsn);
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
  m.of(End::A).state = State::Closed;
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
  Record forged = from_a(kSyn, kClientIsn, 0);
  forged.bogus = true;
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Wrong);
  forged.seq = Seq(kClientIsn + 1);
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Wrong);
}

TEST(Checks, TheFirstSynIsInOrderUnlessForged) {
  const Model m = open_connection();
  EXPECT_EQ(seq_check(m, from_a(kSyn, kClientIsn, 0)), SeqCheck::Ok);
  Record forged = from_a(kSyn, kClientIsn, 0);
  forged.bogus = true;
  EXPECT_EQ(seq_check(m, forged), SeqCheck::Wrong);
}

TEST(Checks, BeforeTheIsnNothingCanBe) {
  Model m = open_connection();
  EXPECT_TRUE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
  EXPECT_FALSE(is_before_isn(m, from_a(kAck, kClientIsn, 5200)));
  m.of(End::A).sent_to = Seq(kClientIsn);
  EXPECT_TRUE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
}

TEST(Checks, FarFromTheIsnNothingIsSaidToBeBeforeIt) {
  Model m = open_connection();
  m.of(End::A).sent_to = Seq(kClientIsn + (1U << 30) - 1);
  EXPECT_TRUE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
  m.of(End::A).sent_to = Seq(kClientIsn + (1U << 30));
  EXPECT_FALSE(is_before_isn(m, from_a(kAck, kClientIsn - 1, 5200)));
  m.of(End::A).sent_to = Seq(kClientIsn + (3U << 30));  // beyond 2 GiB
  EXPECT_FALSE(is_before_isn(m, from_a(kAck, kClientIsn + (3U << 30), 5200)));
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

}  // namespace
}  // namespace tcpwave
