// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/model.h"

#include <algorithm>
#include <cassert>

#include "tcpwave/tcp/checks.h"
#include "tcpwave/tcp/transitions.h"

namespace tcpwave {
namespace {

/// What a window is taken for where its scale is not known: the largest that can be granted.
constexpr std::uint32_t kUnscaledSlack = 65535U << 14;

}  // namespace

//= rfc9293#3.10.7.4 rule-acceptable
bool acceptable(const Endpoint& y, const SegmentRecord& r) {
  if (!y.rcv_known) return true;
  if (r.end() - y.rcv_nxt < -1) return false;  // all of it old; RCV.NXT - 1 is a keepalive's place
  return !y.window_known || r.after_missed || r.seq - y.rcv_right <= 0;
}

bool rst_counts(const Endpoint& y, const SegmentRecord& r) {
  return r.delivery == Delivery::Delivered || r.after_missed || rst_acceptable(y, r);
}

bool paws_rejects(const Endpoint& y, const SegmentRecord& r) {
  if (!r.has_ts || !y.ts_recent_known || y.previous_incarnation || r.flags.rst() || r.flags.syn())
    return false;
  return ts_newer(y.ts_recent, r.tsval);
}

//= rfc9293#3.1 MUST-1
std::uint32_t granted_window(const Facts& facts, const SegmentRecord& r) {
  if (r.flags.syn()) return r.window;
  if (!facts.scale_known()) return kUnscaledSlack;
  return std::uint32_t{r.window} << facts.window_shift(r.from);
}

//= rfc9293#3.4 MUST-66
//= rfc9293#3.10.7.4 rule-rst-outside rule-rst-exact rule-rst-challenge
bool rst_acceptable(const Endpoint& y, const SegmentRecord& r) {
  if (!y.rcv_known || r.seq == y.rcv_nxt) return true;
  // Beyond a hole the right edge of what its SACKs report is exact, too: Linux takes it since 4.7 (tcp_validate_incoming).
  if (y.reports_sack && !y.queued.empty() && r.seq == y.queued.end()) return true;
  return y.fin_seen && y.state != State::TimeWait && r.seq + 1U == y.rcv_nxt;
}

//= rfc9293#3.6.1 MAY-2 SHLD-4
bool time_wait_takes(const Endpoint& y, const SegmentRecord& syn) {
  if (syn.has_ts && y.ts_recent_known && syn.tsval != y.ts_recent)
    return ts_newer(syn.tsval, y.ts_recent);
  return !y.rcv_known || syn.seq - y.rcv_nxt > 0;
}

void Applier::apply(Row row, SegmentRecord& r) {
  row_ = row;
  before_ = {model_.end[0].state, model_.end[1].state};
  if (row == 0) begin(r);
  timers(r);
  for (const End e : {End::A, End::B}) {
    if (facts_.unseen_fin[index(e)].row == row) unseen_fin(e);
  }
  // Refused before, and now somebody listens there.
  if (facts_.listener_since == row)
    happen(other(r.from), Event::NewListener, Basis::Presumed, true);
  const NumberCheck numbers = check_numbers(model_, facts_, r);
  r.seq_check = numbers.seq;
  r.ack_check = numbers.ack;
  r.notes = numbers.notes & 0xfU;
  note_steps(model_, facts_, records_, row, r);
  model_.seen[index(r.from)] = true;
  if (!r.unattributable) send(r);
  leave_under_way(other(r.from));
  if (r.delivery != Delivery::Lost) receive(r);
  // An unseen FIN from before the capture that the first segment does not acknowledge was under way to its sender.
  const Facts::UnseenFin& fin = facts_.unseen_fin[index(other(r.from))];
  const bool under_way = fin.row == row && fin.before_capture && row == 0;
  if (under_way && !model_.of(r.from).fin_seen) take_fin(r.from, Basis::Presumed);
  note_phase(r);
  r.states = RowStates::of(before_, {model_.end[0].state, model_.end[1].state});
}

/// Where the connection as a whole stands after this row.
void Applier::note_phase(SegmentRecord& r) {
  const auto open = [this](End e) {
    const State s = model_.of(e).state;
    const Facts::UnderWay& rst = facts_.rst_under_way[index(e)];
    const bool left_under_way = rst.before <= row_ && rst.sent > row_;  // its RST is still to come
    return left_under_way || (s != State::Unknown && s != State::Closed && s != State::Listen &&
                              s != State::SynSent && s != State::SynReceived);
  };
  const bool ended = model_.phase == Phase::Closed || model_.phase == Phase::Reset;
  const auto closing = [this](End e) {
    const Facts::UnderWay& fin = facts_.fin_under_way[index(e)];
    const bool captured = fin.before == kNoRow || fin.before > row_ || fin.sent <= row_;
    return model_.of(e).fin_sent && !model_.of(e).previous_incarnation && captured;
  };
  const bool wave = model_.steps.closing || closing(End::A) || closing(End::B);
  if (!ended) {
    if (model_.steps.wave[3] != kNoRow)
      model_.phase = Phase::Closed;
    else if (model_.rst != kNoRow)
      model_.phase = Phase::Reset;
    else if (wave)
      model_.phase = Phase::Wave;
    else if (model_.steps.handshake_row(2) != kNoRow || (open(End::A) && open(End::B)))
      model_.phase = Phase::Established;
    else if (model_.end[0].iss_known || model_.end[1].iss_known)
      model_.phase = std::max(model_.phase, Phase::Handshake);
  }
  r.phase = model_.phase;
}

/// The states before the first captured segment.
void Applier::begin(const SegmentRecord& r) {
  const End e = other(r.from);
  Endpoint& x = model_.of(r.from);
  Endpoint& y = model_.of(e);
  // It answers a SYN that was not captured, so a new socket has taken the place of an earlier connection's.
  if (r.is_syn_ack() && y.previous_incarnation && !facts_.seen[index(e)]) {
    forget(e);
    happen(e, Event::NewOpener, Basis::Presumed, true);
  }
  if (facts_.older_socket ||
      y.previous_incarnation) {  // an earlier connection's socket may still be there
    happen(r.from, r.is_syn_ack() ? Event::FoundListening : Event::FoundClosed, Basis::Presumed,
           true);
    if (facts_.older_socket) {
      y.previous_incarnation = true;
      happen(e, facts_.older_ignored < 2 ? Event::FoundOpen : Event::FoundInTimeWait,
             Basis::Assumed, true);
      y.time_wait_since_ns = r.time_ns;
    } else {
      note_state(e, true, kNoRow);  // what proved it is the older connection's
    }
    return;
  }
  if (r.is_syn()) {
    happen(r.from, Event::FoundClosed, Basis::Presumed, true);
    happen(e, facts_.no_listener ? Event::FoundClosed : Event::FoundListening, Basis::Presumed,
           true);
  } else if (r.is_syn_ack()) {  // it answers a SYN that was not captured
    happen(r.from, Event::ReceiveSyn, Basis::Presumed, true);
    x.passive = true;
    const bool gone = facts_.no_socket[index(e)] != kNoRow;
    happen(e, gone ? Event::FoundClosed : Event::SendSyn, Basis::Presumed, true);
    advance(y.snd_nxt, y.snd_known, r.ack);
    y.snd_max = r.ack;
    y.iss = r.ack - 1U;
    y.iss_known = true;
    advance(x.rcv_nxt, x.rcv_known, r.ack);
  } else if (!r.flags.rst()) {
    happen(r.from, Event::FoundOpen, Basis::Assumed, true);
    happen(e, facts_.no_listener ? Event::FoundClosed : Event::FoundOpen, Basis::Assumed, true);
  }
}

//= rfc9293#3.6.1 MUST-13
void Applier::timers(const SegmentRecord& r) {
  for (const End e : {End::A, End::B}) {
    Endpoint& x = model_.of(e);
    if (x.state != State::TimeWait) continue;
    // It began before this segment came, whatever the time stamp of the one that began it.
    x.time_wait_since_ns = std::min(x.time_wait_since_ns, r.time_ns);
    if (r.time_ns - x.time_wait_since_ns > time_wait_ns_)
      happen(e, Event::Timeout, Basis::Timer, true);
  }
}

/// What the end had sent before this row's segment reached it, though it was captured later.
void Applier::leave_under_way(End e) {
  const Facts::UnderWay& fin = facts_.fin_under_way[index(e)];
  if (fin.before == row_ && model_.of(e).snd_known) {
    const SegmentRecord& sent = records_[fin.sent];
    if (sent.flags.ack()) prove_received(e, sent.ack);
    send_fin(e, sent.fin_seq(), Basis::Confirmed, fin.sent);
  }
  const Facts::UnderWay& rst = facts_.rst_under_way[index(e)];
  if (rst.before == row_) happen(e, Event::SendRst, Basis::Confirmed, true, rst.sent);
}

void Applier::unseen_fin(End e) {
  const Facts::UnseenFin& fin = facts_.unseen_fin[index(e)];
  if (fin.foreign) {
    advance(model_.of(other(e)).rcv_nxt, model_.of(other(e)).rcv_known, fin.seq + 1U);
    model_.of(other(e)).fin_seen = true;
    happen(other(e), Event::ReceiveFin, Basis::Confirmed, true);
    return;
  }
  send_fin(e, fin.seq, Basis::Presumed);
  if (!fin.before_capture) return;
  const SegmentRecord& first = records_[0];
  const bool received = first.from == e || (first.flags.ack() && first.ack - fin.seq > 0);
  if (!received) return;
  take_fin(other(e), Basis::Presumed);
  happen(e, Event::ReceiveAckOfFin, Basis::Presumed, true);
}

// --- the timeline -------------------------------------------------------------------------------

/// The only place that writes an endpoint's state. False where the event changes nothing.
bool Applier::happen(End e, Event event, Basis basis, bool prior, Row shown_by) {
  Endpoint& x = model_.of(e);
  assert(kind_of(x.state, event) != CellKind::Impossible);
  const State to = next(x.state, event);
  if (to == x.state) return false;
  x.state.value_ = to;
  const bool proven = basis == Basis::Sent || basis == Basis::Confirmed;
  const bool guessed = proven && rests_on_guess(e);
  x.basis = guessed ? Basis::Presumed : basis;
  note_state(e, prior, !proven || guessed ? kNoRow : shown_by != kNoRow ? shown_by : row_);
  note_proof(e, event);
  return true;
}

/// The state is as it was, and from this row on no more than presumed.
void Applier::doubt(End e) {
  Endpoint& x = model_.of(e);
  if (x.basis == Basis::Presumed) return;
  x.basis = Basis::Presumed;
  note_state(e, false, kNoRow);
}

/// The endpoint's state holds from this row on: a new one, or the one in which its socket was left.
void Applier::note_state(End e, bool prior, Row proof) {
  Endpoint& x = model_.of(e);
  if (prior) before_[index(e)] = x.state;
  if (x.state == State::TimeWait) x.time_wait_since_ns = records_[row_].time_ns;
  const bool foreseen = proof != kNoRow && proof > row_;
  timeline_.add(e, {row_, proof, x.state, x.basis, prior, foreseen});
}

/// A socket is gone, and all its variables with it; the state is the table's.
void Applier::forget(End e) {
  Endpoint fresh;
  fresh.state = model_.of(e).state;
  fresh.basis = model_.of(e).basis;
  model_.of(e) = fresh;
}

}  // namespace tcpwave
