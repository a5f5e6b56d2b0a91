// X sent it: what a segment proves about its sender (specification section 1, first rule).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/model.h"

namespace tcpwave {

void Applier::send(const SegmentRecord& r) {
  Endpoint& x = model_.of(r.from);
  if (r.flags.rst()) {
    send_rst(r);
    return;
  }
  if (x.previous_incarnation && !r.flags.syn()) return;  // it speaks of the previous incarnation
  if (fin_must_be_acked(r)) happen(r.from, Event::ReceiveAckOfFin, Basis::Presumed, true);
  const bool to_old_syn = acks_old_syn(model_.of(other(r.from)), r);
  const bool of_past = to_old_syn || (r.is_syn_ack() && x.previous_incarnation);
  if (r.flags.ack() && !of_past) prove_received(r.from, r.ack);
  if (r.flags.syn()) {
    send_syn(r);
  } else if (!facts_.fast_open) {
    prove_open(r);
  }
  if (r.flags.fin()) send_fin(r.from, r.fin_seq(), Basis::Sent);
  // A first segment in the middle, or one beyond a hole: everything before it was sent.
  note_sent(x, r);
  if (!x.una_known && !r.flags.syn()) {
    x.snd_una = r.seq;
    x.una_known = true;
  }
  if (r.flags.ack() && !to_old_syn) {
    advance(x.highest_ack, x.acked, r.ack);
    x.last_window = r.window;
    x.reports_sack |= r.may_have_sack();
  }
  const Endpoint& peer = model_.of(other(r.from));
  if (r.payload > 0 && peer.fin_sent && x.fin_seen && r.ack - peer.fin_seq > 0 &&
      model_.half_close == kNoRow)
    model_.half_close = row_;
  if (!to_old_syn) grant(r);
}

/// Only an open end sends or takes data, but with Fast Open.
void Applier::prove_open(const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  const bool took_data = r.flags.ack() && y.iss_known && !y.isn_far && r.ack - y.iss > 1;
  const bool open = r.payload > 0 || took_data;
  if (x.state == State::Established) {
    if (x.passive && open) confirm(r.from);
    return;
  }
  if (x.state != State::SynReceived) return;
  // Where the peer is never seen, an ACK after the SYN,ACK answers what only an open end answers so.
  const bool peer_unseen = !facts_.seen[index(other(r.from))] && !r.flags.fin();
  if (open)
    happen(r.from, Event::ReceiveAckOfSyn, Basis::Confirmed, true);
  else if (peer_unseen)
    happen(r.from, Event::ReceiveAckOfSyn, Basis::Presumed, true);
}

/// Where the peer is never seen: an end that goes on beyond its own FIN has sent that, no more. That it was
/// acknowledged is so once the peer's FIN came, and a round trip later, for it was not sent again.
bool Applier::fin_must_be_acked(const SegmentRecord& r) const {
  const std::size_t own = index(r.from);
  const Endpoint& x = model_.of(r.from);
  if (facts_.seen[index(other(r.from))] || !x.fin_sent || r.seq - x.fin_seq != 1) return false;
  const Row fin = facts_.first_fin[own];
  const bool answered = facts_.unseen_fin[index(other(r.from))].row == row_;
  return fin == kNoRow || answered ||
         r.time_ns - records_[fin].time_ns >= facts_.own_round_trip_ns[own];
}

void Applier::note_sent(Endpoint& x, const SegmentRecord& r) {
  if (x.snd_known && r.seq - x.snd_max > 0) {
    x.hole_from = x.snd_max;
    x.hole_to = r.seq;
  } else if (x.hole_to != x.hole_from && r.end() - x.hole_from > 0 && r.seq - x.hole_to < 0) {
    if (r.seq - x.hole_from <= 0)
      x.hole_from = r.end() - x.hole_to < 0 ? r.end() : x.hole_to;
    else
      x.hole_to = r.seq;
  }
  const bool beyond_fin = x.fin_sent && r.end() - x.fin_seq > 1;
  if (!beyond_fin) x.snd_max = x.snd_known ? later(x.snd_max, r.end()) : r.end();
  if (!x.fin_sent) advance(x.snd_nxt, x.snd_known, r.end());
  x.isn_far |= x.iss_known && !is_near(x.iss, x.snd_max);
}

/// X acknowledges up to `ack`, so X has received all of that from Y.
void Applier::prove_received(End e, Seq ack) {
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
  // Only an open end sends data: what was not captured of it had made it one.
  const bool sent_data = y.iss_known && ack - y.iss > 1 && !y.fin_sent;
  if (y.state == State::SynReceived && sent_data && !facts_.fast_open)
    happen(other(e), Event::ReceiveAckOfSyn, Basis::Presumed, true);
  y.snd_max = y.snd_known ? later(y.snd_max, ack) : ack;
  advance(y.snd_nxt, y.snd_known, ack);
  y.isn_far |= y.iss_known && !is_near(y.iss, y.snd_max);
  const bool whole_fin = y.fin_sent && ack - y.fin_seq > 0;
  if (!x.rcv_known || ack - x.rcv_nxt > 0) {
    x.rcv_nxt = ack;
    x.rcv_known = true;
    x.queued.take(ack);
  }
  if (whole_fin && !x.fin_seen) {
    // Nobody saw it, but a FIN that was sent after the own had arrived acknowledges that.
    const bool unseen = facts_.unseen_fin[index(other(e))].row != kNoRow;
    if (unseen && x.fin_sent && y.state == State::LastAck)
      happen(e, Event::ReceiveAckOfFin, Basis::Presumed, true);
    take_fin(e, Basis::Confirmed);
  } else {
    confirm(e, ack);
  }
}

void Applier::send_syn(const SegmentRecord& r) {
  Endpoint& x = model_.of(r.from);
  if (x.previous_incarnation) {
    forget(r.from);
    happen(r.from, r.is_syn() ? Event::NewOpener : Event::NewListener, Basis::Presumed, true);
  }
  x.iss = r.seq;
  x.iss_known = true;
  if (r.is_syn()) {
    if (x.state == State::SynSent) confirm(r.from);
    happen(r.from, Event::SendSyn, Basis::Sent);
    return;
  }
  if (x.state == State::Listen || x.state == State::Unknown) x.passive = true;
  if (!r.has_ts && !r.options_cut)
    x.ts_recent_known = false;  // it does not take the option up (RFC 7323 section 3.2)
  happen(r.from, Event::SendSynAck, Basis::Sent);
  advance(x.rcv_nxt, x.rcv_known, r.ack);
}

void Applier::send_fin(End e, Seq fin_seq, Basis basis, Row shown_by) {
  Endpoint& x = model_.of(e);
  if (x.fin_sent) return;
  x.fin_sent = true;
  x.fin_seq = fin_seq;
  if (!x.snd_known) x.snd_max = fin_seq + 1U;
  advance(x.snd_nxt, x.snd_known, fin_seq + 1U);
  happen(e, Event::SendFin, basis, basis != Basis::Sent, shown_by);
}

/// A RST's sender is gone, but for one that answers an unacceptable ACK while it opens: it stays
/// (RFC 9293 section 3.10.7.2 and .3). Such an answer carries the offending ACK as its seq, and no ACK;
/// a RST at the ISN that no such ACK asked for is an abort.
//= rfc9293#3.10.7.2 rule-listen-ack
//= rfc9293#3.10.7.3 rule-syn-sent-ack
void Applier::send_rst(const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (x.state == State::Closed && facts_.rst_under_way[index(r.from)].sent == row_) {
    model_.first_rst[index(r.from)] =
        row_;  // it had gone before it received what passed the tap before
    return;
  }
  if (facts_.rst_while_opening[index(r.from)] == row_) return;
  const bool opening =
      x.state == State::SynSent || x.state == State::SynReceived || x.state == State::Listen;
  const bool abort = x.iss_known && r.seq == x.iss && !(y.acked && y.highest_ack == r.seq);
  if (opening && x.snd_known && r.seq != x.snd_nxt && !abort) {
    if (x.state == State::SynSent) doubt(r.from);  // a host without the socket answers alike
    return;
  }
  if (x.state == State::Listen && !r.flags.ack()) return;
  if (x.previous_incarnation && x.state != State::TimeWait) return;
  if (r.after_missed && r.flags.ack()) prove_received(r.from, r.ack);
  if (happen(r.from, Event::SendRst, Basis::Sent)) model_.first_rst[index(r.from)] = row_;
}

/// What the sender lets its peer send: SEG.ACK + SEG.WND, scaled where both offered it.
//= rfc9293#3.8.6 MUST-34
void Applier::grant(const SegmentRecord& r) {
  if (!r.flags.ack()) return;
  Endpoint& x = model_.of(r.from);
  advance(x.rcv_right, x.window_known, r.ack + granted_window(facts_, r));
}

}  // namespace tcpwave
