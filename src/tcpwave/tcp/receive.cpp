// Y receives it: RFC 9293 section 3.10.7, with RFC 5961, RFC 6191 and RFC 7323 (second rule).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/model.h"

namespace tcpwave {
namespace {

/// TS.Recent (RFC 7323 section 4.3 and, for a SYN, appendix D).
void note_timestamp(Endpoint& y, const SegmentRecord& r) {
  if (!r.has_ts) return;
  y.ts_recent = r.tsval;
  y.ts_recent_known = true;
}

}  // namespace

void Applier::receive(const SegmentRecord& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  switch (y.state) {
    case State::Closed:
      // Both reset: the other's RST, captured later, had been sent before this one arrived.
      if (r.flags.rst() && model_.rst == kNoRow && facts_.rst_under_way[index(e)].before <= row_)
        model_.rst = row_;
      return;
    case State::Listen:
      receive_in_listen(r);
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
  if (y.previous_incarnation && r.is_syn() && y.state == State::TimeWait && time_wait_takes(y, r) &&
      facts_.refuses_syn[index(e)] == kNoRow) {
    forget(e);
    happen(e, Event::NewListener, Basis::Presumed, true);
    receive(r);
    return;
  }
  //= rfc9293#3.10.7.4 rule-syn-challenge
  if (r.flags.syn()) {  // only in a simultaneous open is there a use for it
    if (r.is_syn_ack() && y.state == State::SynReceived && y.iss_known && r.ack - y.iss > 0)
      happen(e, Event::ReceiveAckOfSyn, Basis::Presumed);
    return;
  }
  receive_synchronized(r);
}

void Applier::receive_in_listen(const SegmentRecord& r) {
  const End e = other(r.from);
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
  Endpoint& y = model_.of(e);
  y.passive = true;
  y.rcv_nxt = r.seq + 1U;
  y.rcv_known = true;
  note_timestamp(y, r);
  happen(e, Event::ReceiveSyn, Basis::Presumed);
}

/// Y went back to LISTEN since it sent what this acknowledges, and has another ISN now.
bool Applier::acks_old_syn(const Endpoint& y, const SegmentRecord& r) {
  return y.had_iss && !y.iss_known && r.ack == y.old_iss + 1U;
}

/// Neither SYN nor RST, from SYN_RECEIVED on.
void Applier::receive_synchronized(const SegmentRecord& r) {
  Endpoint& y = model_.of(other(r.from));
  //= rfc9293#3.10.7.4 rule-no-ack
  if (y.previous_incarnation || !acceptable(y, r) || paws_rejects(y, r) || !r.flags.ack()) return;
  //= rfc9293#3.10.7.4 rule-time-wait-restart
  if (y.state == State::TimeWait && r.flags.fin()) y.time_wait_since_ns = r.time_ns;
  //= rfc9293#3.10.7.4 rule-ack-unsent MAY-12
  if (y.snd_known && r.ack - y.snd_nxt > 0) return;
  // TS.Recent follows what is in order only (RFC 7323 section 4.3), so reordering fails no PAWS test.
  if (!y.rcv_known || r.seq - y.rcv_nxt <= 0) note_timestamp(y, r);
  receive_ack(r);
  if (y.state != State::SynReceived && y.state != State::Closed) receive_text(r);
}

//= rfc9293#3.10.7.3 rule-syn-sent-ack rule-syn-sent-rst rule-syn-sent-other
void Applier::receive_in_syn_sent(const SegmentRecord& r) {
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
  const Row no_socket = facts_.no_socket[index(e)];
  if (r.is_syn_ack() && no_socket != kNoRow) {
    happen(e, Event::SendRst, Basis::Confirmed, false, no_socket);  // its RST is under way
    return;
  }
  advance(y.rcv_nxt, y.rcv_known, r.flags.fin() ? r.fin_seq() : r.end());
  const bool offered =
      !facts_.syn_seen[index(e)] || facts_.syn_cut[index(e)] || facts_.syn_ts[index(e)];
  if (offered) note_timestamp(y, r);
  if (!ack_good) {
    happen(e, Event::ReceiveSyn, Basis::Presumed);
    y.peer_fin_queued = r.flags.fin();  // for when it is open
    return;
  }
  advance(y.snd_una, y.una_known, r.ack);
  happen(e, Event::ReceiveSynAck, Basis::Presumed);
  if (r.flags.fin()) take_fin(e, Basis::Presumed);
}

//= rfc9293#3.5.3 SHLD-2
//= rfc9293#3.5 MUST-11
void Applier::receive_rst(const SegmentRecord& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  if (!rst_counts(y, r)) return;
  if (y.state == State::TimeWait && (facts_.time_wait_keeps[index(e)] || y.ignores_rst)) return;
  //= rfc9293#3.5.1 rule-half-open
  if (y.previous_incarnation) {
    forget(e);
    model_.previous_incarnation_rst = row_;
    happen(e, Event::NewListener, Basis::Presumed);
    return;
  }
  const bool back_to_listen = y.state == State::SynReceived && y.passive;
  if (model_.rst == kNoRow && !back_to_listen) model_.rst = row_;
  happen(e, back_to_listen ? Event::ReceiveRstAsListener : Event::ReceiveRst, Basis::Presumed);
  if (back_to_listen) {  // the next SYN gets a new ISN
    const Seq old_iss = y.iss_known ? y.iss : y.old_iss;
    const bool had_iss = y.iss_known || y.had_iss;
    forget(e);
    y.old_iss = old_iss;
    y.had_iss = had_iss;
    if (model_.rst == kNoRow) model_.rst = row_;
  }
}

void Applier::receive_ack(const SegmentRecord& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  if (y.state == State::SynReceived) {
    if (y.iss_known && r.ack - y.iss <= 0) return;
    if (acks_old_syn(y, r)) return;
    happen(e, Event::ReceiveAckOfSyn, Basis::Presumed);
  }
  advance(y.snd_una, y.una_known, r.ack);
  note_ground(r);
  if (y.fin_sent && r.ack - y.fin_seq > 0) happen(e, Event::ReceiveAckOfFin, Basis::Presumed);
}

/// Data and FIN, in order or kept beyond holes.
//= rfc9293#3.10.7.4 rule-text-after-fin SHLD-31
void Applier::receive_text(const SegmentRecord& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  if (y.fin_seen) return;  // a FIN ends the text
  if (!y.rcv_known || (r.after_missed && r.seq - y.rcv_nxt > 0)) {
    y.rcv_nxt = r.seq;
    y.rcv_known = true;
    const Endpoint& x = model_.of(r.from);
    if (r.after_missed && x.fin_sent && r.seq - x.fin_seq == 1) {
      take_fin(e, Basis::Presumed);
      return;
    }
  }
  const Seq text_end = r.seq + r.payload;
  if (r.seq - y.rcv_nxt > 0) {
    if (r.length() == 0) return;
    y.queued.add(r.seq, text_end);
    if (r.flags.fin()) y.peer_fin_queued = true;
    return;
  }
  y.rcv_nxt = y.queued.take(later(y.rcv_nxt, text_end));
  const Endpoint& x = model_.of(r.from);
  const bool fin_here = r.flags.fin() && r.fin_seq() == y.rcv_nxt;
  const bool fin_waited = y.peer_fin_queued && x.fin_sent && x.fin_seq == y.rcv_nxt;
  if ((fin_here || fin_waited) && !y.fin_seen) take_fin(e, Basis::Presumed);
}

//= rfc9293#3.10.7.4 rule-fin
void Applier::take_fin(End e, Basis basis) {
  Endpoint& y = model_.of(e);
  // A FIN of its own that does not acknowledge this one was under way when this one arrived.
  const Row own = facts_.first_fin[index(e)];
  if (!y.fin_sent && own != kNoRow && own > row_ && records_[own].flags.ack() &&
      records_[own].ack - model_.of(other(e)).fin_seq <= 0)
    send_fin(e, records_[own].fin_seq(), Basis::Confirmed, own);
  y.fin_seen = true;
  y.peer_fin_queued = false;
  advance(y.rcv_nxt, y.rcv_known, model_.of(other(e)).fin_seq + 1U);
  happen(e, Event::ReceiveFin, basis, basis == Basis::Confirmed);
}

}  // namespace tcpwave
