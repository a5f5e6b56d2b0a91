// Whether a segment is what it looks like: the copy of a frame captured before, or not its sender's at all.
//
// A copy and a forgery say nothing about their claimed sender, so no other rule of hindsight hears them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/connection.h"

namespace tcpwave {
namespace {

/// No timer repeats a SYN sooner (RFC 6298 section 2.1 says 1 s; some stacks use a fifth of it).
constexpr std::int64_t kSynTimer = 100'000'000;

bool same_header(const SegmentRecord& a, const SegmentRecord& b) {
  return a.from == b.from && a.seq == b.seq && a.ack == b.ack && a.flags == b.flags &&
         a.payload == b.payload && a.window == b.window && a.has_ts == b.has_ts &&
         a.tsval == b.tsval && a.tsecr == b.tsecr;
}

/// What an end had sent before a segment that went on cannot have the numbers of one that goes on from there.
bool goes_on_from(const SegmentRecord& r, const SegmentRecord& earlier) {
  if (earlier.from != r.from || earlier.unattributable || earlier.duplicate_of != kNoRow ||
      earlier.flags.rst() || earlier.delivery == Delivery::Lost)
    return false;
  const bool data = earlier.length() > 0 && earlier.seq_check == SeqCheck::Ok;
  const bool ack = earlier.ack_check == AckCheck::Ok || earlier.ack_check == AckCheck::Duplicate;
  return (data && earlier.end() - r.seq <= 0) || (ack && r.flags.ack() && earlier.ack - r.ack < 0);
}

}  // namespace

/// The same frame twice: a mirror port, or a network that duplicates. A sender repeats only after it
/// waited, so what comes again sooner than one round trip, or with the same IP ID, is a copy.
void Connection::find_copy(Row row, SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const bool never_sent = x.snd_known && r.length() > 0 && r.seq - x.snd_max >= 0;
  if (never_sent && last_unattributable_ == kNoRow && !x.previous_incarnation) return;
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& earlier = records_[i];
    if (goes_on_from(r, earlier)) return;
    if (!same_header(earlier, r)) continue;
    const bool same_id = r.ip_id != 0 && id_tells(r, r.time_ns - earlier.time_ns);
    const bool other_id = earlier.ip_id != r.ip_id;
    if (other_id) return;
    const std::int64_t since = r.time_ns - earlier.time_ns;
    if (r.has_ts &&
        since > 2 * ts_clock_[index(r.from)].tick_ns()) {  // a repetition would show a later TSval
      r.duplicate_of = i;
      return;
    }
    const std::int64_t soonest =
        r.flags.syn() && !provoked(i, row) ? kSynTimer : round_trip_.value();
    if (same_id || (r.length() > 0 && since < soonest)) r.duplicate_of = i;
    return;
  }
}

/// The same IP identification tells a copy only where that end's counts. Until its segments have shown whether, what
/// comes as late as a timer is a repetition.
bool Connection::id_tells(const SegmentRecord& r, std::int64_t since_ns) const {
  const IpId& id = ip_id_[index(r.from)];
  return id.counts || (!id.constant && since_ns < kFirstTimeoutNs);
}

/// Two different segments of an end in a row: with two identifications, or with one.
void Connection::note_ip_id(const SegmentRecord& r) {
  IpId& id = ip_id_[index(r.from)];
  if (id.seen && id.last != r.ip_id) id.counts = true;
  if (id.seen && id.last == r.ip_id && !id.counts) id.constant = true;
  id.seen = true;
  id.last = r.ip_id;
}

/// Between the two the other end sent a SYN, which asks for an answer, or this one a RST, after which it
/// begins again.
bool Connection::provoked(Row first, Row second) const {
  for (Row i = first + 1; i < second; ++i) {
    const SegmentRecord& between = records_[i];
    if (between.from == records_[second].from ? between.flags.rst() : between.flags.syn())
      return true;
  }
  return false;
}

/// As far as the end lets its peer send. Where the snap length cut the scale off, what lies further than the
/// window without one is nobody's until the other end agrees (from_agreement).
Seq Connection::granted_right(const Endpoint& x) const {
  return facts_.scale_cut() && x.acked ? x.certain_right() : x.rcv_right;
}

