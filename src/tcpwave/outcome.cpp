// How a connection ended: the first row of the specification's table (section 4) that holds.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/annotator.h"

namespace tcpwave {
namespace {

OutcomeKind kind_of_reset(const Connection& c, Row rst) {
  const State a = c.shown(rst, End::A).before, b = c.shown(rst, End::B).before;
  const auto opening = [](State s) {
    return s == State::SynSent || s == State::SynReceived || s == State::Listen || s == State::Closed ||
           s == State::Unknown;
  };
  const StepLog& log = c.model().steps;
  if (log.wave[3] != kNoRow && log.wave[3] < rst) return OutcomeKind::AfterClose;
  if (a == State::Established && b == State::Established) return OutcomeKind::Established;
  if (log.closing) return OutcomeKind::InWave;
  return opening(a) || opening(b) ? OutcomeKind::InHandshake : OutcomeKind::Established;
}

OutcomeKind kind_of_close(const Connection& c) {
  const StepLog& log = c.model().steps;
  if (c.fins_crossed()) return OutcomeKind::Simultaneous;
  if (log.wave[2] != kNoRow && c.records()[log.wave[2]].steps.has(Step::Wave2) &&
      !c.records()[log.wave[2]].repeated.has(Step::Wave2))
    return OutcomeKind::ThreeSegment;
  return OutcomeKind::FourSegment;
}

}  // namespace

void add_outcome(Annotation& a, const Connection& c, End client) {
  const Model& m = c.model();
  const Facts& facts = c.facts();
  const StepLog& log = m.steps;
  const auto set = [&a](Outcome outcome, OutcomeKind kind = OutcomeKind::None) {
    a.outcome = outcome;
    a.outcome_kind = kind;
  };
  const bool both_seen = facts.seen[0] && facts.seen[1];
  const auto over = [&m, &log](std::size_t e) {  // its FIN is acknowledged
    return log.last_ack_of_fin[1 - e] != kNoRow && (m.end[e].fin_sent || log.fin[e] != kNoRow);
  };
  const bool closed_first = log.wave[3] != kNoRow && m.rst != kNoRow && log.wave[3] < m.rst;
  if (m.rst != kNoRow && !closed_first) {
    const Record& rst = c.records()[m.rst];
    const bool refused = c.shown(m.rst, other(rst.from)).before == State::SynSent &&
                         log.handshake[index(rst.from)][1] == kNoRow;
    a.reset_by = rst.from == client ? Side::Client : Side::Server;
    if (refused) return set(Outcome::Refused, OutcomeKind::Rst);
    return set(Outcome::Reset, kind_of_reset(c, m.rst));
  }
  if (log.closing && over(0) && over(1)) return set(Outcome::NormalClose, kind_of_close(c));
  if (c.replaced()) return set(Outcome::Replaced);
  if (log.fin[0] != kNoRow && log.fin[1] != kNoRow) return set(Outcome::IncompleteClose, OutcomeKind::MissingStep4);
  if (log.closing)
    return set(Outcome::HalfClosed, log.wave[1] != kNoRow ? OutcomeKind::MissingStep3 : OutcomeKind::MissingStep2);
  if (!both_seen) {
    const bool only_syn = !facts.went_on[0] && !facts.went_on[1] && log.handshake_row(0) != kNoRow;
    return set(only_syn ? Outcome::Unanswered : Outcome::Partial);
  }
  if (log.handshake_row(1) != kNoRow && m.phase == Phase::Handshake) return set(Outcome::HalfOpen);
  if (m.phase == Phase::Established && log.handshake_row(1) != kNoRow) return set(Outcome::Open);
  set(Outcome::Partial);
}

}  // namespace tcpwave
