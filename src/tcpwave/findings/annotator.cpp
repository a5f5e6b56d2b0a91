// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/annotator.h"

#include <algorithm>
#include <bit>

namespace tcpwave {
namespace {

/// All about one row that the parts of an annotation share.
class Annotator {
 public:
  Annotator(Annotation& annotation, const Connection& c, const Successor& successor, Row row,
            const CaptureView& capture)
      : c_(c),
        successor_(successor),
        capture_(capture),
        r_(c.records()[row]),
        row_(row),
        role_(c.role(capture.final ? Known::Final : Known::SoFar)),
        client_(role_.client),
        a_(annotation) {}

  void make() {
    mark();
    endpoints();
    numbers();
    closer();
    frames();
    times();
    add_rules(a_, c_, row_);
    waiting();
    add_outcome(a_, c_, successor_, client_);
    add_findings(a_, c_, row_, capture_);
    reset_verdict();
  }

  void mark() {
    mark_record(a_, r_, role_);
    add_originals();
  }

  void verdict_only() {
    mark();
    endpoints();
    numbers();
    closer();
    add_findings(a_, c_, row_, capture_);
  }

 private:
  [[nodiscard]] Side side(End e) const { return e == client_ ? Side::Client : Side::Server; }
  [[nodiscard]] std::uint32_t frame(Row row) const {
    return row == kNoRow ? kNoFrame : c_.records()[row].frame;
  }
  [[nodiscard]] bool reached(Row row) const { return row != kNoRow && row <= row_; }
  [[nodiscard]] std::int64_t time(Row row) const { return c_.records()[row].time_ns; }

  void endpoints() {
    for (const End e : {End::A, End::B}) {
      const Shown shown = c_.shown(row_, e);
      a_.endpoint[static_cast<std::size_t>(side(e))] = {shown.before, shown.after, shown.previous,
                                                        shown.basis, frame(shown.proof)};
    }
  }

  void numbers() {
    // Where nothing says yet where an end's numbers start, the first one seen counts as 1.
    const End peer_end = other(r_.from);
    const Seq own = c_.base_known(r_.from) ? c_.base(r_.from) : r_.seq - (r_.flags.syn() ? 0U : 1U);
    const Seq peer = c_.base_known(peer_end) ? c_.base(peer_end) : r_.ack - 1U;
    const NumberCheck check = c_.number_check(row_);
    a_.seq = (r_.seq - own.raw()).raw();
    a_.seq_expected = (check.seq_expected - own.raw()).raw();
    if (r_.ack_check == AckCheck::None) return;
    if (check.ack_expected_known) a_.ack_expected = (check.ack_expected - peer.raw()).raw();
    if (r_.flags.ack()) a_.ack = (r_.ack - peer.raw()).raw();
  }

  /// Where each step was seen first that the segment repeats.
  void add_originals() {
    const StepLog& log = c_.model().steps;
    for (StepMark& mark : a_.steps) {
      if (!mark.repeated) continue;
      const std::size_t n = mark.number - 1U;
      mark.original_frame =
          frame(mark.phase == Phase::Handshake ? log.handshake[index(r_.from)][n] : log.wave[n]);
    }
  }

  void closer() {
    const StepLog& log = c_.model().steps;
    if (!log.closing || !(reached(log.wave[0]) || reached(log.wave[1]) || reached(log.wave[2])))
      return;
    a_.active_closer =
        side(log.first_closer) == Side::Client ? ActiveCloser::Client : ActiveCloser::Server;
    if (c_.fins_crossed()) a_.active_closer = ActiveCloser::Both;
  }

  void frames() {
    const StepLog& log = c_.model().steps;
    for (std::size_t i = 0; i < 3; ++i) a_.handshake_frame[i] = frame(log.handshake_row(i));
    for (std::size_t i = 0; i < 4; ++i) a_.wave_frame[i] = frame(log.wave[i]);
  }

  void times() {
    const StepLog& log = c_.model().steps;
    if (row_ == log.handshake_row(2) && is_third_ack())
      a_.handshake_rtt_ns = since(log.handshake_row(0));
    if (row_ == log.handshake_row(2) && log.handshake_row(0) != kNoRow)
      a_.handshake_duration_ns = since(log.handshake_row(0));
    if (row_ == log.wave[3] && log.wave[0] != kNoRow) a_.wave_duration_ns = since(log.wave[0]);
    if (a_.steps.empty()) return;
    for (Row row = row_; row-- > 0;) {
      if (c_.records()[row].steps.empty()) continue;
      a_.since_previous_step_ns = since(row);
      return;
    }
  }

  /// Nothing where the capture's clock ran backwards meanwhile.
  [[nodiscard]] std::optional<std::int64_t> since(Row row) const {
    const std::int64_t took = r_.time_ns - time(row);
    return took >= 0 ? std::optional(took) : std::nullopt;
  }

