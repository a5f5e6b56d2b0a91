// What a segment tells about earlier ones: the rules of hindsight.
//
// Each `from_...` is one rule. It looks at the new record (not applied yet) and at the model as it was before it.
// What it finds of an earlier record is a Correction, which Connection puts there, and then applies the stretch
// again; what it learns of the connection as a whole is a Fact. Here is the order in which they are asked, and
// what tells of states; losses.cpp, identity.cpp, missed.cpp and under_way.cpp have the others.
// The rules lean on numbers, on time stamps and on the measured round trip, on no stack's habits.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstdint>

#include "tcpwave/hindsight/connection.h"

namespace tcpwave {

void Connection::learn(Row row, SegmentRecord& r) {
  find_copy(row, r);
  if (r.duplicate_of != kNoRow) return;
  r.after_missed = is_filtered(r) || is_beyond_old_window(row, r);
  r.unattributable = is_unattributable(row, r) && !from_agreement(row, r);
  if (r.unattributable) return;
  if (r.flags.rst()) {
    from_no_socket(row, r);
    from_refusal(r);
    from_closed(row, r);
    from_rst_under_way(row, r);
    if (r.outlived) note_outlived(row, model_.of(other(r.from)).state);
    return;
  }
  from_dropped_syn(row, r);
  from_syn_after_rst(r);
  from_crossing(row, r);
  if (row == 0) return;  // nothing came before it
  from_missed_data(row, r);
  from_sack(row, r);
  from_echo(r);
  from_life_after_rst(row, r);
  const bool accepted = from_acceptance(row, r);
  from_real_fin(row, r);
  from_isn_behind_fin(r);
  from_older_socket(r);
  from_gone_socket(r);
  from_kept_time_wait(row, r);
  from_repetition(row, r);
  from_hole(row, r);
  from_stall(row, r);
  from_receipt(row, r);
  from_second_answer(row, r);
  if (!accepted) from_unseen_fin(row, r);
}

/// A RST was accepted by the model, but its receiver goes on: it was lost, or not accepted. Or its
/// claimed sender goes on: it was forged.
void Connection::from_life_after_rst(Row row, const SegmentRecord& r) {
  const Row to_us = last_rst_[index(other(r.from))];
  const Endpoint& x = model_.of(r.from);
  if (to_us != kNoRow && !r.flags.syn() && x.state == State::Closed) from_ended(row, r);
  // A bare ACK comes neither from a listener nor from an end that has not answered the SYN yet.
  const bool no_socket =
      x.state == State::Listen || (x.state == State::SynReceived && !x.iss_known);
  if (to_us != kNoRow && !r.flags.syn() && no_socket) {
    correct({to_us, Correction::Lost});
    from_ignored_rst(to_us, row);
  }
  const Row by_us = last_rst_[index(r.from)];
  if (by_us == kNoRow || records_[by_us].unattributable) return;
  if (facts_.no_socket[index(r.from)] != kNoRow) {
    facts_.no_socket[index(r.from)] = kNoRow;
    correct({by_us, Correction::Unattributed});
    apply_again_from(0);
    return;
  }
  const Row syn = last_syn_[index(other(r.from))];
  if (facts_.no_listener && r.is_syn_ack() && syn != kNoRow && syn > by_us) {
    facts_.listener_since = syn;  // it was sent again, and now somebody listens
    apply_again_from(0);
    return;
  }
  if (facts_.no_listener && r.is_syn_ack()) {  // who answers the SYN has not refused it
    facts_.no_listener = false;
    correct({by_us, Correction::Unattributed});
    apply_again_from(0);
    return;
  }
  // Several RSTs in a row are somebody's together: the first of them tells how long ago that was.
  const Row went = std::min(model_.first_rst[index(r.from)], by_us);
  const Shown then = shown(went, r.from);
  const bool under_way = facts_.rst_under_way[index(r.from)].sent == went;
  if (then.before == then.after && !under_way)
    return;  // it stayed: the RST answered a segment that was not for it
  // What it repeats may have been sent before, and have stood in a queue.
  const std::int64_t queued =
      std::max({round_trip_.value(), round_trip_.answer_ns(End::A), round_trip_.answer_ns(End::B)});
  const bool newer =
      r.end() - records_[by_us].seq > 0 || r.time_ns - records_[went].time_ns > queued;
  if (!newer) return;
  forget_rst_under_way(r.from);
  for (const Row i : scoreboard_.before(row)) {
    if (i < went) break;
    if (records_[i].from == r.from && records_[i].flags.rst())
      correct({i, Correction::Unattributed});
  }
  correct({by_us, Correction::Unattributed});
  apply_again_from(went);
}

/// The end's latest segment with a time stamp; a clock is read beside it.
Row Connection::last_stamped(Row before, End end) const {
  for (const Row i : scoreboard_.before(before)) {
    const SegmentRecord& r = records_[i];
    if (r.from == end && r.has_ts && !r.unattributable) return i;
  }
  return kNoRow;
}

/// When the segment was sent at the latest, in the tap's time: when it was captured, or, where it stood in a queue, as its
/// time stamp tells beside that of the end's segment before it.
std::int64_t Connection::sent_by_ns(Row stamped, const SegmentRecord& r) const {
  if (stamped == kNoRow) return r.time_ns;
  const SegmentRecord& earlier = records_[stamped];
  const std::int64_t most = ts_clock_[index(r.from)].at_most_ns(earlier.tsval, r.tsval);
  return std::min(r.time_ns, earlier.time_ns + most);
}

/// A segment of an end that a RST seems to have ended does not acknowledge data from before the RST, and by its time stamp
/// it left when they must have come: they were lost. So the RST lay beyond a hole.
void Connection::from_data_missing(Row stamped, Row row, const SegmentRecord& r) {
  if (stamped == kNoRow || !r.flags.ack()) return;
  const SegmentRecord& earlier = records_[stamped];
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& data = records_[i];
    if (i <= stamped) return;
    if (data.from == r.from || data.flags.rst() || data.length() == 0 || data.unattributable ||
        data.end() - r.ack <= 0 || data.delivery != Delivery::Presumed)
      continue;
    const std::int64_t apart = std::min(data.time_ns - earlier.time_ns, INT64_MAX / 2);
    if (ts_clock_[index(r.from)].at_least(earlier.tsval, r.tsval,
                                          apart + round_trip_.answer_ns(r.from)))
      correct({i, Correction::Lost});
  }
}

