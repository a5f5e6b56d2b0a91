// What was lost behind the tap, and what was only late: by what is sent again, and by what is acknowledged.
//
// Rules of hindsight as those in evidence.cpp. They look at segments that take up sequence numbers and at the ACKs of
// these, and say of each whether it arrived.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <optional>
#include <vector>

#include "tcpwave/hindsight/connection.h"

namespace tcpwave {
namespace {

/// So many round trips are more than any queue on the way explains.
constexpr std::int64_t kClearly = 3;

/// An ACK up to here shows that the segment arrived: a SYN's data need not be taken with it.
Seq arrived_to(const SegmentRecord& r) { return r.flags.syn() ? r.seq + 1U : r.end(); }

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

/// The copy had not arrived when its receiver sent this ACK: that echoes an older time stamp (RFC 7323 section 4.3:
/// TS.Recent follows what fills the hole).
bool is_older(const SegmentRecord& ack, const SegmentRecord& copy) {
  return ack.has_ts && copy.has_ts && ts_newer(copy.tsval, ack.tsecr);
}

}  // namespace

/// A D-SACK: both copies arrived.
void Connection::from_sack(Row row, const SegmentRecord& r) {
  if (!r.has_dsack) return;
  const SackBlock block = records_.sack(row);
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& twice = records_[i];
    if (twice.from == r.from || twice.delivery != Delivery::Lost || twice.length() == 0) continue;
    if (twice.seq - block.left < 0 || twice.seq - block.right >= 0) continue;
    correct({i, Correction::Delivered});
    return;
  }
}

/// A TSecr that is the first copy's TSval, or that of a segment beyond it, sent before the second copy: the
/// first had arrived, for what lies beyond a hole is not echoed.
void Connection::from_echo(const SegmentRecord& r) {
  if (!syn_or_fin_lost_ || !r.has_ts || !r.flags.ack()) return;
  for (const auto& last : {last_fin_, last_syn_}) {
    const Row again = last[index(other(r.from))];
    if (again == kNoRow || records_[again].tsval == r.tsecr || r.ack - records_[again].end() < 0)
      continue;
    const Seq end = records_[again].end();
    bool beyond = false;
    for (const Row i : scoreboard_.before(again)) {
      const SegmentRecord& earlier = records_[i];
      if (earlier.from == r.from || !earlier.has_ts || earlier.unattributable) continue;
      const bool echoed = earlier.tsval == r.tsecr;
      if (earlier.delivery != Delivery::Lost) {
        beyond |= echoed && earlier.seq - end >= 0;
      } else if (earlier.end() == end && (echoed || beyond)) {
        correct({i, Correction::Delivered});
        beyond = false;
      }
    }
  }
}

/// What a SACK says behind a record: the receiver had it, and only waited for what comes before (RFC 2018 section 4).
void Connection::note_sack(Row row, const SegmentRecord& ack, Ranges& received) const {
  if (!ack.has_sack) return;
  const SackBlock block = records_.sack(row);
  received.add(block.left, block.right);
}

/// A repetition that begins at a hole before the segment: no ACK could cover that, but one that asks for the hole
/// answers it at once (RFC 5681 section 4.2).
bool Connection::answered_beyond_hole(const SegmentRecord& earlier, const SegmentRecord* next,
                                      const SegmentRecord& again) const {
  if (next == nullptr || next->from == earlier.from || earlier.seq - again.seq <= 0) return false;
  return next->flags.is_ack_alone() && next->length() == 0 && !next->unattributable &&
         next->ack == again.seq &&
         next->time_ns - earlier.time_ns >= round_trip_.way_to(next->from).value_or(0) / 2;
}

