// What a segment tells about earlier ones: the rules of hindsight.
//
// Each `from_...` is one rule. It looks at the new record (not played yet) and at the model as it was
// before it, and may change the facts of earlier records; Connection then plays the stretch again.
// The rules lean on numbers, on time stamps and on the measured round trip, on no stack's habits.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/track/connection.h"

namespace tcpwave {
namespace {

/// So many round trips are more than any queue on the way explains.
constexpr std::int64_t kClearly = 3;
/// What an ACK may wait for company.
constexpr std::int64_t kDelayedAck = 500'000'000;

/// An ACK up to here shows that the segment arrived: a SYN's data need not be taken with it.
Seq arrived_to(const Record& r) { return r.flags.syn() ? r.seq + 1U : r.end(); }

/// Its sender expects this number next.
bool asks_for(const Record& r, Seq number) { return !r.bogus && r.flags.ack() && r.ack == number; }

/// The ACKs of one end behind a record, as one goes back from the latest: the first that covers a number. An ACK that
/// covers no more than an earlier one is no first, so those kept rise with their rows.
class Acks {
 public:
  /// The ACK of a record before all that were given.
  void before(Row row, Seq ack) {
    while (!kept_.empty() && kept_.back().ack - ack <= 0) kept_.pop_back();
    kept_.push_back({row, ack});
  }
  [[nodiscard]] Row first_covering(Seq number, Row none) const {
    const auto covers = std::partition_point(kept_.rbegin(), kept_.rend(),
                                             [number](const Ack& a) { return a.ack - number < 0; });
    return covers == kept_.rend() ? none : covers->row;
  }

