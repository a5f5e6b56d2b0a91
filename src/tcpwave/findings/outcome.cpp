// How a connection ended: the first row of the specification's table (section 4) that holds.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/findings/annotator.h"

namespace tcpwave {
namespace {

OutcomeKind kind_of_reset(const Connection& c, Row rst) {
  const End sender = c.records()[rst].from;
  const StepLog& log = c.model().steps;
  if (log.wave[3] != kNoRow && log.wave[3] < rst) return OutcomeKind::AfterClose;
  if (answers_third_ack(ConnectionLog(c), log, rst)) return OutcomeKind::InHandshake;
  if (is_opening(c.state_at_rst(rst, other(sender))) || is_opening(c.state_at_rst(rst, sender)))
    return OutcomeKind::InHandshake;
  const bool closing =
      (log.fin[0] != kNoRow && log.fin[0] < rst) || (log.fin[1] != kNoRow && log.fin[1] < rst);
  return closing ? OutcomeKind::InWave : OutcomeKind::Established;
}

ResetBy who(const SegmentRecord& rst, End client) {
  if (rst.unattributable) return ResetBy::ThirdParty;
  return rst.from == client ? ResetBy::Client : ResetBy::Server;
}

OutcomeKind kind_of_close(const Connection& c) {
  const StepLog& log = c.model().steps;
  if (log.wave[0] == kNoRow || log.wave[1] == kNoRow || log.wave[2] == kNoRow ||
      log.wave[3] == kNoRow)
    return OutcomeKind::None;  // steps were not captured: it cannot be told
  if (c.fins_crossed()) return OutcomeKind::Simultaneous;
  if (log.wave[2] != kNoRow && c.records()[log.wave[2]].steps.has(Step::Wave2) &&
      !c.records()[log.wave[2]].repeated.has(Step::Wave2))
    return OutcomeKind::ThreeSegment;
  return OutcomeKind::FourSegment;
}

}  // namespace

bool answers_third_ack(const ConnectionLog& history, const StepLog& steps, Row row) {
  const SegmentRecord& rst = history.records()[row];
  const Row third = steps.handshake[index(other(rst.from))][2];
  if (third == kNoRow || third + 1 != row || rst.flags.ack()) return false;
  const SegmentRecord& ack = history.records()[third];
  return ack.length() == 0 && rst.seq == ack.ack &&
         rst.time_ns - ack.time_ns < history.round_trip_ns();
}

Row ending_rst(const Connection& c) {
  const Model& m = c.model();
  if (m.rst != kNoRow) return m.rst;
  const bool both = m.first_rst[0] != kNoRow && m.first_rst[1] != kNoRow;
  return both ? std::min(m.first_rst[0], m.first_rst[1]) : kNoRow;
}

bool refuses_one_short(const ConnectionLog& c, const Model& before, Row row) {
  const SegmentRecord& rst = c.records()[row];
  const StepLog& log = before.steps;
  const Row syn = log.handshake[index(other(rst.from))][0];
  const bool answered = log.handshake[index(rst.from)][1] != kNoRow;
  return rst.flags.rst() && rst.flags.ack() && !answered && syn != kNoRow && syn < row &&
         rst.ack == c.records()[syn].seq;
}

namespace {

void set_outcome(Annotation& a, Outcome outcome, OutcomeKind kind = OutcomeKind::None) {
  a.outcome = outcome;
  a.outcome_kind = kind;
}

/// A RST ended it, which may stand among its successor's segments.
bool reset_outcome(Annotation& a, const Connection& c, const Successor& successor, End client) {
  const StepLog& log = c.model().steps;
  if (const Row ended = ending_rst(c); ended != kNoRow) {
    const SegmentRecord& rst = c.records()[ended];
    const bool refused = c.shown(ended, other(rst.from)).before == State::SynSent &&
                         log.handshake[index(rst.from)][1] == kNoRow;
    a.reset_by = who(rst, client);
    refused ? set_outcome(a, Outcome::Refused, OutcomeKind::Rst)
            : set_outcome(a, Outcome::Reset, kind_of_reset(c, ended));
    return true;
  }
  const Connection* next = successor.connection;
  if (next == nullptr || next->model().previous_incarnation_rst == kNoRow) return false;
  // Its sender knew only the new connection.
  const Row row = next->model().previous_incarnation_rst;
  const SegmentRecord& rst = next->records()[row];
  const End sender = successor.same_ends ? rst.from : other(rst.from);
  a.reset_by = sender == client ? ResetBy::Client : ResetBy::Server;
  const State met = next->shown(row, other(rst.from)).before;
  a.reset_cause = met == State::TimeWait ? Finding::TimeWaitKilled : Finding::HalfOpenPeer;
  a.reset_confidence = Confidence::Certain;
  set_outcome(a, Outcome::Reset,
              c.model().phase == Phase::Closed ? OutcomeKind::AfterClose
              : log.closing                    ? OutcomeKind::InWave
                                               : OutcomeKind::Established);
  return true;
}

/// Nobody took the SYN, and something says so.
bool refused_outcome(Annotation& a, const Connection& c, End client) {
  const Model& m = c.model();
  if (m.steps.handshake_row(1) != kNoRow || m.phase > Phase::Handshake) return false;
  const bool one_short = refuses_one_short(ConnectionLog(c), m, c.records().size() - 1);
  if (one_short) a.reset_by = c.records().back().from == client ? ResetBy::Client : ResetBy::Server;
  const bool by_icmp = c.facts().unreachable != kNoRow;
  // By a RST that the SYN's sender could not use.
  const bool unused_rst = c.facts().no_listener && m.steps.handshake_row(0) != kNoRow;
  if (!one_short && !by_icmp && !unused_rst) return false;
  set_outcome(a, Outcome::Refused, by_icmp && !one_short ? OutcomeKind::Icmp : OutcomeKind::Rst);
  return true;
}

}  // namespace

void add_outcome(Annotation& a, const Connection& c, const Successor& successor, End client) {
  const Model& m = c.model();
  const Facts& facts = c.facts();
  const StepLog& log = m.steps;
  const auto set = [&a](Outcome outcome, OutcomeKind kind = OutcomeKind::None) {
    set_outcome(a, outcome, kind);
  };
  const bool both_seen = facts.seen[0] && facts.seen[1];
  const auto over =
      [&](std::size_t e) {  // its FIN is acknowledged, or seems so where the peer is not seen
        const State state = m.end[e].state;
        const bool went_past =
            state == State::FinWait2 || state == State::TimeWait || state == State::Closed;
        return m.end[e].fin_sent &&
               (log.last_ack_of_fin[1 - e] != kNoRow || (!both_seen && went_past));
      };
  if (reset_outcome(a, c, successor, client) || refused_outcome(a, c, client)) return;
  const bool only_syn = !facts.went_on[0] && !facts.went_on[1] && log.handshake_row(0) != kNoRow;
  if (!both_seen && only_syn) return set(Outcome::Unanswered);
  if (log.closing && over(0) && over(1)) return set(Outcome::NormalClose, kind_of_close(c));
  if (c.replaced()) return set(Outcome::Replaced);
  if (!both_seen && log.closing) return set(Outcome::Partial);
  if (log.fin[0] != kNoRow && log.fin[1] != kNoRow)
    return set(Outcome::IncompleteClose, OutcomeKind::MissingStep4);
  if (log.closing)
    return set(Outcome::HalfClosed,
               log.wave[1] != kNoRow ? OutcomeKind::MissingStep3 : OutcomeKind::MissingStep2);
  if (!both_seen) return set(Outcome::Partial);
  const bool waits = m.end[0].state == State::SynReceived || m.end[1].state == State::SynReceived;
  if (log.handshake_row(1) != kNoRow && (m.phase == Phase::Handshake || waits))
    return set(Outcome::HalfOpen);
  if (m.phase == Phase::Established && log.handshake_row(1) != kNoRow) return set(Outcome::Open);
  set(Outcome::Partial);
}

}  // namespace tcpwave