/// Sent again: what nothing acknowledged in between was lost; where something did, that was lost.
//= rfc9293#3.8.3 MUST-22
//= rfc9293#3.10.8 rule-retransmission
void Connection::from_repetition(Row row, const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  if (r.length() == 0 || !x.snd_known || r.seq - x.snd_nxt >= 0) return;
  const bool keepalive = r.payload <= 1 && !r.flags.syn() && !r.flags.fin() &&
                         r.seq + 1U == x.snd_nxt && is_all_acknowledged(model_, facts_, r.from);
  if (keepalive) return;
  // Where nothing of the other end is captured, no ACK is: that none is seen says nothing.
  const bool may_be_answered = facts_.seen[index(other(r.from))] || r.is_syn();
  Acks answers;
  Ranges beyond_holes;
  Seq covered_to = r.seq;
  const SegmentRecord* next = nullptr;  // behind the one that is considered
  const auto consider = [&](Row i) {
    const SegmentRecord& earlier = records_[i];
    // A closed window does not take the byte that probes it, so the next probe has it again.
    if (earlier.seq_check == SeqCheck::WindowProbe) return;
    if (earlier.from != r.from || earlier.length() == 0 || earlier.unattributable ||
        earlier.duplicate_of != kNoRow || earlier.flags.rst())
      return;
    if (earlier.end() - r.seq <= 0 || earlier.seq - r.end() >= 0) return;
    if (earlier.end() - r.end() > 0 && !(earlier.seq == r.seq)) return;
    if (earlier.end() - covered_to <= 0) return;  // a later copy was considered already
    if (earlier.flags.syn() != r.flags.syn() || earlier.is_syn() != r.is_syn()) return;
    const Row answer = answers.first_covering(arrived_to(earlier), row);
    if (stalled_[index(r.from)] == i) stalled_again_[index(r.from)] = true;
    if (answer == row) {
      if (scoreboard_.forgot_ack(other(r.from), arrived_to(earlier)) ||
          answered_beyond_hole(earlier, next, r) || beyond_holes.has(earlier.seq, earlier.end()))
        return;
      if (earlier.delivery == Delivery::Presumed && may_be_answered) correct({i, Correction::Lost});
    } else {
      answer_was_lost(i, row, answer);
    }
    if (earlier.seq - covered_to <= 0) covered_to = later(covered_to, earlier.end());
  };
  for (const Row i : scoreboard_.before(row)) {
    consider(i);
    if (covered_to - x.snd_max >= 0) return;  // it has sent nothing beyond
    const SegmentRecord& ack = records_[i];
    next = &ack;
    if (ack.from == r.from || !ack.flags.ack() || ack.unattributable) continue;
    answers.before(i, ack.ack);
    note_sack(i, ack, beyond_holes);
  }
}

/// The sender repeats what the other end had acknowledged from `answer` on: those did not arrive.
void Connection::answer_was_lost(Row repeated, Row again, Row answer) {
  const SegmentRecord& r = records_[again];
  const std::int64_t under_way = round_trip_.value();
  // The SYN,ACK of an end that has shown since to be open is an old copy, not a repetition.
  if (r.is_syn_ack())
    for (Row i = repeated + 1; i < again; ++i)
      if (records_[i].from == r.from && !records_[i].flags.syn() && records_[i].payload > 0 &&
          !facts_.fast_open)
        return;
  for (Row i = answer; i < again; ++i) {
    const SegmentRecord& lost = records_[i];
    if (lost.from == r.from || lost.unattributable || lost.flags.rst()) continue;
    if (lost.ack - arrived_to(records_[repeated]) < 0) continue;
    if (lost.length() > 0 && r.flags.ack() && r.ack - lost.end() >= 0) continue;
    if (r.time_ns - lost.time_ns < under_way) continue;
    if (lost.delivery == Delivery::Presumed) correct({i, Correction::Lost});
  }
}

