// What the capture missed, and what follows shows to have been there: FINs, and the data of holes.
//
// Rules of hindsight as those in evidence.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <optional>

#include "tcpwave/hindsight/connection.h"

namespace tcpwave {

/// One number beyond everything captured, acknowledged by the other end or skipped by the sender
/// itself, is a FIN that was not captured. That is presumed: one octet that was missed looks the same.
void Connection::from_unseen_fin(Row row, const SegmentRecord& r) {
  if (r.flags.syn()) return;
  Facts::UnseenFin& theirs = facts_.unseen_fin[index(other(r.from))];
  const Facts::UnseenFin guessed = theirs;
  take_back_unseen_fin(row, r);
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  // Where a guess was taken back, what had been acknowledged was an octet.
  const bool again = guessed.row != kNoRow && theirs.row == kNoRow;
  const Seq sent = again ? guessed.seq + 1U : y.snd_nxt;
  if (r.flags.ack() && y.snd_known && theirs.row == kNoRow && (!y.fin_sent || again) &&
      r.ack - sent == 1 && x.state != State::SynSent && (again || sent_is_known(other(r.from)))) {
    // Sooner after the own FIN than an answer to that comes: they crossed.
    const Row own = last_fin_[index(r.from)];
    const bool crossed = own != kNoRow && records_[own].ack - sent <= 0 &&
                         r.time_ns - records_[own].time_ns < soonest_answer_ns(r.from);
    theirs = {.row = crossed ? own : row, .seq = sent};
    if (crossed) apply_again_from(own);
  }
  Facts::UnseenFin& ours = facts_.unseen_fin[index(r.from)];
  const bool answers_below = y.acked && y.highest_ack == x.snd_nxt && !x.iss_known &&
                             r.length() == 0 && x.snd_nxt - r.seq == 1 && may_answer(row, r);
  if (ours.row == kNoRow && !x.fin_sent && answers_below) {
    ours = {.row = row - 1,
            .seq = r.seq,
            .foreign = true};  // acknowledged, and it knows of no such FIN
    apply_again_from(row - 1);
  }
  if (ours.row == kNoRow && !x.fin_sent && x.snd_known && r.length() == 0 &&
      r.seq - x.snd_nxt == 1 && sent_is_known(r.from)) {
    // The first to acknowledge the other's FIN, and beyond the own: that was sent before the other's came.
    const bool first_ack_of_fin = x.fin_seen && r.flags.ack() && x.basis == Basis::Presumed;
    ours = {.row = first_ack_of_fin ? took_fin(r.from) : row, .seq = x.snd_nxt};
    if (first_ack_of_fin) apply_again_from(ours.row);
  }
}

/// SND.NXT of that end is what is known: its SYN was captured, or its peer had acknowledged just this
/// number. Where a capture begins with a keepalive probe, SND.NXT lies one beyond it (RFC 9293 section
/// 3.8.4), and with a repetition anywhere.
bool Connection::sent_is_known(End end) const {
  const Endpoint& x = model_.of(end);
  const Endpoint& peer = model_.of(other(end));
  const bool counts = base_known(end) && peer.highest_ack - (base(end) + 1U) > 0;
  return x.iss_known || (peer.acked && (peer.highest_ack == x.snd_nxt || counts));
}

/// How soon an end can have the answer to what it sends; 0 where that is not known. The variance of a first measurement
/// is half of it (RFC 6298 section 2.2).
std::int64_t Connection::soonest_answer_ns(End end) const {
  if (round_trip_.both_ways()) return round_trip_.value();
  // That of a server has in it how long the client took to ask.
  const bool known = !facts_.seen[index(other(end))] && !model_.of(end).passive;
  return known ? facts_.own_round_trip_ns[index(end)] / 2 : 0;
}

/// Time enough has not passed since the other end's latest segment for this one to be no answer to it.
bool Connection::may_answer(Row row, const SegmentRecord& r) const {
  const SegmentRecord& before = records_[row - 1];
  return before.from != r.from && r.time_ns - before.time_ns <= round_trip_.value() + kDelayedAck;
}

/// An unseen FIN is taken back by whatever contradicts it: an ACK, or anything sent, beyond it, a FIN
/// elsewhere, a keepalive probe at its number. An end that answers with that number knows of no FIN of
/// its own.
void Connection::take_back_unseen_fin(Row row, const SegmentRecord& r) {
  Facts::UnseenFin& theirs = facts_.unseen_fin[index(other(r.from))];
  if (theirs.row != kNoRow && r.flags.ack() && r.ack - theirs.seq > 1) {
    apply_again_from(theirs.row);
    theirs = {};
  }
  Facts::UnseenFin& ours = facts_.unseen_fin[index(r.from)];
  if (ours.row == kNoRow) return;
  const bool beyond =
      r.length() > 0 && r.end() - ours.seq > 0 && !(r.flags.fin() && r.fin_seq() == ours.seq);
  const bool before = r.length() == 0 && r.seq == ours.seq && !ours.foreign &&
                      r.time_ns - records_[ours.row].time_ns >= 0 && !ours.before_capture;
  if (before && may_answer(row, r)) {
    ours.foreign = true;  // after its FIN it would count on from beyond it
    apply_again_from(ours.row);
  } else if (beyond || before) {
    apply_again_from(ours.row);
    ours = {};
  }
}

/// Captured with a filter for SYN, FIN and RST: not even the ACK of the SYN,ACK is there, so what a FIN or
/// an ACK jumps over is the capture's hole. A RST counts so if it acknowledges what was not captured.
bool Connection::is_filtered(const SegmentRecord& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (facts_.plain_seen || r.flags.syn() || !x.iss_known || !y.iss_known) return false;
  const bool acks_more = r.flags.ack() && is_near(y.snd_nxt, r.ack) && r.ack != y.snd_nxt;
  if (r.flags.fin() && is_near(x.snd_nxt, r.seq)) return acks_more || r.seq != x.snd_nxt;
  return r.flags.rst() && is_near(x.snd_nxt, r.seq) && acks_more;
}

/// It goes on in order beyond the window that was captured last, and its sender alone was captured since: a later one
/// was granted, and what was sent within it arrived.
bool Connection::is_beyond_old_window(Row row, const SegmentRecord& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (row == 0 || facts_.scale_cut() || records_[row - 1].from != r.from) return false;
  if (!r.flags.ack() || r.flags.syn() || r.flags.rst()) return false;
  return x.snd_known && r.seq == x.snd_nxt && y.window_known && r.seq - y.rcv_right > 0 &&
         y.snd_known && r.ack - y.snd_nxt <= 0;
}

/// More than a window was missed: both ends go on from the same numbers, which fit nothing that was
/// captured before. One end's segment may be forged; that the other end answers in its numbers may not.
bool Connection::from_agreement(Row row, const SegmentRecord& r) {
  if (r.flags.syn() || r.flags.rst() || !r.flags.ack()) return false;
  const auto taken_for_forged = [&](const SegmentRecord& other_one) {
    return other_one.unattributable && other_one.flags.ack() && !other_one.flags.syn() &&
           !other_one.flags.rst() && other_one.has_ts == r.has_ts;
  };
  Row agreed = kNoRow;
  for (const Row i : scoreboard_.before(row)) {
    const SegmentRecord& b = records_[i];
    if (b.from == r.from) continue;
    if (!taken_for_forged(b)) return false;
    if (b.ack != r.seq || b.end() != r.ack) continue;
    agreed = i;
    break;
  }
  if (agreed == kNoRow) return false;
  std::array<std::optional<Seq>, 2> later_ack;  // the latest of each end
  later_ack[index(r.from)] = r.ack;
  for (const Row i : scoreboard_.before(row)) {  // and what came with it
    if (!taken_for_forged(records_[i])) {
      if (i < agreed) break;
      continue;
    }
    correct({i, Correction::Attributed});
    const SegmentRecord& b = records_[i];
    std::optional<Seq>& reached = later_ack[index(other(b.from))];
    // Where its receiver acknowledges less even later, the receiver lacks what comes before it, too.
    if (b.length() == 0 || !reached || *reached - b.seq >= 0) correct({i, Correction::AfterMissed});
    if (!later_ack[index(b.from)]) later_ack[index(b.from)] = b.ack;
  }
  return true;
}

/// The other end acknowledged what was not captured, and this one goes on from there, if only with an ACK: the tap
/// missed it. Or its data were captured behind their ACK, sooner than they could answer that.
void Connection::from_missed_data(Row row, const SegmentRecord& r) {
  constexpr std::int32_t kLargestWindow = 0xffff << 14;
  const End y = other(r.from);
  const Ahead ahead = ahead_[index(y)];
  if (ahead.first == kNoRow || r.flags.syn()) return;
  const SegmentRecord& last = records_[ahead.last];
  const std::int32_t beyond = r.seq - last.ack;
  const bool late =
      beyond < 0 && r.end() - last.ack >= 0 && r.time_ns - last.time_ns < round_trip_.value();
  ahead_[index(y)] = {};
  if (!late && (beyond < 0 || beyond > kLargestWindow)) return;
  const Row floor = row - std::min(row, Scoreboard::kMost);  // a bound on what the rule costs
  for (Row i = std::max(ahead.first, floor); i <= ahead.last; ++i) {
    const SegmentRecord& ack = records_[i];
    if (ack.from == y && ack.ack_check == AckCheck::BeyondSent && !ack.unattributable)
      correct({i, Correction::AfterMissed});
  }
}

/// Holes that are never filled and that the receiver acknowledges past were missed by the tap only.
void Connection::from_hole(Row row, const SegmentRecord& r) {
  const std::size_t x = index(r.from), y = index(other(r.from));
  const Endpoint& self = model_.of(r.from);
  const std::int32_t missing = self.snd_known ? r.seq - self.snd_nxt : 0;
  const bool after_fin = missing == 1 && r.length() == 0 && !self.fin_sent && !r.flags.syn();
  if (hole_[x] == kNoRow && (after_fin || (r.length() > 0 && missing > 0))) {
    hole_[x] = row;
    hole_from_[x] = self.snd_nxt;
  } else if (hole_[x] != kNoRow && r.length() > 0 && r.seq - hole_from_[x] <= 0 &&
             r.end() - hole_from_[x] > 0) {
    hole_[x] = kNoRow;
  }
  if (hole_[y] == kNoRow || !r.flags.ack()) return;
  const SegmentRecord& beyond = records_[hole_[y]];
  const std::int32_t acknowledged = r.ack - beyond.seq;
  if (acknowledged < 0 || (acknowledged == 0 && beyond.length() > 0)) return;
  correct({hole_[y], Correction::AfterMissed});
  hole_[y] = kNoRow;
}

}  // namespace tcpwave
