// Which findings a segment raises: one predicate each, in the catalogue's order.
//
// They read the finished annotation and the connection, so what hindsight corrected is corrected here.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/annotator.h"

namespace tcpwave {
namespace {

class Findings {
 public:
  Findings(Annotation& a, const Connection& c, Row row)
      : a_(a), c_(c), r_(c.records()[row]), row_(row), x_(view(a.sender)), y_(view(other(a.sender))) {}

  void add() {
    opening();
    closing();
    resets();
    segments();
  }

 private:
  [[nodiscard]] const EndpointView& view(Side s) const { return a_.endpoint[static_cast<std::size_t>(s)]; }
  void hit(Finding f, std::uint32_t first = 0, std::uint32_t second = 0) { a_.findings.push({f, first, second}); }

  [[nodiscard]] const StepMark* repeated(Phase phase, std::initializer_list<int> numbers) const {
    if (r_.copy_of != kNoRow) return nullptr;
    for (const StepMark& mark : a_.steps)
      for (const int n : numbers)
        if (mark.phase == phase && mark.number == n && mark.repeated) return &mark;
    return nullptr;
  }
  [[nodiscard]] bool first_time(Step s) const { return r_.steps.has(s) && !r_.repeated.has(s); }
  [[nodiscard]] bool accepted_rst() const { return r_.flags.rst() && c_.model().rst == row_; }

  void opening() {
    const bool refused = accepted_rst() && y_.before == State::SynSent && !answered_syn();
    if (refused) hit(Finding::ConnectionRefused);
    if (const StepMark* mark = repeated(Phase::Handshake, {1})) hit(Finding::SynRepeated, mark->original_frame);
    if (const StepMark* mark = repeated(Phase::Handshake, {2})) hit(Finding::SynAckRepeated, mark->original_frame);
    if (r_.is_syn_ack() && r_.ack_check == AckCheck::Wrong && a_.ack) hit(Finding::SynAckBadAck, *a_.ack, *a_.ack_expected);
    const StepLog& log = c_.model().steps;
    if (first_time(Step::Handshake1) && log.handshake[0][0] != kNoRow && log.handshake[1][0] != kNoRow &&
        row_ == std::max(log.handshake[0][0], log.handshake[1][0]))
      hit(Finding::SimultaneousOpen);
    const bool opening = y_.before == State::SynSent || y_.before == State::SynReceived;
    const bool ended = y_.before != y_.after && (y_.after == State::Closed || y_.after == State::Listen);
    const bool abort_of_accept = r_.flags.rst() && answers_third_ack(c_, row_);
    if ((r_.flags.rst() && ended && opening && !refused) || abort_of_accept) hit(Finding::RstInHandshake);
  }

  /// Whether the RST's sender has answered the SYN otherwise before.
  [[nodiscard]] bool answered_syn() const {
    const Row syn_ack = c_.model().steps.handshake[index(r_.from)][1];
    return syn_ack != kNoRow && syn_ack < row_;
  }

  void closing() {
    if (first_time(Step::Wave1)) hit(Finding::CloseInitiated);
    if (first_time(Step::Wave2) && first_time(Step::Wave3)) hit(Finding::CloseThreeSegment);
    if (first_time(Step::Wave3) && a_.active_closer == ActiveCloser::Both) hit(Finding::CloseSimultaneous);
    if (c_.model().half_close == row_) hit(Finding::HalfClose);
    const StepMark* fin = repeated(Phase::Wave, {1, 3});
    if (fin && r_.flags.fin()) {
      const Row last_ack = c_.model().steps.wave[3];
      const bool after_last_ack = fin->number == 3 && last_ack != kNoRow && last_ack < row_;
      hit(Finding::FinRepeated, fin->original_frame);
      if (after_last_ack) hit(Finding::FinalAckLost, c_.records()[last_ack].frame);
    }
    const Row own_fin = c_.model().steps.fin[index(r_.from)];
    if (own_fin != kNoRow && own_fin < row_ && r_.payload > 0 && r_.end() - c_.records()[own_fin].end() > 0 && !r_.flags.fin())
      hit(Finding::DataAfterFin, a_.seq, relative(c_.records()[own_fin].fin_seq()));
    if (r_.flags.fin() && r_.seq_check == SeqCheck::Gap) hit(Finding::FinBeyondGap, a_.seq, a_.seq_expected);
    if (r_.flags.fin() && r_.bogus) hit(Finding::FinUnacceptable, a_.seq, a_.seq_expected);
  }

  void resets() {
    if (!r_.flags.rst()) {
      challenge();
      return;
    }
    if (row_ == 0 && !r_.flags.syn()) {
      hit(Finding::RstNoConnection);
      return;
    }
    if (r_.seq_check == SeqCheck::OutOfWindow) hit(Finding::RstOutOfWindow, a_.seq, a_.seq_expected);
    if (r_.seq_check == SeqCheck::Wrong) hit(Finding::RstInexact, a_.seq, a_.seq_expected);
    const Row first = c_.model().rst;
    if (first != kNoRow && first < row_ && r_.seq_check == SeqCheck::Ok) hit(Finding::RstRepeated, c_.records()[first].frame);
    const bool opening = y_.before == State::SynSent || y_.before == State::SynReceived || answers_third_ack(c_, row_);
    const bool ends_sender = x_.before != State::Closed && x_.after == State::Closed && !r_.bogus;
    if (opening || !(accepted_rst() || ends_sender) || (first != kNoRow && first < row_)) return;
    hit(y_.before == State::Established && x_.before == State::Established ? Finding::RstAbort : Finding::RstInClose);
  }

  /// A bare ACK right after a segment of the other end that asks for a challenge.
  void challenge() {
    if (row_ == 0 || r_.length() > 0 || !r_.flags.ack()) return;
    const Record& asked = c_.records()[row_ - 1];
    if (asked.from == r_.from) return;
    const bool syn = asked.flags.syn() && asked.bogus;
    const bool rst = asked.flags.rst() && asked.seq_check == SeqCheck::Wrong;
    if (syn || rst) hit(Finding::ChallengeAck, asked.frame);
  }

  void segments() {
    if (r_.ack_check == AckCheck::BeyondSent && a_.ack) {
      const Endpoint& y = c_.model().of(other(r_.from));
      hit(Finding::AckUnsent, *a_.ack, y.rcv_known ? *a_.ack_expected : 0);
    }
    if (r_.is_syn() && r_.bogus) hit(Finding::SynInConnection);
    if (r_.is_syn_ack() && r_.bogus && r_.ack_check != AckCheck::Wrong) hit(Finding::SynAckInConnection);
    if (!r_.flags.rst() && !r_.flags.fin() && r_.seq_check == SeqCheck::OutOfWindow)
      hit(Finding::SegmentOutOfWindow, a_.seq, a_.seq_expected);
  }

  [[nodiscard]] std::uint32_t relative(Seq s) const { return (s - c_.base(r_.from).raw()).raw(); }

  Annotation& a_;
  const Connection& c_;
  const Record& r_;
  Row row_;
  const EndpointView& x_;
  const EndpointView& y_;
};

}  // namespace

void add_findings(Annotation& a, const Connection& c, Row row) { Findings(a, c, row).add(); }

}  // namespace tcpwave