/// The end goes on after a RST that ended it: none that it could have received until then did, however many there were.
/// What may have crossed them proves nothing, so it has to come later than an answer takes; an ACK alone may answer
/// what came before the RST, and be delayed (RFC 9293 section 3.8.6.3).
void Connection::from_ended(Row row, const SegmentRecord& r) {
  const std::vector<Change>& changes = timeline_.of(r.from);
  const Row ended = changes.empty() ? kNoRow : changes.back().row;
  if (ended >= row || row - ended > credit_) return;
  if (records_[ended].delivery == Delivery::Lost) return;  // that one ended nothing
  const std::int64_t crossed = round_trip_.answer_ns(r.from) + (r.length() == 0 ? kDelayedAck : 0);
  const Row stamped = r.has_ts ? last_stamped(row, r.from) : kNoRow;
  const std::int64_t sent_by = sent_by_ns(stamped, r);
  const auto ignored = [&](const SegmentRecord& rst) {
    return rst.from != r.from && rst.flags.rst() && sent_by - rst.time_ns > crossed;
  };
  if (!ignored(records_[ended])) {
    from_data_missing(stamped, row, r);
    return;
  }
  for (Row i = ended; i < row; ++i)
    if (ignored(records_[i])) correct({i, Correction::Lost});
}

/// What a RST does not end is in TIME_WAIT, at an end that keeps to RFC 1337. Of a socket older than the
/// capture that is not known; that one RST is lost is likelier, that two are is not.
void Connection::from_ignored_rst(Row rst, Row again) {
  const End e = records_[again].from;
  const std::size_t x = index(e);
  if (shown(rst, e).before == State::TimeWait) {
    facts_.time_wait_keeps[x] = true;
    return;
  }
  if (!facts_.older_socket || e == records_[0].from || ++facts_.older_ignored != 2) return;
  facts_.time_wait_keeps[x] = true;
  facts_.refuses_syn[x] = again;
  for (const Row i : scoreboard_.before(again))
    if (records_[i].from != e && records_[i].flags.rst()) correct({i, Correction::Presumed});
  apply_again_from(0);
}

/// A SYN or FIN that does not acknowledge the other's was sent before that one arrived.
void Connection::from_crossing(Row row, const SegmentRecord& r) {
  const std::size_t x = index(r.from);
  if (r.is_syn() && facts_.first_syn[x] == kNoRow) {
    facts_.first_syn[x] = row;
    const Row theirs = facts_.first_syn[index(other(r.from))];
    if (theirs != kNoRow) apply_again_from(theirs);
  }
  if (!r.flags.fin() || facts_.first_fin[x] != kNoRow) return;
  const Endpoint& peer = model_.of(other(r.from));
  if (model_.of(r.from).fin_seen && peer.fin_sent && r.flags.ack() && r.ack - peer.fin_seq <= 0)
    set_first_fin(r.from, row);
  else
    facts_.first_fin[x] = row;
  note_fin_under_way(r.from);
}

/// Another FIN is the end's. Whether it had been sent before its peer's came is another question now.
void Connection::set_first_fin(End end, Row fin) {
  facts_.first_fin[index(end)] = fin;
  const Row took = took_fin(end);
  const bool shows = took != kNoRow || !model_.of(end).fin_seen;
  apply_again_from(shows ? took : 0);
}