/// An end that, clearly later, still acknowledges only up to a segment has not received that segment.
//= rfc9293#3.10.7.4 MAY-13
void Connection::from_stall(Row row, const SegmentRecord& r) {
  const std::size_t y = index(other(r.from));
  if (!r.flags.ack() || r.flags.syn()) return;
  if (stalled_[y] != kNoRow && r.ack - records_[stalled_[y]].end() >= 0) {
    // Acknowledged, and never sent again: it was only late.
    if (!stalled_again_[y]) correct({stalled_[y], Correction::Delivered});
    stalled_[y] = kNoRow;
  }
  const Asking& asking = asking_[index(r.from)];
  if (stalled_[y] != kNoRow || model_.of(r.from).rcv_nxt - r.ack <= 0 ||
      !model_.of(r.from).rcv_known || asking.since == kNoRow || asking.number != r.ack)
    return;
  const auto clearly_before = [&](Row i) {
    return r.time_ns - records_[i].time_ns > kClearly * round_trip_.value();
  };
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& earlier = records_[i];
    if (earlier.from == r.from || earlier.length() == 0 || earlier.seq != r.ack ||
        earlier.unattributable || earlier.duplicate_of != kNoRow || earlier.flags.rst())
      continue;
    // Nothing else of the sender may stand in a queue before it.
    const bool asked_first = asking.since < i || clearly_before(asking.since);
    if (!asked_first || !clearly_before(i) || earlier.delivery != Delivery::Presumed) return;
    stalled_[y] = i;
    stalled_again_[y] = false;
    correct({i, Correction::Lost});
    return;
  }
}

/// Acknowledged, and never sent again before that ACK was sent: what had been taken for lost was only late.
void Connection::from_receipt(Row row, const SegmentRecord& r) {
  const End e = other(r.from);
  Row& lost = last_lost_[index(e)];
  if (lost == kNoRow || !r.flags.ack() || r.flags.syn() || r.ack - records_[lost].end() < 0) return;
  lost = kNoRow;                  // one look back for all that were lost together
  std::optional<Seq> sent_later;  // the lowest number
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& sent = records_[i];
    if (sent.from != e || sent.length() == 0 || sent.flags.syn() || sent.unattributable) continue;
    const bool again = sent_later && sent.end() - *sent_later > 0;
    if (sent.delivery == Delivery::Lost && !again && r.ack - sent.end() >= 0)
      correct({i, Correction::Delivered});
    if (is_older(r, sent)) continue;
    if (!sent_later || sent.seq - *sent_later < 0) sent_later = sent.seq;
  }
}

/// Two ACKs of a FIN or SYN,ACK that was sent twice, and nothing else to answer: the first copy had arrived, too.
void Connection::from_second_answer(Row row, const SegmentRecord& r) {
  const End e = other(r.from);
  const bool bare = r.flags.ack() && !r.flags.syn() && r.length() == 0;
  if (!syn_or_fin_lost_ || !bare) return;
  for (const Row again : {last_fin_[index(e)], last_syn_[index(e)]})
    if (again != kNoRow && !records_[again].is_syn()) second_answer_to(again, row, r);
}

/// The same of one.
void Connection::second_answer_to(Row again, Row row, const SegmentRecord& r) {
  const End e = other(r.from);
  const Seq end = records_[again].end();
  if (r.ack - end < 0) return;
  bool answered = false;
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& earlier = records_[i];
    if (i > again) {
      if (earlier.from == e) return;
      answered |= !earlier.unattributable && earlier.duplicate_of == kNoRow &&
                  earlier.length() == 0 && earlier.seq == r.seq && earlier.ack == r.ack &&
                  earlier.window == r.window;
      continue;
    }
    if (!answered) return;
    const bool same_kind = earlier.flags.fin() == records_[again].flags.fin() &&
                           earlier.is_syn_ack() == records_[again].is_syn_ack();
    if (i == again || earlier.from != e || !same_kind || earlier.end() != end) continue;
    if (earlier.delivery == Delivery::Lost) correct({i, Correction::Delivered});
    return;
  }
}

}  // namespace tcpwave
