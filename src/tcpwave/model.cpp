// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/model.h"

#include <algorithm>

#include "tcpwave/checks.h"
#include "tcpwave/transitions.h"

namespace tcpwave {
namespace {

/// What a window is taken for where its scale is not known: the largest that can be granted.
constexpr std::uint32_t kUnscaledSlack = 65535U << 14;

void advance(Seq& value, bool& known, Seq to) {
  value = known ? later(value, to) : to;
  known = true;
}

}  // namespace

//= rfc9293#3.10.7.4 rule-acceptable
bool acceptable(const Endpoint& y, const Record& r) {
  if (!y.rcv_known) return true;
  if (r.end() - y.rcv_nxt < -1) return false;  // all of it old; RCV.NXT - 1 is a keepalive's place
  return !y.window_known || r.seq - y.rcv_right <= 0;
}

bool paws_rejects(const Endpoint& y, const Record& r) {
  if (!r.has_ts || !y.peer_ts_known || y.old_socket || r.flags.rst() || r.flags.syn()) return false;
  return static_cast<std::int32_t>(r.tsval - y.peer_ts) < 0;
}

//= rfc9293#3.1 MUST-1
std::uint32_t granted_window(const Facts& facts, const Record& r) {
  if (r.flags.syn()) return r.window;
  if (!facts.syn_seen[0] || !facts.syn_seen[1]) return kUnscaledSlack;
  const bool scaled = facts.window_scale[0] >= 0 && facts.window_scale[1] >= 0;
  return scaled ? std::uint32_t{r.window} << facts.window_scale[index(r.from)] : r.window;
}

//= rfc9293#3.4 MUST-66
//= rfc9293#3.10.7.4 rule-rst-outside rule-rst-exact rule-rst-challenge
bool rst_acceptable(const Endpoint& y, const Record& r) {
  return !y.rcv_known || r.seq == y.rcv_nxt || (y.fin_seen && r.seq + 1U == y.rcv_nxt);
}

//= rfc9293#3.6.1 MAY-2 SHLD-4
bool time_wait_takes(const Endpoint& y, const Record& syn) {
  if (syn.has_ts && y.peer_ts_known) {
    const auto newer = static_cast<std::int32_t>(syn.tsval - y.peer_ts);
    if (newer != 0) return newer > 0;
  }
  return !y.rcv_known || syn.seq - y.rcv_nxt > 0;
}

void Player::play(Row row) {
  row_ = row;
  Record& r = records_[row];
  if (row == 0) begin(r);
  timers(r);
  for (const End e : {End::A, End::B}) {
    if (facts_.unseen_fin[index(e)].row == row) unseen_fin(e);
  }
  judge(model_, facts_, r);
  mark_steps(model_, facts_, records_, row);
  if (!r.bogus) send(r);
  if (r.fate != Fate::Lost) receive(r);
  // A FIN from before the capture that the first segment does not acknowledge was under way to its sender.
  const Facts::UnseenFin& fin = facts_.unseen_fin[index(other(r.from))];
  if (row == 0 && fin.row == 0 && fin.before_capture && !model_.of(r.from).fin_seen)
    take_fin(r.from, Basis::Presumed);
  note_phase(r);
}

/// Where the connection as a whole stands after this row.
void Player::note_phase(Record& r) {
  const auto open = [](State s) {
    return s != State::Unknown && s != State::Closed && s != State::Listen && s != State::SynSent &&
           s != State::SynReceived;
  };
  const bool ended = model_.phase == Phase::Closed || model_.phase == Phase::Reset;
  const auto closing = [](const Endpoint& e) { return e.fin_sent && !e.old_socket; };
  const bool wave = model_.steps.closing || closing(model_.end[0]) || closing(model_.end[1]);
  if (!ended) {
    if (model_.steps.wave[3] != kNoRow)
      model_.phase = Phase::Closed;
    else if (model_.rst != kNoRow)
      model_.phase = Phase::Reset;
    else if (wave)
      model_.phase = Phase::Wave;
    else if (model_.steps.handshake_row(2) != kNoRow ||
             (open(model_.end[0].state) && open(model_.end[1].state)))
      model_.phase = Phase::Established;
    else if (model_.end[0].iss_known || model_.end[1].iss_known)
      model_.phase = std::max(model_.phase, Phase::Handshake);
  }
  r.phase = model_.phase;
}

/// The states before the first captured segment.
void Player::begin(const Record& r) {
  Endpoint& x = model_.of(r.from);
  Endpoint& y = model_.of(other(r.from));
  if (y.old_socket) {  // the successor of an earlier connection, whose socket may still be there
    set(r.from, State::Closed, Basis::Presumed, true);
    set(other(r.from), y.state, y.basis, true);
    return;
  }
  if (r.is_syn()) {
    set(r.from, State::Closed, Basis::Presumed, true);
    set(other(r.from), facts_.no_listener ? State::Closed : State::Listen, Basis::Presumed, true);
  } else if (r.is_syn_ack()) {
    set(r.from, State::SynReceived, Basis::Presumed, true);
    x.passive = true;
    set(other(r.from), State::SynSent, Basis::Presumed, true);
    advance(y.snd_nxt, y.snd_known, r.ack);
    y.sent_to = r.ack;
    y.iss = r.ack - 1U;
    y.iss_known = true;
    advance(x.rcv_nxt, x.rcv_known, r.ack);
  } else if (!r.flags.rst()) {
    set(r.from, State::Established, Basis::Assumed, true);
    set(other(r.from), State::Established, Basis::Assumed, true);
  }
}

//= rfc9293#3.6.1 MUST-13
void Player::timers(const Record& r) {
  for (const End e : {End::A, End::B}) {
    const Endpoint& x = model_.of(e);
    if (x.state == State::TimeWait && r.time_ns - x.time_wait_since_ns > time_wait_ns_)
      happen(e, Event::Timeout, Basis::Timer, true);
  }
}

void Player::unseen_fin(End e) {
  const Facts::UnseenFin& fin = facts_.unseen_fin[index(e)];
  if (fin.foreign) {
    model_.of(other(e)).rcv_nxt = fin.seq + 1U;
    model_.of(other(e)).fin_seen = true;
    happen(other(e), Event::ReceiveFin, Basis::Confirmed, true);
    return;
  }
  send_fin(e, fin.seq, Basis::Presumed);
  if (!fin.before_capture) return;
  const Record& first = records_[0];
  const bool received = first.from == e || (first.flags.ack() && first.ack - fin.seq > 0);
  if (!received) return;
  take_fin(other(e), Basis::Presumed);
  happen(e, Event::ReceiveAckOfFin, Basis::Presumed, true);
}

// --- 1. X sent it -------------------------------------------------------------------------------

void Player::send(const Record& r) {
  Endpoint& x = model_.of(r.from);
  if (r.flags.rst()) {
    send_rst(r);
    return;
  }
  if (x.old_socket && !r.flags.syn()) return;  // it speaks of the previous incarnation
  // Where the peer is never seen, going on beyond the own FIN shows that this was acknowledged.
  if (!facts_.seen[index(other(r.from))] && x.fin_sent && r.seq - x.fin_seq == 1)
    happen(r.from, Event::ReceiveAckOfFin, Basis::Presumed, true);
  if (r.flags.ack() && !(r.is_syn_ack() && x.old_socket)) prove_received(r.from, r.ack);
  if (r.flags.syn()) {
    send_syn(r);
  } else if (x.state == State::SynReceived &&
             !facts_.fast_open) {  // only an open end sends or takes data
    const Endpoint& y = model_.of(other(r.from));
    const bool took_data = r.flags.ack() && y.iss_known && r.ack - y.iss > 1;
    if (r.payload > 0 || took_data) happen(r.from, Event::ReceiveAckOfSyn, Basis::Confirmed, true);
  }
  if (r.flags.fin()) send_fin(r.from, r.fin_seq(), Basis::Sent);
  // A first segment in the middle, or one beyond a hole: everything before it was sent.
  note_sent(x, r);
  if (!x.una_known && !r.flags.syn()) {
    x.snd_una = r.seq;
    x.una_known = true;
  }
  if (r.flags.ack()) {
    advance(x.highest_ack, x.acked, r.ack);
    x.last_window = r.window;
  }
  const Endpoint& peer = model_.of(other(r.from));
  if (r.payload > 0 && peer.fin_sent && x.fin_seen && model_.half_close == kNoRow)
    model_.half_close = row_;
  grant(r);
}

void Player::note_sent(Endpoint& x, const Record& r) {
  if (x.snd_known && r.seq - x.sent_to > 0) {
    x.hole_from = x.sent_to;
    x.hole_to = r.seq;
  } else if (x.hole_to != x.hole_from && r.end() - x.hole_from > 0 && r.seq - x.hole_to < 0) {
    if (r.seq - x.hole_from <= 0)
      x.hole_from = r.end() - x.hole_to < 0 ? r.end() : x.hole_to;
    else
      x.hole_to = r.seq;
  }
  const bool beyond_fin = x.fin_sent && r.end() - x.fin_seq > 1;
  if (!beyond_fin) x.sent_to = x.snd_known ? later(x.sent_to, r.end()) : r.end();
  if (!x.fin_sent) advance(x.snd_nxt, x.snd_known, r.end());
}

/// X acknowledges up to `ack`, so X has received all of that from Y.
void Player::prove_received(End e, Seq ack) {
  Endpoint& x = model_.of(e);
  Endpoint& y = model_.of(other(e));
  if (x.state == State::SynSent && y.state != State::SynSent) {
    if (!y.iss_known && !y.snd_known) {  // Y's SYN,ACK was not captured
      y.iss = ack - 1U;
      y.iss_known = true;
      happen(other(e), Event::SendSynAck, Basis::Confirmed, true);
    }
    happen(e, Event::ReceiveSynAck, Basis::Confirmed, true);
  }
  y.sent_to = y.snd_known ? later(y.sent_to, ack) : ack;
  advance(y.snd_nxt, y.snd_known, ack);
  const bool whole_fin = y.fin_sent && ack - y.fin_seq > 0;
  if (!x.rcv_known || ack - x.rcv_nxt > 0) {
    x.rcv_nxt = ack;
    x.rcv_known = true;
    if (x.queued_to - x.queued_from > 0 && x.queued_to - ack <= 0) x.queued_to = x.queued_from;
  }
  if (whole_fin && !x.fin_seen)
    take_fin(e, Basis::Confirmed);
  else
    confirm(e);
}

void Player::send_syn(const Record& r) {
  Endpoint& x = model_.of(r.from);
  if (x.old_socket) {
    x = Endpoint{};
    set(r.from, r.is_syn() ? State::Closed : State::Listen, Basis::Presumed, true);
  }
  x.iss = r.seq;
  x.iss_known = true;
  if (r.is_syn()) {
    happen(r.from, Event::SendSyn, Basis::Sent);
    return;
  }
  if (x.state == State::Listen || x.state == State::Unknown) x.passive = true;
  happen(r.from, Event::SendSynAck, Basis::Sent);
  advance(x.rcv_nxt, x.rcv_known, r.ack);
}

void Player::send_fin(End e, Seq fin_seq, Basis basis) {
  Endpoint& x = model_.of(e);
  if (x.fin_sent) return;
  x.fin_sent = true;
  x.fin_seq = fin_seq;
  advance(x.snd_nxt, x.snd_known, fin_seq + 1U);
  happen(e, Event::SendFin, basis, basis != Basis::Sent);
}

/// A RST's sender is gone, but for one that answers an unacceptable ACK while it opens: it stays
/// (RFC 9293 section 3.10.7.2 and .3). Such an answer carries the offending ACK as its seq, and no ACK.
//= rfc9293#3.10.7.2 rule-listen-ack
//= rfc9293#3.10.7.3 rule-syn-sent-ack
void Player::send_rst(const Record& r) {
  const Endpoint& x = model_.of(r.from);
  const bool opening =
      x.state == State::SynSent || x.state == State::SynReceived || x.state == State::Listen;
  if (opening && x.snd_known && r.seq != x.snd_nxt) return;
  if (x.state == State::Listen && !r.flags.ack()) return;
  if (x.old_socket && x.state != State::TimeWait) return;
  if (happen(r.from, Event::SendRst, Basis::Sent)) model_.first_rst[index(r.from)] = row_;
}

/// What the sender lets its peer send: SEG.ACK + SEG.WND, scaled where both offered it.
//= rfc9293#3.8.6 MUST-34
void Player::grant(const Record& r) {
  if (!r.flags.ack()) return;
  Endpoint& x = model_.of(r.from);
  advance(x.rcv_right, x.window_known, r.ack + granted_window(facts_, r));
}

// --- 2. Y receives it ---------------------------------------------------------------------------

void Player::receive(const Record& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  switch (y.state) {
    case State::Closed:
      return;
    case State::Listen:
      if (!r.is_syn() || r.flags.rst()) return;
      if (facts_.first_syn[index(e)] != kNoRow) {  // its own SYN was under way: simultaneous open
        happen(e, Event::SendSyn, Basis::Confirmed, true);
        receive_in_syn_sent(r);
        return;
      }
      if (model_.phase == Phase::Reset) {  // it had only gone back to LISTEN
        model_.phase = Phase::Handshake;
        model_.rst = kNoRow;
      }
      y.passive = true;
      y.rcv_nxt = r.seq + 1U;
      y.rcv_known = true;
      happen(e, Event::ReceiveSyn, Basis::Presumed);
      return;
    case State::SynSent:
      receive_in_syn_sent(r);
      return;
    case State::Unknown:
      if (r.flags.rst()) happen(e, Event::ReceiveRst, Basis::Assumed);
      return;
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait:
      break;
  }
  if (r.flags.rst()) {
    receive_rst(r);
    return;
  }
  if (y.old_socket && r.is_syn() && y.state == State::TimeWait && time_wait_takes(y, r)) {
    y = Endpoint{};
    set(e, State::Listen, Basis::Presumed, true);
    receive(r);
    return;
  }
  //= rfc9293#3.10.7.4 rule-syn-challenge
  if (r.flags.syn()) {  // only in a simultaneous open is there a use for it
    if (r.is_syn_ack() && y.state == State::SynReceived && y.iss_known && r.ack - y.iss > 0)
      happen(e, Event::ReceiveAckOfSyn, Basis::Presumed);
    return;
  }
  //= rfc9293#3.10.7.4 rule-no-ack
  if (y.old_socket || !acceptable(y, r) || paws_rejects(y, r) || !r.flags.ack()) return;
  //= rfc9293#3.10.7.4 rule-ack-unsent MAY-12
  if (y.snd_known && r.ack - y.snd_nxt > 0) return;
  // TS.Recent follows what is in order only (RFC 7323 section 4.3), so reordering fails no PAWS test.
  if (r.has_ts && (!y.rcv_known || r.seq - y.rcv_nxt <= 0)) {
    y.peer_ts = r.tsval;
    y.peer_ts_known = true;
  }
  receive_ack(r);
  if (y.state != State::SynReceived && y.state != State::Closed) receive_text(r);
}

//= rfc9293#3.10.7.3 rule-syn-sent-ack rule-syn-sent-rst rule-syn-sent-other
void Player::receive_in_syn_sent(const Record& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  const bool ack_good = r.flags.ack() && y.iss_known && r.ack - y.iss > 0 && r.ack - y.snd_nxt <= 0;
  if (r.flags.ack() && !ack_good) return;
  if (r.flags.rst()) {
    if (!ack_good) return;
    if (model_.rst == kNoRow) model_.rst = row_;
    happen(e, Event::ReceiveRst, Basis::Presumed);
    return;
  }
  if (!r.flags.syn()) return;
  advance(y.rcv_nxt, y.rcv_known, r.end());
  if (!ack_good) {
    happen(e, Event::ReceiveSyn, Basis::Presumed);
    return;
  }
  advance(y.snd_una, y.una_known, r.ack);
  happen(e, Event::ReceiveSynAck, Basis::Presumed);
}

//= rfc9293#3.5.3 SHLD-2
//= rfc9293#3.5 MUST-11
void Player::receive_rst(const Record& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  if (r.fate != Fate::Arrived && !rst_acceptable(y, r)) return;
  if (y.state == State::TimeWait && facts_.time_wait_keeps[index(e)]) return;
  //= rfc9293#3.5.1 rule-half-open
  if (y.old_socket) {
    y = Endpoint{};
    model_.old_socket_rst = row_;
    set(e, State::Listen, Basis::Presumed, false);
    return;
  }
  const bool back_to_listen = y.state == State::SynReceived && y.passive;
  if (model_.rst == kNoRow && !back_to_listen) model_.rst = row_;
  happen(e, back_to_listen ? Event::ReceiveRstAsListener : Event::ReceiveRst, Basis::Presumed);
  if (back_to_listen) {  // the next SYN gets a new ISN
    const Endpoint old = y;
    y = Endpoint{};
    y.state = old.state;
    y.basis = old.basis;
    model_.rst = row_;
  }
}

void Player::receive_ack(const Record& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  if (y.state == State::SynReceived) {
    if (y.iss_known && r.ack - y.iss <= 0) return;
    happen(e, Event::ReceiveAckOfSyn, Basis::Presumed);
  }
  advance(y.snd_una, y.una_known, r.ack);
  if (y.fin_sent && r.ack - y.fin_seq > 0) happen(e, Event::ReceiveAckOfFin, Basis::Presumed);
}

/// Data and FIN, in order or kept beyond one hole.
//= rfc9293#3.10.7.4 rule-text-after-fin SHLD-31
void Player::receive_text(const Record& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  if (y.fin_seen) return;  // a FIN ends the text
  if (!y.rcv_known || (r.after_missed && r.seq - y.rcv_nxt > 0)) {
    y.rcv_nxt = r.seq;
    y.rcv_known = true;
  }
  const Seq text_end = r.seq + r.payload;
  if (r.seq - y.rcv_nxt > 0) {
    if (r.length() == 0) return;
    const bool joins = y.queued_to - y.queued_from > 0 && r.seq - y.queued_to <= 0 &&
                       text_end - y.queued_from >= 0;
    if (joins) {
      if (r.seq - y.queued_from < 0) y.queued_from = r.seq;
      y.queued_to = later(y.queued_to, text_end);
    } else if (y.queued_to == y.queued_from) {
      y.queued_from = r.seq;
      y.queued_to = text_end;
    }
    if (r.flags.fin()) y.peer_fin_queued = true;
    return;
  }
  y.rcv_nxt = later(y.rcv_nxt, text_end);
  if (y.queued_to - y.queued_from > 0 && y.rcv_nxt - y.queued_from >= 0) {
    y.rcv_nxt = later(y.rcv_nxt, y.queued_to);
    y.queued_to = y.queued_from;
  }
  const Endpoint& x = model_.of(r.from);
  const bool fin_here = r.flags.fin() && r.fin_seq() == y.rcv_nxt;
  const bool fin_waited = y.peer_fin_queued && x.fin_sent && x.fin_seq == y.rcv_nxt;
  if ((fin_here || fin_waited) && !y.fin_seen) take_fin(e, Basis::Presumed);
}

//= rfc9293#3.10.7.4 rule-fin
void Player::take_fin(End e, Basis basis) {
  Endpoint& y = model_.of(e);
  // A FIN of its own that does not acknowledge this one was under way when this one arrived.
  const Row own = facts_.first_fin[index(e)];
  if (!y.fin_sent && own != kNoRow && own > row_ && records_[own].flags.ack() &&
      records_[own].ack - model_.of(other(e)).fin_seq <= 0)
    send_fin(e, records_[own].fin_seq(), Basis::Confirmed);
  y.fin_seen = true;
  y.peer_fin_queued = false;
  y.rcv_nxt = later(y.rcv_nxt, model_.of(other(e)).fin_seq + 1U);
  y.rcv_known = true;
  happen(e, Event::ReceiveFin, basis, basis == Basis::Confirmed);
}

// --- the timeline -------------------------------------------------------------------------------

bool Player::happen(End e, Event event, Basis basis, bool prior) {
  const State to = next(model_.of(e).state, event);
  if (to == model_.of(e).state) return false;
  set(e, to, basis, prior);
  return true;
}

void Player::set(End e, State state, Basis basis, bool prior) {
  Endpoint& x = model_.of(e);
  x.state = state;
  x.basis = basis;
  if (state == State::TimeWait) x.time_wait_since_ns = records_[row_].time_ns;
  const bool proven = basis == Basis::Sent || basis == Basis::Confirmed;
  timeline_.add(e, {row_, proven ? row_ : kNoRow, state, basis, prior});
}

/// What was presumed of the endpoint's last change is proven by this row's segment.
void Player::confirm(End e) {
  Endpoint& x = model_.of(e);
  if (x.basis != Basis::Presumed) return;
  // Only that it received its peer's SYN or FIN shows in its ACK; that it received an ACK does not.
  if (x.state != State::CloseWait && x.state != State::Closing && x.state != State::TimeWait)
    return;
  timeline_.confirm(e, row_);
  x.basis = Basis::Confirmed;
}

}  // namespace tcpwave
