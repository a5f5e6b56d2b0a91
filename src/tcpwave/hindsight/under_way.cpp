// What an end had sent before it received a record, though the tap saw it only later: a FIN or a RST.
//
// The tap stands on the path, so a segment of X that it captures at one row was sent before X received
// what passes the tap shortly before. From the first such row on X is in the state after its FIN or RST. An
// end sends its segments in order and receives its peer's in order, so one row that had not been received when
// the FIN or RST was sent proves it for all rows after it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/hindsight/connection.h"

namespace tcpwave {
namespace {

/// Looks back from a segment for the first record that its sender had not received when it sent that.
/// Two things prove it of a record:
///   - the ACK number does not cover it, and it is the next that the number asks for;
///   - the TSecr, and that of all that was sent before, is older than its TSval, though TS.Recent follows it (RFC 7323
///     section 4.3: its number is not beyond the last ACK sent, and it is no old copy, which is dropped before). What
///     was captured longer ago than an answer takes was rather lost than under way.
/// The search ends at what was received for certain.
class NotReceived {
 public:
  NotReceived(const Records& records, const SegmentRecord& sent, const Endpoint& peer,
              std::int64_t answer_ns, const TimestampClock& clock)
      : records_(records),
        x_(sent),
        peer_(peer),
        answer_ns_(answer_ns),
        clock_(clock),
        echoed_(sent.tsecr) {}

  /// Goes back one record further; false where all before it was received.
  bool look_at(Row row) {
    const SegmentRecord& r = records_[row];
    if (r.unattributable || r.duplicate_of != kNoRow || r.flags.rst()) return true;
    if (r.from == x_.from) return own(r);
    const bool beyond_fin = peer_.fin_sent && r.seq - peer_.fin_seq > 0 && r.length() > 0;
    if (beyond_fin || !r.seq_check_accepts()) return true;  // no receiver takes it
    if (!received_all_before_) peers(row, r);
    // What the sender had acknowledged before is still to be found.
    return !received_all_before_ || later_clock_ != kNoRow;
  }
  [[nodiscard]] Row first() const { return std::min(by_ack_, by_clock_); }

 private:
  static bool sets_ts_recent(const SegmentRecord& r, Seq last_ack_sent) {
    const bool old = r.length() > 0 ? r.end() - last_ack_sent <= 0 : r.seq - last_ack_sent < 0;
    return r.seq - last_ack_sent <= 0 && !old;
  }

  bool own(const SegmentRecord& r) {
    if (r.flags.ack() && r.ack - x_.ack > 0) {  // the segment was overtaken: its ACK dates nothing
      by_ack_ = by_clock_ = kNoRow;
      return false;
    }
    if (again_ != kNoRow && r.flags.ack() && r.ack - records_[again_].end() < 0) {
      by_ack_ =
          by_ack_then_;  // what was sent again had been missing: it was received, and all before it
      by_clock_ = by_clock_then_;
      return false;
    }
    if (later_clock_ != kNoRow && r.flags.ack() && sets_ts_recent(records_[later_clock_], r.ack))
      by_clock_ = later_clock_;
    later_clock_ = again_ = kNoRow;
    // What the tap had seen before this one reached the sender before the segment left it, or was lost.
    if (r.has_ts && x_.has_ts && clock_.at_least(r.tsval, x_.tsval, answer_ns_)) return false;
    if (r.has_ts && ts_newer(r.tsecr, echoed_)) {
      echoed_ = r.tsecr;
      if (by_clock_ != kNoRow && !ts_newer(records_[by_clock_].tsval, echoed_)) by_clock_ = kNoRow;
    }
    return !received_all_before_;
  }

  void peers(Row row, const SegmentRecord& r) {
    const bool clocks = x_.has_ts && r.has_ts;
    const bool later = clocks && ts_newer(r.tsval, echoed_);
    if (clocks && ts_newer(echoed_, r.tsval)) received_all_before_ = true;
    if (r.length() > 0 && r.end() - x_.ack <= 0) {
      if (r.seq_check == SeqCheck::Ok) {
        received_all_before_ = true;
      } else if (again_ == kNoRow && r.delivery != Delivery::Lost && !later) {
        again_ = row;
        by_ack_then_ = by_ack_;
        by_clock_then_ = by_clock_;
      }
    }
    if (received_all_before_) return;
    if (later && x_.time_ns - r.time_ns < answer_ns_) later_clock_ = row;
    const bool asked_for = r.length() > 0 && r.seq - x_.ack <= 0 && r.end() - x_.ack > 0;
    if (asked_for && r.delivery != Delivery::Lost) by_ack_ = row;
  }