/// The row at which the end took its peer's FIN.
Row Connection::took_fin(End end) const {
  const std::vector<Change>& changes = timeline_.of(end);
  const auto took = std::find_if(changes.rbegin(), changes.rend(), [](const Change& change) {
    return change.state == State::CloseWait || change.state == State::Closing ||
           change.state == State::TimeWait;
  });
  return took == changes.rend() ? kNoRow : took->row;
}

/// The first SYN is answered by an ACK of quite other numbers: that end still has the socket of a
/// connection from before the capture (RFC 9293 figure 10). An ACK of a little more than the SYN is one of
/// data that were not captured.
void Connection::from_older_socket(const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (!records_[0].is_syn() || records_[0].from == r.from || r.flags.syn() || !r.flags.ack())
    return;
  const bool has_past = start_ && start_->of(r.from).previous_incarnation;
  if (has_past || x.iss_known || x.acked || y.state != State::SynSent) return;
  if (r.ack - y.iss > 0 && r.ack - y.snd_nxt <= kPlausibleAck) return;
  facts_.older_socket = true;
  apply_again_from(0);
}

/// A new socket answers the SYN, and before that its end sent nothing and got no RST: the socket that an older
/// connection had there was gone. TIME_WAIT is none of these, it takes a newer SYN.
void Connection::from_gone_socket(const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (!start_ || !r.is_syn_ack() || !x.previous_incarnation || x.state == State::TimeWait) return;
  if (model_.seen[index(r.from)] || !y.iss_known) return;
  if (r.ack - y.iss <= 0 || r.ack - y.snd_nxt > 0) return;
  facts_.past_gone = true;
  apply_again_from(0);
}

/// The new SYN met a socket in TIME_WAIT, and that still answers with the last numbers of its own: it has
/// not taken the SYN. A SYN,ACK with no RST before it says that it had, and that the answer was an old one.
//= rfc9293#3.6.1 MAY-2
void Connection::from_kept_time_wait(Row row, const SegmentRecord& r) {
  if (!start_) return;
  const Endpoint& past = start_->of(r.from);
  if (!past.previous_incarnation || past.state != State::TimeWait) return;
  Row& refuses = facts_.refuses_syn[index(r.from)];
  const Row rst = last_rst_[index(other(r.from))];
  if (r.is_syn_ack() && refuses != kNoRow && (rst == kNoRow || rst < refuses)) {
    refuses = kNoRow;
    apply_again_from(0);
  }
  const Endpoint& x = model_.of(r.from);
  const bool took_syn = x.state == State::SynReceived && !x.iss_known;
  const bool bare = r.length() == 0 && r.flags.ack() && !r.flags.rst();
  if (!took_syn || !bare || refuses != kNoRow) return;
  if (r.seq != past.snd_nxt || r.ack != past.rcv_nxt) return;
  refuses = row;
  apply_again_from(0);
}

/// A SYN answered by RST met no listener.
//= rfc9293#3.10.7.1 rule-closed-answers
void Connection::from_refusal(const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (last_syn_[index(r.from)] != kNoRow || facts_.no_listener || x.previous_incarnation) return;
  const bool to_syn = x.state == State::SynReceived && y.state == State::SynSent;
  // Some small stacks acknowledge the SYN's own number; there is no listener all the same. And what comes
  // without a SYN to an end that does not exist is answered likewise.
  const bool to_other = !x.snd_known && !records_[0].flags.ack() && !records_[0].flags.syn() &&
                        y.snd_known && r.ack == y.snd_nxt;
  if (!r.flags.ack() || !(to_other || (to_syn && r.ack - y.iss >= 0))) return;
  facts_.no_listener = true;
  apply_again_from(0);
}

/// A RST that answers the last ACK: its sender had no socket left, so that ACK was not the one that
/// closed it, and what had seemed to be its FIN again was not its own.
void Connection::from_closed(Row row, const SegmentRecord& r) {
  const Row fin = last_fin_[index(r.from)];
  const Endpoint& x = model_.of(r.from);
  if (row == 0 || fin == kNoRow || x.state != State::Closed || records_[row - 1].from == r.from)
    return;
  const SegmentRecord& answered = records_[row - 1];
  const Row first = facts_.first_fin[index(r.from)];
  if (answered.ack != r.seq || !x.fin_sent || r.seq - x.fin_seq != 1 || first == kNoRow ||
      first == fin)
    return;
  if (shown(row - 1, r.from).before != State::LastAck) return;
  correct({fin, Correction::Unattributed});
  for (Row i = first; i < fin; ++i) {
    const SegmentRecord& ack = records_[i];
    if (ack.from == r.from || !ack.flags.ack() || ack.ack - x.fin_seq <= 0) continue;
    correct({i, Correction::Delivered});
    return;
  }
}

}  // namespace tcpwave