//= rfc9293#3.10.7.4 rule-syn-challenge rule-no-ack
bool Connection::is_unattributable(Row row, const SegmentRecord& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (row == 0) return false;
  if (r.flags.rst()) return rst_is_unattributable(row, r);
  if (r.is_syn()) {
    const bool opening = x.state == State::Closed || x.state == State::Listen ||
                         x.state == State::SynSent || x.state == State::SynReceived ||
                         x.state == State::Unknown;
    if (x.previous_incarnation || (x.iss_known && r.seq == x.iss))
      return facts_.went_on[index(r.from)] && last_syn_[index(r.from)] != kNoRow;
    return !opening || x.iss_known;
  }
  if (r.is_syn_ack()) {
    if (y.iss_known && (r.ack - y.iss <= 0 || r.ack - y.snd_nxt > 0)) return true;
    return !x.previous_incarnation && !is_own_syn(r);
  }
  if (facts_.timestamps() && !r.has_ts && !r.options_cut) return true;
  if (x.previous_incarnation) return false;
  if (!r.flags.ack()) return true;
  // While it opens, what lies before its ISN is not of this connection.
  if (x.state == State::SynSent && x.iss_known && r.seq - x.iss <= 0) return true;
  const bool beyond_grant = x.window_known && r.ack - granted_right(x) > 1 && !r.after_missed;
  if (y.snd_known && r.ack - y.snd_nxt > 0 && beyond_grant) return true;
  // Where the scale is not known, what goes on in order shows that it was granted.
  const bool in_order = facts_.scale_cut() && r.seq == x.snd_nxt;
  if (y.window_known && r.seq - granted_right(y) > 1 && !in_order && !r.after_missed) return true;
  if (r.flags.fin() && x.snd_known && r.fin_seq() + 1U - x.snd_nxt < 0) return true;
  //= rfc9293#3.10.4 rule-one-fin
  return r.flags.fin() && x.fin_sent && r.fin_seq() != x.fin_seq;
}

/// A RST's own number is where its sender stands (SND.NXT), or what the segment it answers asked for.
//= rfc9293#3.10.7.1 rule-reset-number
bool Connection::rst_is_unattributable(Row row, const SegmentRecord& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (y.state == State::SynSent)
    return !r.flags.ack() || (y.iss_known && (r.ack - y.iss < 0 || r.ack - y.snd_nxt > 0));
  // Where its receiver is never seen, neither is what it answers.
  if (!facts_.seen[index(other(r.from))] || r.after_missed) return false;
  if (continues_forged(row, r)) return true;
  if (!x.snd_known || r.seq == x.snd_nxt || rst_acceptable(y, r)) return false;
  if (x.state == State::SynSent && x.iss_known && r.seq == x.iss)
    return false;  // as some stacks abort
  if (facts_.timestamps() && r.has_ts) return false;
  if (r.flags.ack() && y.snd_known && r.ack == y.snd_nxt && y.rcv_known && r.seq - y.rcv_nxt > 0 &&
      r.seq - y.rcv_right <= 0)
    return false;
  for (const Row i : scoreboard_.before(records_.size() - 1))
    if (records_[i].from != r.from && records_[i].flags.ack() && records_[i].ack == r.seq)
      return false;
  return true;
}

/// A bare RST like one that its claimed sender was seen not to have sent, and nothing came since that asks for another.
bool Connection::continues_forged(Row row, const SegmentRecord& r) const {
  const Row last = last_rst_[index(r.from)];
  if (last == kNoRow || r.flags.ack() || row - last > Scoreboard::kMost) return false;
  const SegmentRecord& forged = records_[last];
  if (!forged.unattributable || forged.flags.ack() || forged.seq != r.seq || forged.ttl != r.ttl)
    return false;
  for (Row i = last + 1; i < row; ++i)
    if (asks_for_rst(i, r)) return false;
  return true;
}

/// What was taken for forged because it has no time stamp, and is acknowledged as nothing else that was
/// captured: its receiver took it. Some stacks send the first data so. Of a FIN only an ACK of just that
/// tells, for a FIN that was not captured would be acknowledged alike.
bool Connection::from_acceptance(Row row, const SegmentRecord& r) {
  const Endpoint& y = model_.of(other(r.from));
  // Or because the snap length cut off how far the window reaches.
  const bool cut = facts_.scale_cut();
  if (!r.flags.ack() || !y.snd_known || r.ack - y.snd_nxt <= 0 || !(facts_.timestamps() || cut))
    return false;
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& taken = records_[i];
    if (taken.from == r.from || !taken.unattributable || taken.flags.rst() ||
        (taken.has_ts && !cut))
      continue;
    if (taken.flags.syn() || !taken.flags.ack() || taken.length() == 0) continue;
    const bool acks_unsent = taken.ack - model_.of(r.from).snd_nxt > 0;
    if (taken.flags.fin() && (y.fin_sent || acks_unsent || taken.end() != r.ack)) continue;
    if (taken.seq - y.snd_nxt > 0 || taken.end() - y.snd_nxt <= 0 || taken.end() - r.ack > 0)
      continue;
    correct({i, Correction::Attributed});
    if (taken.flags.fin()) {
      set_first_fin(taken.from, i);
      last_fin_[index(taken.from)] = i;
    }
    return true;
  }
  return false;
}