  const Records& records_;
  const SegmentRecord& x_;
  const Endpoint& peer_;
  std::int64_t answer_ns_;
  const TimestampClock& clock_;  ///< of its sender
  std::uint32_t echoed_;         ///< the latest TSecr that was sent
  Row by_ack_ = kNoRow, by_clock_ = kNoRow;
  Row by_ack_then_ = kNoRow, by_clock_then_ = kNoRow;  ///< before `again_` was looked at
  Row again_ = kNoRow;  ///< sent again, since the sender's own record before
  Row later_clock_ =
      kNoRow;  ///< the earliest with a later TSval, since the sender's own record before
  bool received_all_before_ = false;
};

}  // namespace

/// kNoRow where none is proven. Corrections may cost so much and no more, so it looks back as far.
Row Connection::first_not_received(Row sent, Row floor) const {
  const SegmentRecord& x = records_[sent];
  if (!x.flags.ack()) return kNoRow;
  NotReceived search(records_, x, model_.of(other(x.from)), round_trip_.answer_ns(x.from),
                     ts_clock_[index(x.from)]);
  const Row first = std::max(floor, sent > kFreeCorrections ? sent - kFreeCorrections : 0);
  Row row = sent;
  while (row > first && search.look_at(row - 1)) --row;
  return search.first();
}

/// The end's first FIN, or what became of the record that proves when it was sent, is news.
void Connection::note_fin_under_way(End end) {
  Facts::UnderWay& fin = facts_.fin_under_way[index(end)];
  const Row sent = facts_.first_fin[index(end)];
  const Row before = sent == kNoRow ? kNoRow : first_not_received(sent, 0);
  if (fin.before == before) return;
  apply_again_from(std::min(fin.before, before));
  fin = {.sent = sent, .before = before};
}

/// A RST tells when its sender went: an abort by what it does not acknowledge, an answer by what it answers.
void Connection::from_rst_under_way(Row row, const SegmentRecord& r) {
  const Endpoint& x = model_.of(r.from);
  const bool synchronized = x.state != State::Unknown && x.state != State::Listen &&
                            x.state != State::SynSent && x.state != State::SynReceived;
  if (row == 0 || x.previous_incarnation || !synchronized) return;
  Facts::UnderWay& rst = facts_.rst_under_way[index(r.from)];
  const Row earlier = last_rst_[index(r.from)];  // so that many cost no more than one
  const Row floor = earlier == kNoRow ? 0 : earlier + 1;
  Row before = kNoRow;
  if (x.state != State::Closed)
    before = r.flags.ack() ? first_not_received(row, floor) : first_answered(row, floor);
  else if (rst.before != kNoRow && !r.flags.ack() && r.seq == records_[rst.sent].seq)
    before = answered_before(row);
  else if (rst.before == kNoRow && ended_by_peer(r.from))
    // A RST is never answered: an earlier segment was.
    before = r.flags.ack() ? aborted_before(r) : first_answered(row, floor);
  if (before >= rst.before) return;
  if (rst.sent == kNoRow) rst.sent = row;
  rst.before = before;
  apply_again_from(before);
  // A FIN that was captured before the RST was sent before it.
  Facts::UnderWay& fin = facts_.fin_under_way[index(r.from)];
  const Row first_fin = facts_.first_fin[index(r.from)];
  if (first_fin == kNoRow || first_fin < before || before >= fin.before) return;
  fin = {.sent = first_fin, .before = before};
}

/// As a live socket aborts: at SND.NXT, with the ACK of all that it had received.
bool Connection::is_abort(const SegmentRecord& rst) const {
  const Endpoint& x = model_.of(rst.from);
  const Endpoint& y = model_.of(other(rst.from));
  return x.snd_known && rst.seq == x.snd_nxt && x.acked && rst.ack - x.highest_ack >= 0 &&
         rst.ack - y.snd_nxt <= 0;
}

/// The peer's last word was its RST, so this one answers nothing (some stacks answer with RST,ACK), and a closed socket does
/// not abort: both aborted and the RSTs crossed, or it comes later than an answer takes, and then the peer's was lost.
Row Connection::aborted_before(const SegmentRecord& rst) {
  const Row peers = model_.rst;
  for (const Row i : scoreboard_.before(records_.size() - 1)) {
    if (records_[i].from == rst.from) continue;
    if (i != peers || !is_abort(rst)) return kNoRow;
    break;
  }
  const std::int64_t since = rst.time_ns - records_[peers].time_ns;
  if (since <= round_trip_.answer_ns(rst.from)) return peers;
  correct({peers, Correction::Lost});
  return kNoRow;
}

/// The peer's RST ended it, and it has sent none itself.
bool Connection::ended_by_peer(End end) const {
  return model_.rst != kNoRow && records_[model_.rst].from != end &&
         model_.first_rst[index(end)] == kNoRow;
}

/// The segment asks an end for a RST of that number, if it finds no socket: a RST without an ACK stands at the
/// number that the segment acknowledges.
bool Connection::asks_for_rst(Row row, const SegmentRecord& rst) const {
  const SegmentRecord& r = records_[row];
  return r.from != rst.from && !r.unattributable && r.duplicate_of == kNoRow && !r.flags.rst() &&
         !r.flags.syn() && r.flags.ack() && r.ack == rst.seq;
}

/// The latest record before `from` that asks for the RST, was captured no longer before it, and was not
/// acknowledged by its sender.
Row Connection::last_asking(Row rst, Row from, std::int64_t within_ns) const {
  const SegmentRecord& r = records_[rst];
  const Row floor = answered_[index(r.from)].floor;
  const Row first = std::max(floor, from > kFreeCorrections ? from - kFreeCorrections : 0);
  for (Row i = from; i-- > first;) {
    const SegmentRecord& asked = records_[i];
    if (r.time_ns - asked.time_ns > within_ns) return kNoRow;
    if (!asks_for_rst(i, r)) continue;
    const Endpoint& x = model_.of(r.from);
    const bool received = asked.length() > 0 && x.acked && asked.end() - x.highest_ack <= 0;
    return received ? kNoRow : i;
  }
  return kNoRow;
}

/// A RST answers at once: the latest segment that asks for it, until further RSTs say that it was an earlier one.
Row Connection::first_answered(Row rst, Row floor) {
  // Whatever is under way is younger than any time-out.
  const End end = records_[rst].from;
  Answered& a = answered_[index(end)];
  a = {.last_rst = rst, .floor = floor};
  a.row = last_asking(rst, rst, std::max(kShortestTimeout, round_trip_.answer_ns(end)));
  return a.row;
}

/// Each segment that finds no socket is answered by a RST of its own. One RST more than such segments since says
/// that the first RST answered an earlier one.
Row Connection::answered_before(Row rst) {
  const SegmentRecord& r = records_[rst];
  Answered& a = answered_[index(r.from)];
  for (Row i = a.last_rst + 1; i < rst; ++i)
    if (asks_for_rst(i, r)) ++a.unanswered;
  a.last_rst = rst;
  if (a.unanswered > 0) {
    --a.unanswered;
  } else if (a.row != kNoRow) {
    a.row = last_asking(rst, a.row, round_trip_.answer_ns(r.from));
  }
  return a.row;
}

/// The RST was not its claimed sender's: that did not go.
void Connection::forget_rst_under_way(End end) {
  Facts::UnderWay& rst = facts_.rst_under_way[index(end)];
  if (rst.before != kNoRow) apply_again_from(rst.before);
  rst = {};
  note_fin_under_way(end);
}

State Connection::state_at_rst(Row rst, End end) const {
  const Facts::UnderWay& left = facts_.rst_under_way[index(end)];
  if (left.sent != rst || left.before == kNoRow) return shown(rst, end).before;
  return timeline_.left(left.before, end);
}

/// Whether the record is what the first FIN of its receiver asked for: then that FIN was under way only if this
/// record was not lost.
bool Connection::dates_fin(Row row) const {
  const SegmentRecord& r = records_[row];
  const Row fin = facts_.first_fin[index(other(r.from))];
  if (fin == kNoRow || row > fin || r.length() == 0) return false;
  const Seq asked = records_[fin].ack;
  return r.seq - asked <= 0 && r.end() - asked > 0;
}

}  // namespace tcpwave