 private:
  struct Ack {
    Row row;
    Seq ack;
  };
  std::vector<Ack> kept_;
};

}  // namespace

void Connection::learn(Row row, Record& r) {
  find_copy(row, r);
  if (r.copy_of != kNoRow) return;
  r.after_missed = is_filtered(r);
  r.bogus = is_bogus(row, r) && !from_agreement(row, r);
  if (r.bogus) return;
  if (r.flags.rst()) {
    from_no_socket(row, r);
    from_refusal(r);
    from_closed(row, r);
    from_rst_under_way(row, r);
    if (r.outlived) note_outlived(row, model_.of(other(r.from)).state);
    return;
  }
  from_dropped_syn(row, r);
  from_crossing(row, r);
  if (row == 0) return;  // nothing came before it
  from_missed_data(r);
  from_sack(row, r);
  from_echo(r);
  from_life_after_rst(row, r);
  const bool accepted = from_acceptance(row, r);
  from_real_fin(row, r);
  from_older_socket(r);
  from_kept_time_wait(row, r);
  from_repetition(row, r);
  from_hole(row, r);
  from_stall(row, r);
  from_receipt(row, r);
  from_second_answer(row, r);
  if (!accepted) from_unseen_fin(row, r);
}

/// A D-SACK: both copies arrived.
void Connection::from_sack(Row row, const Record& r) {
  if (!r.has_dsack) return;
  const SackBlock block = records_.dsack(row);
  const Row first = row > kLookBack ? row - kLookBack : 0;
  for (Row i = row; i-- > first;) {
    const Record& twice = records_[i];
    if (twice.from == r.from || twice.fate != Fate::Lost || twice.length() == 0) continue;
    if (twice.seq - block.left < 0 || twice.seq - block.right >= 0) continue;
    set_fate(i, Fate::Arrived);
    return;
  }
}

/// A TSecr that is the first copy's TSval, or that of a segment beyond it, sent before the second copy: the
/// first had arrived, for what lies beyond a hole is not echoed.
void Connection::from_echo(const Record& r) {
  if (!r.has_ts || !r.flags.ack()) return;
  for (const auto& last : {last_fin_, last_syn_}) {
    const Row again = last[index(other(r.from))];
    if (again == kNoRow || records_[again].tsval == r.tsecr || r.ack - records_[again].end() < 0)
      continue;
    const Seq end = records_[again].end();
    const Row first = again > kLookBack ? again - kLookBack : 0;
    bool beyond = false;
    for (Row i = again; i-- > first;) {
      const Record& earlier = records_[i];
      if (earlier.from == r.from || !earlier.has_ts || earlier.bogus) continue;
      const bool echoed = earlier.tsval == r.tsecr;
      if (earlier.fate != Fate::Lost) {
        beyond |= echoed && earlier.seq - end >= 0;
      } else if (earlier.end() == end && (echoed || beyond)) {
        set_fate(i, Fate::Arrived);
        beyond = false;
      }
    }
  }
}

/// Sent again: what nothing acknowledged in between was lost; where something did, that was lost.
//= rfc9293#3.8.3 MUST-22
//= rfc9293#3.10.8 rule-retransmission
void Connection::from_repetition(Row row, const Record& r) {
  const Endpoint& x = model_.of(r.from);
  if (r.length() == 0 || !x.snd_known || r.seq - x.snd_nxt >= 0) return;
  const bool keepalive = r.payload <= 1 && !r.flags.syn() && !r.flags.fin() &&
                         r.seq + 1U == x.snd_nxt && model_.of(other(r.from)).rcv_known &&
                         model_.of(other(r.from)).rcv_nxt == x.snd_nxt;
  if (keepalive) return;
  // Where nothing of the other end is captured, no ACK is: that none is seen says nothing.
  const bool may_be_answered = facts_.seen[index(other(r.from))] || r.is_syn();
  const Row first = row > kLookBack ? row - kLookBack : 0;
  Row oldest_marker = row;  // SYN and FIN are found however far back they are
  for (const auto& last : {last_fin_, last_syn_}) {
    const Row i = last[index(r.from)];
    if (i != kNoRow && i < first) oldest_marker = std::min(oldest_marker, i);
  }
  Acks answers;
  Seq covered_to = r.seq;
  const auto consider = [&](Row i) {
    const Record& earlier = records_[i];
    if (earlier.from != r.from || earlier.length() == 0 || earlier.bogus ||
        earlier.copy_of != kNoRow || earlier.flags.rst())
      return;
    if (earlier.end() - r.seq <= 0 || earlier.seq - r.end() >= 0) return;
    if (earlier.end() - r.end() > 0 && !(earlier.seq == r.seq)) return;
    if (earlier.end() - covered_to <= 0) return;  // a later copy was considered already
    if (earlier.flags.syn() != r.flags.syn() || earlier.is_syn() != r.is_syn()) return;
    const Row answer = answers.first_covering(arrived_to(earlier), row);
    if (stalled_[index(r.from)] == i) stalled_again_[index(r.from)] = true;
    if (answer == row) {
      if (earlier.fate == Fate::Presumed && may_be_answered) set_fate(i, Fate::Lost);
    } else {
      answer_was_lost(i, row, answer);
    }
    if (earlier.seq - covered_to <= 0) covered_to = later(covered_to, earlier.end());
  };
  for (Row i = row; i-- > first;) {
    consider(i);
    const Record& ack = records_[i];
    if (ack.from != r.from && ack.flags.ack() && !ack.bogus) answers.before(i, ack.ack);
  }
  const bool same_kind = oldest_marker < row &&
                         records_[oldest_marker].flags.fin() == r.flags.fin() &&
                         records_[oldest_marker].flags.syn() == r.flags.syn();
  if (!same_kind) return;
  for (Row i = first; i-- > oldest_marker + 1;) {
    const Record& ack = records_[i];
    if (ack.from != r.from && ack.flags.ack() && !ack.bogus) answers.before(i, ack.ack);
  }
  consider(oldest_marker);
}

/// The sender repeats what the other end had acknowledged from `answer` on: those did not arrive.
void Connection::answer_was_lost(Row repeated, Row again, Row answer) {
  const Record& r = records_[again];
  const std::int64_t under_way = round_trip_.value();
  // The SYN,ACK of an end that has shown since to be open is an old copy, not a repetition.
  if (r.is_syn_ack())
    for (Row i = repeated + 1; i < again; ++i)
      if (records_[i].from == r.from && !records_[i].flags.syn() && records_[i].payload > 0 &&
          !facts_.fast_open)
        return;
  for (Row i = answer; i < again; ++i) {
    const Record& lost = records_[i];
    if (lost.from == r.from || lost.bogus || lost.flags.rst()) continue;
    if (lost.ack - arrived_to(records_[repeated]) < 0) continue;
    if (lost.length() > 0 && r.flags.ack() && r.ack - lost.end() >= 0) continue;
    if (r.time_ns - lost.time_ns < under_way) continue;
    if (lost.fate == Fate::Presumed) set_fate(i, Fate::Lost);
  }
}

/// A RST was accepted by the model, but its receiver goes on: it was lost, or not accepted. Or its
/// claimed sender goes on: it was forged.
void Connection::from_life_after_rst(Row row, const Record& r) {
  const Row to_us = last_rst_[index(other(r.from))];
  const Endpoint& x = model_.of(r.from);
  if (to_us != kNoRow && !r.flags.syn() && x.state == State::Closed) from_ended(row, r);
  // A bare ACK comes neither from a listener nor from an end that has not answered the SYN yet.
  const bool no_socket =
      x.state == State::Listen || (x.state == State::SynReceived && !x.iss_known);
  if (to_us != kNoRow && !r.flags.syn() && no_socket) {
    set_fate(to_us, Fate::Lost);
    from_ignored_rst(to_us, row);
  }
  const Row by_us = last_rst_[index(r.from)];
  if (by_us == kNoRow || records_[by_us].bogus) return;
  if (facts_.no_socket[index(r.from)]) {
    facts_.no_socket[index(r.from)] = false;
    records_.change(by_us).bogus = true;
    replay_from(0);
    return;
  }
  const Row syn = last_syn_[index(other(r.from))];
  if (facts_.no_listener && r.is_syn_ack() && syn != kNoRow && syn > by_us) {
    facts_.listener_since = syn;  // it was sent again, and now somebody listens
    replay_from(0);
    return;
  }
  if (facts_.no_listener && r.is_syn_ack()) {  // who answers the SYN has not refused it
    facts_.no_listener = false;
    records_.change(by_us).bogus = true;
    replay_from(0);
    return;
  }
  const Shown then = shown(by_us, r.from);
  const bool under_way = facts_.rst_under_way[index(r.from)].sent == by_us;
  if (then.before == then.after && !under_way)
    return;  // it stayed: the RST answered a segment that was not for it
  const bool newer = r.end() - records_[by_us].seq > 0 ||
                     r.time_ns - records_[by_us].time_ns > round_trip_.value();
  if (!newer) return;
  forget_rst_under_way(r.from);
  records_.change(by_us).bogus = true;
  replay_from(by_us);
}

/// The end goes on after a RST that ended it: none that it could have received until then did, however many there were.
/// What may have crossed them proves nothing, so it has to come later than an answer takes; an ACK alone may answer
/// what came before the RST, and be delayed (RFC 9293 section 3.8.6.3).
void Connection::from_ended(Row row, const Record& r) {
  const std::vector<Change>& changes = timeline_.of(r.from);
  const Row ended = changes.empty() ? kNoRow : changes.back().row;
  if (ended >= row || row - ended > credit_) return;
  const std::int64_t crossed = round_trip_.answer_ns(r.from) + (r.length() == 0 ? kDelayedAck : 0);
  const auto ignored = [&](const Record& rst) {
    return rst.from != r.from && rst.flags.rst() && r.time_ns - rst.time_ns > crossed;
  };
  if (!ignored(records_[ended])) return;
  for (Row i = ended; i < row; ++i)
    if (ignored(records_[i])) set_fate(i, Fate::Lost);
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
  const Row first = again > kLookBack ? again - kLookBack : 0;
  for (Row i = first; i < again; ++i)
    if (records_[i].from != e && records_[i].flags.rst()) set_fate(i, Fate::Presumed);
  replay_from(0);
}

/// A SYN or FIN that does not acknowledge the other's was sent before that one arrived.
void Connection::from_crossing(Row row, const Record& r) {
  const std::size_t x = index(r.from);
  if (r.is_syn() && facts_.first_syn[x] == kNoRow) {
    facts_.first_syn[x] = row;
    const Row theirs = facts_.first_syn[index(other(r.from))];
    if (theirs != kNoRow) replay_from(theirs);
  }
  if (!r.flags.fin() || facts_.first_fin[x] != kNoRow) return;
  facts_.first_fin[x] = row;
  const Endpoint& peer = model_.of(other(r.from));
  if (model_.of(r.from).fin_seen && peer.fin_sent && r.flags.ack() && r.ack - peer.fin_seq <= 0)
    replay_from(took_fin(r.from));
  note_fin_under_way(r.from);
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

/// An end that, clearly later, still acknowledges only up to a segment has not received that segment.
//= rfc9293#3.10.7.4 MAY-13
void Connection::from_stall(Row row, const Record& r) {
  const std::size_t y = index(other(r.from));
  if (!r.flags.ack() || r.flags.syn()) return;
  if (stalled_[y] != kNoRow && r.ack - records_[stalled_[y]].end() >= 0) {
    // Acknowledged, and never sent again: it was only late.
    if (!stalled_again_[y]) set_fate(stalled_[y], Fate::Arrived);
    stalled_[y] = kNoRow;
  }
  if (stalled_[y] != kNoRow || model_.of(r.from).rcv_nxt - r.ack <= 0 ||
      !model_.of(r.from).rcv_known)
    return;
  const Row first = row > kLookBack ? row - kLookBack : 0;
  bool asked_before = false;
  for (Row i = row; i-- > first;) {
    const Record& earlier = records_[i];
    const std::int64_t since = r.time_ns - earlier.time_ns;
    if (earlier.from == r.from) {
      asked_before |= asks_for(earlier, r.ack) && since > kClearly * round_trip_.value();
      continue;
    }
    if (earlier.length() == 0 || earlier.seq != r.ack || earlier.bogus ||
        earlier.copy_of != kNoRow || earlier.flags.rst())
      continue;
    // Nothing else of the sender may stand in a queue before it.
    bool asked_first = asked_before;
    for (Row j = i; !asked_first && j-- > first;)
      asked_first = records_[j].from == r.from && asks_for(records_[j], r.ack);
    if (!asked_first || since <= kClearly * round_trip_.value() || earlier.fate != Fate::Presumed)
      return;
    stalled_[y] = i;
    stalled_again_[y] = false;
    set_fate(i, Fate::Lost);
    return;
  }
}

/// The first SYN is answered by an ACK of quite other numbers: that end still has the socket of a
/// connection from before the capture (RFC 9293 figure 10). An ACK of a little more than the SYN is one of
/// data that were not captured.
void Connection::from_older_socket(const Record& r) {
  constexpr std::int32_t kLittle = 1 << 20;
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (!records_[0].is_syn() || records_[0].from == r.from || r.flags.syn() || !r.flags.ack())
    return;
  const bool has_past = start_ && start_->of(r.from).old_socket;
  if (has_past || x.iss_known || x.acked || y.state != State::SynSent) return;
  if (r.ack - y.iss > 0 && r.ack - y.snd_nxt <= kLittle) return;
  facts_.older_socket = true;
  replay_from(0);
}

/// The new SYN met a socket in TIME_WAIT, and that still answers with the last numbers of its own: it has
/// not taken the SYN. A SYN,ACK with no RST before it says that it had, and that the answer was an old one.
//= rfc9293#3.6.1 MAY-2
void Connection::from_kept_time_wait(Row row, const Record& r) {
  if (!start_) return;
  const Endpoint& past = start_->of(r.from);
  if (!past.old_socket || past.state != State::TimeWait) return;
  Row& refuses = facts_.refuses_syn[index(r.from)];
  const Row rst = last_rst_[index(other(r.from))];
  if (r.is_syn_ack() && refuses != kNoRow && (rst == kNoRow || rst < refuses)) {
    refuses = kNoRow;
    replay_from(0);
  }
  const Endpoint& x = model_.of(r.from);
  const bool took_syn = x.state == State::SynReceived && !x.iss_known;
  const bool bare = r.length() == 0 && r.flags.ack() && !r.flags.rst();
  if (!took_syn || !bare || refuses != kNoRow) return;
  if (r.seq != past.snd_nxt || r.ack != past.rcv_nxt) return;
  refuses = row;
  replay_from(0);
}

/// A SYN answered by RST met no listener.
//= rfc9293#3.10.7.1 rule-closed-answers
void Connection::from_refusal(const Record& r) {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (last_syn_[index(r.from)] != kNoRow || facts_.no_listener || x.old_socket) return;
  const bool to_syn = x.state == State::SynReceived && y.state == State::SynSent;
  // Some small stacks acknowledge the SYN's own number; there is no listener all the same. And what comes
  // without a SYN to an end that does not exist is answered likewise.
  const bool to_other = !x.snd_known && !records_[0].flags.ack() && !records_[0].flags.syn() &&
                        y.snd_known && r.ack == y.snd_nxt;
  if (!r.flags.ack() || !(to_other || (to_syn && r.ack - y.iss >= 0))) return;
  facts_.no_listener = true;
  replay_from(0);
}

/// A RST that answers the last ACK: its sender had no socket left, so that ACK was not the one that
/// closed it, and what had seemed to be its FIN again was not its own.
void Connection::from_closed(Row row, const Record& r) {
  const Row fin = last_fin_[index(r.from)];
  const Endpoint& x = model_.of(r.from);
  if (row == 0 || fin == kNoRow || x.state != State::Closed || records_[row - 1].from == r.from)
    return;
  const Record& answered = records_[row - 1];
  const Row first = facts_.first_fin[index(r.from)];
  if (answered.ack != r.seq || !x.fin_sent || r.seq - x.fin_seq != 1 || first == kNoRow ||
      first == fin)
    return;
  if (shown(row - 1, r.from).before != State::LastAck) return;
  records_.change(fin).bogus = true;
  for (Row i = first; i < fin; ++i) {
    const Record& ack = records_[i];
    if (ack.from == r.from || !ack.flags.ack() || ack.ack - x.fin_seq <= 0) continue;
    set_fate(i, Fate::Arrived);
    return;
  }
}

/// Acknowledged, and never sent again: what had been taken for lost was only late.
void Connection::from_receipt(Row row, const Record& r) {
  const End e = other(r.from);
  Row& lost = last_lost_[index(e)];
  if (lost == kNoRow || !r.flags.ack() || r.flags.syn() || r.ack - records_[lost].end() < 0) return;
  lost = kNoRow;                  // one look back for all that were lost together
  std::optional<Seq> sent_later;  // the lowest number
  const Row first = row > kLookBack ? row - kLookBack : 0;
  for (Row i = row; i-- > first;) {
    const Record& sent = records_[i];
    if (sent.from != e || sent.length() == 0 || sent.flags.syn() || sent.bogus) continue;
    const bool again = sent_later && sent.end() - *sent_later > 0;
    if (sent.fate == Fate::Lost && !again && r.ack - sent.end() >= 0) set_fate(i, Fate::Arrived);
    if (!sent_later || sent.seq - *sent_later < 0) sent_later = sent.seq;
  }
}

/// Two ACKs of a FIN that was sent twice, and nothing else to answer: the first copy had arrived, too.
void Connection::from_second_answer(Row row, const Record& r) {
  const End e = other(r.from);
  const Row again = last_fin_[index(e)];
  const bool bare = r.flags.ack() && !r.flags.syn() && r.length() == 0;
  if (!marker_lost_ || !bare || again == kNoRow || row - again > kLookBack) return;
  const Seq end = records_[again].end();
  if (r.ack - end < 0) return;
  bool answered = false;
  for (Row i = again + 1; i < row; ++i) {
    const Record& between = records_[i];
    if (between.from == e) return;
    answered |= !between.bogus && between.copy_of == kNoRow && between.length() == 0 &&
                between.seq == r.seq && between.ack == r.ack && between.window == r.window;
  }
  const Row first = again > kLookBack ? again - kLookBack : 0;
  for (Row i = again; answered && i-- > first;) {
    const Record& earlier = records_[i];
    if (earlier.from != e || !earlier.flags.fin() || earlier.end() != end) continue;
    if (earlier.fate == Fate::Lost) set_fate(i, Fate::Arrived);
    return;
  }
}

}  // namespace tcpwave