  /// What answers the SYN,ACK: the next number of an end that has sent nothing but its SYN, at once. Where it
  /// comes later than the server would have waited before it repeats the SYN,ACK, and that was not
  /// repeated, the ACK that it got was not captured, and this is another.
  [[nodiscard]] bool is_third_ack() const {
    const StepLog& log = c_.model().steps;
    const Row first = log.handshake_row(0), second = log.handshake_row(1);
    if (first == kNoRow || second == kNoRow || c_.handshake_repeated()) return false;
    const SegmentRecord& syn = c_.records()[first];
    const SegmentRecord& syn_ack = c_.records()[second];
    const bool next = r_.seq == syn.seq + 1U || r_.seq == syn.end();
    const bool answers = r_.ack == syn_ack.end() || c_.facts().fast_open;
    const bool at_once = r_.time_ns - syn_ack.time_ns < kFirstTimeoutNs;
    return syn.from == r_.from && syn_ack.from != r_.from && next && answers && at_once;
  }

  void reset_states(Row ended) {
    std::array<State, 2> met{};
    for (const End e : {End::A, End::B})
      met[static_cast<std::size_t>(side(e))] = c_.state_at_rst(ended, e);
    a_.reset_states = met;
  }

  /// The verdict on the RST that ended the connection stands on all of its rows.
  void reset_verdict() {
    const Row ended = ending_rst(c_);
    if (ended == kNoRow) return;
    reset_states(ended);
    // Where an earlier RST of the same end was lost, that one had the reason.
    const Row sent = c_.model().first_rst[index(c_.records()[ended].from)];
    const Row rst = std::min(sent, ended);
    if (rst == row_) {
      accuse();
      return;
    }
    a_.reset_cause.reset();
    Annotation there;
    there.connection = a_.connection;
    there.tracked = true;
    Annotator(there, c_, successor_, rst, capture_).verdict_only();
    a_.reset_cause = there.reset_cause;
    a_.reset_confidence = there.reset_confidence;
    accuse();
  }

  /// Who is accused by the cause is the one who reset it.
  void accuse() {
    if (a_.reset_cause == Finding::RstForeignPath) a_.reset_by = ResetBy::ThirdParty;
  }

  void waiting() {
    const StepLog& log = c_.model().steps;
    const State client = a_.client().after, server = a_.server().after;
    const bool both_over = client == State::Closed && server == State::Closed;
    if (a_.phase == Phase::Reset || both_over) {
      a_.waiting_for = WaitingFor::Nothing;
    } else if (a_.phase == Phase::Handshake) {
      if (!reached(log.handshake_row(1)))
        a_.waiting_for =
            client == State::SynReceived ? WaitingFor::SynOrSynAck : WaitingFor::SynAck;
      else
        a_.waiting_for = WaitingFor::ThirdAck;
    } else if (a_.phase == Phase::Established) {
      a_.waiting_for = WaitingFor::Close;
    } else if (client == State::TimeWait || server == State::TimeWait) {
      const bool one_left = client == State::LastAck || server == State::LastAck ||
                            client == State::Closing || server == State::Closing;
      a_.waiting_for = one_left ? WaitingFor::AckOfSecondFin : WaitingFor::TimeWaitEnd;
    } else if (client == State::Closing && server == State::Closing) {
      a_.waiting_for = WaitingFor::BothAcks;
    } else if (client == State::FinWait2 || server == State::FinWait2) {
      a_.waiting_for = WaitingFor::SecondFin;
    } else if (client == State::LastAck || server == State::LastAck || reached(log.wave[2])) {
      a_.waiting_for = WaitingFor::AckOfSecondFin;
    } else {
      a_.waiting_for = reached(log.wave[1]) ? WaitingFor::SecondFin : WaitingFor::AckAndSecondFin;
    }
  }

  const Connection& c_;
  const Successor& successor_;
  const CaptureView& capture_;
  const SegmentRecord& r_;
  Row row_;
  Role role_;
  End client_;
  Annotation& a_;
};

}  // namespace

void make_annotation(Annotation& a, const Connection& c, const Successor& successor, Row row,
                     const CaptureView& capture) {
  Annotator(a, c, successor, row, capture).make();
}

void mark_record(Annotation& a, const SegmentRecord& r, const Role& role) {
  a.role_basis = role.basis;
  a.sender = r.from == role.client ? Side::Client : Side::Server;
  a.phase = r.phase;
  a.rst = r.flags.rst();
  a.flags = r.flags;
  a.payload = r.payload;
  a.lost = r.delivery == Delivery::Lost;
  a.copy = r.duplicate_of != kNoRow;
  a.seq_check = r.seq_check;
  a.ack_check = r.ack_check;
  for (unsigned left = r.steps.bits(); left != 0; left &= left - 1U) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    const Step step = static_cast<Step>(i);
    const bool handshake = step <= Step::Handshake3;
    const std::size_t number = handshake ? i : i - static_cast<std::size_t>(Step::Wave1);
    a.steps.push({handshake ? Phase::Handshake : Phase::Wave, static_cast<std::uint8_t>(number + 1),
                  r.repeated.has(step), kNoFrame});
  }
}

void make_mark(Annotation& a, const Connection& c, Row row, const CaptureView& capture) {
  Annotator(a, c, Successor{}, row, capture).mark();
}

}  // namespace tcpwave
