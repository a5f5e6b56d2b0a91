// The rules of the textbooks, with a segment's own numbers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/findings/annotator.h"

namespace tcpwave {
namespace {

constexpr Row kRuleLookBack = 4096;  ///< bound on what a rule costs

class Rules {
 public:
  Rules(Annotation& a, const Connection& c, Row row)
      : a_(a),
        c_(c),
        r_(c.records()[row]),
        row_(row),
        own_(c.base(r_.from)),
        peer_(c.base(other(r_.from))) {}

  void add() {
    const auto is = [this](Step s) { return r_.steps.has(s); };
    if (is(Step::Handshake2))
      ack(RuleKind::AckOfClientSyn, c_.model().steps.handshake[index(other(r_.from))][0]);
    if (is(Step::Handshake3)) third_ack();
    if (is(Step::Wave1)) last_ack(RuleKind::SeqIsLastAck);
    if (is(Step::Wave2)) ack(RuleKind::AckOfFirstFin, c_.model().steps.wave[0]);
    if (is(Step::Wave3)) {
      last_ack(RuleKind::SeqOfSecondFin);
      if (!is(Step::Wave2)) ack_covers(RuleKind::AckOfFirstFin, c_.model().steps.wave[0]);
    }
    if (is(Step::Wave4)) {
      own(RuleKind::SeqAfterFirstFin, c_.model().steps.wave[0]);
      ack(RuleKind::AckOfSecondFin, c_.model().steps.wave[2]);
    }
  }

 private:
  static std::uint32_t relative(Seq s, Seq base) { return (s - base.raw()).raw(); }

  void push(RuleKind kind, bool ok, std::uint32_t actual, std::uint32_t base, std::uint32_t data) {
    a_.rules.push({kind, ok, actual, base, data});
  }

  /// ack = the referenced segment's seq + its data + 1
  void ack(RuleKind kind, Row of) {
    if (of == kNoRow) return;
    const SegmentRecord& s = c_.records()[of];
    push(kind, r_.ack - s.end() >= 0 && a_.check_ok(), relative(r_.ack, peer_),
         relative(s.seq, peer_),
         s.payload + static_cast<std::uint32_t>(std::max(r_.ack - s.end(), 0)));
  }

  /// The same, but only where the segment does acknowledge it: a FIN that crossed need not.
  void ack_covers(RuleKind kind, Row of) {
    if (of != kNoRow && r_.ack - c_.records()[of].end() >= 0) ack(kind, of);
  }

  void own(RuleKind kind, Row of) {
    if (of == kNoRow || c_.records()[of].from != r_.from) return;
    const SegmentRecord& s = c_.records()[of];
    push(kind, r_.seq == s.end(), relative(r_.seq, own_), relative(s.seq, own_), s.payload);
  }

  void third_ack() {
    const StepLog& log = c_.model().steps;
    const Row syn = std::min(log.handshake[index(r_.from)][0], log.handshake[index(r_.from)][1]);
    if (syn != kNoRow) {
      const SegmentRecord& s = c_.records()[syn];
      push(RuleKind::SeqAfterSyn, r_.seq - s.end() >= 0, relative(r_.seq, own_),
           relative(s.seq, own_), static_cast<std::uint32_t>(std::max(r_.seq - (s.seq + 1U), 0)));
    }
    ack(RuleKind::AckOfServerSyn, log.handshake[index(other(r_.from))][1]);
  }

  /// seq = the last ack that came from the peer, plus what has been sent since. One that is known to be
  /// lost did not come.
  void last_ack(RuleKind kind) {
    for (Row i = row_; i-- > 0 && row_ - i < kRuleLookBack;) {
      const SegmentRecord& p = c_.records()[i];
      if (p.from == r_.from || !p.flags.ack() || p.unattributable || p.flags.rst()) continue;
      if (p.delivery == Delivery::Lost) continue;
      const std::int32_t since = r_.seq - p.ack;
      push(kind, since >= 0 && a_.check_ok(), relative(r_.seq, own_), relative(p.ack, own_),
           static_cast<std::uint32_t>(std::max(since, 0)));
      return;
    }
  }

  Annotation& a_;
  const Connection& c_;
  const SegmentRecord& r_;
  Row row_;
  Seq own_, peer_;
};

}  // namespace

void add_rules(Annotation& a, const Connection& c, Row row) { Rules(a, c, row).add(); }

}  // namespace tcpwave