/// An end has one FIN: the one that is acknowledged exactly. Where that is another than the first one captured,
/// and lies before it, the first was not the end's own.
//= rfc9293#3.10.4 rule-one-fin
void Connection::from_real_fin(Row row, const SegmentRecord& r) {
  const std::size_t e = index(other(r.from));
  const Endpoint& y = model_.of(other(r.from));
  const Row first_fin = facts_.first_fin[e];
  if (!r.flags.ack() || !y.fin_sent || first_fin == kNoRow || last_unattributable_ == kNoRow ||
      r.ack - y.fin_seq > 0)
    return;
  for (const Row i : scoreboard_.before(row)) {
    if (i <= first_fin) return;
    const SegmentRecord& real = records_[i];
    if (real.from == r.from || !real.unattributable || !real.flags.fin() || real.end() != r.ack)
      continue;
    correct({first_fin, Correction::Unattributed});
    correct({i, Correction::Attributed});
    set_first_fin(real.from, i);
    last_fin_[e] = i;
    return;
  }
}

/// A FIN lies beyond its sender's ISN: one that does not was none of this connection's.
//= rfc9293#3.10.7.3 rule-syn-sent-other
void Connection::from_isn_behind_fin(const SegmentRecord& r) {
  const std::size_t e = index(r.from);
  const Endpoint& x = model_.of(r.from);
  const Row fin = facts_.first_fin[e];
  if (!r.is_syn_ack() || fin == kNoRow || x.iss_known || x.previous_incarnation ||
      records_[fin].fin_seq() - r.seq > 0)
    return;
  correct({fin, Correction::Unattributed});
  set_first_fin(r.from, kNoRow);
  last_fin_[e] = kNoRow;
}

/// A bare RST in answer to a SYN,ACK, from an end that has sent its SYN and no more (or of which only this
/// is captured): an open socket would have acknowledged the SYN,ACK, and ends with RST,ACK. So there was
/// none any more: a scanner's or a prober's, or one that was closed meanwhile.
//= rfc9293#3.10.7.1 rule-reset-number
void Connection::from_no_socket(Row row, const SegmentRecord& r) {
  const std::size_t x = index(r.from);
  const Row answer = last_syn_[index(other(r.from))];
  if (r.flags.ack() || row == 0 || answer == kNoRow || facts_.no_socket[x] != kNoRow ||
      facts_.went_on[x])
    return;
  const SegmentRecord& syn_ack = records_[answer];
  const Endpoint& self = model_.of(r.from);
  const bool good = !self.iss_known || syn_ack.ack == self.iss + 1U;
  if (syn_ack.unattributable || !syn_ack.is_syn_ack() || syn_ack.ack != r.seq || !good ||
      self.previous_incarnation)
    return;
  if (self.state != State::Established) return;
  facts_.no_socket[x] = row;
  apply_again_from(0);
}

/// It had been sent a SYN while its own was under way, and sends its own again without an ACK, more than a
/// round trip later: it has not taken the other one. Some stacks drop a SYN that carries a FIN.
//= rfc9293#3.10.7.3 rule-syn-sent-other
void Connection::from_dropped_syn(Row row, const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const std::size_t y = index(other(r.from));
  const Row syn = last_syn_[y];
  if (!r.is_syn() || x.state != State::SynReceived || !x.iss_known || r.seq != x.iss ||
      syn == kNoRow || syn + 1 > row || x.passive)
    return;
  const SegmentRecord& dropped = records_[syn];
  if (!dropped.is_syn() || r.time_ns - dropped.time_ns < round_trip_.value()) return;
  correct({syn, Correction::Lost});
  if (!dropped.flags.fin() || dropped.unattributable) return;
  correct({syn, Correction::Unattributed});  // its sender's FIN may come elsewhere
  if (facts_.first_fin[y] == syn) set_first_fin(dropped.from, kNoRow);
  if (last_fin_[y] == syn) last_fin_[y] = kNoRow;
}

/// Its RST answered an ACK without SYN, and it sends its SYN again: it was opening when the ACK came, whatever had passed
/// the tap meanwhile, and that RST did not end it. lwIP answers so (tcp_process).
void Connection::from_syn_after_rst(const SegmentRecord& r) {
  const std::size_t own = index(r.from);
  const Endpoint& x = model_.of(r.from);
  const Row rst = last_rst_[own];
  if (!r.is_syn() || rst == kNoRow || x.state != State::Closed || facts_.went_on[own]) return;
  if (!x.iss_known || r.seq != x.iss || !records_[rst].flags.ack()) return;
  if (facts_.rst_while_opening[own] == rst) return;  // known
  for (const Row i : scoreboard_.before(rst)) {
    const SegmentRecord& asked = records_[i];
    if (asked.from == r.from || asked.flags.syn() || !asked.flags.ack()) continue;
    if (asked.ack != records_[rst].seq || asked.end() != records_[rst].ack) continue;
    facts_.rst_while_opening[own] = rst;
    apply_again_from(rst);
    return;
  }
}

}  // namespace tcpwave
