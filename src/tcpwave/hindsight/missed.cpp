// What the capture missed, and what follows shows to have been there: FINs, and the data of holes.
//
// Rules of hindsight as those in evidence.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/connection.h"

namespace tcpwave {

/// One number beyond everything captured, acknowledged by the other end or skipped by the sender
/// itself, is a FIN that was not captured.
void Connection::from_unseen_fin(Row row, const Record& r) {
  if (r.flags.syn()) return;
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  Facts::UnseenFin& theirs = facts_.unseen_fin[index(other(r.from))];
  if (r.flags.ack() && y.snd_known && theirs.row == kNoRow && !y.fin_sent &&
      r.ack - y.snd_nxt == 1 && x.state != State::SynSent) {
    // Sooner after the own FIN than an answer to that comes: they crossed.
    const Row own = last_fin_[index(r.from)];
    const bool crossed = own != kNoRow && round_trip_.both_ways() &&
                         records_[own].ack - y.snd_nxt <= 0 &&
                         r.time_ns - records_[own].time_ns < round_trip_.value();
    theirs = {.row = crossed ? own : row, .seq = y.snd_nxt, .crossed = crossed};
    if (crossed) replay_from(own);
  } else if (theirs.row != kNoRow && r.flags.ack() && r.ack - theirs.seq > 1) {
    replay_from(theirs.row);
    theirs = {};
  }
  Facts::UnseenFin& ours = facts_.unseen_fin[index(r.from)];
  if (ours.row != kNoRow && r.length() > 0 && !r.flags.fin() && r.end() - ours.seq > 0) {
    replay_from(ours.row);
    ours = {};
  } else if (ours.row != kNoRow && r.length() == 0 && r.seq == ours.seq && !ours.foreign &&
             r.time_ns - records_[ours.row].time_ns >= 0 && !ours.before_capture) {
    ours.foreign = true;  // after its FIN it would count on from beyond it
    replay_from(ours.row);
  } else if (ours.row == kNoRow && !x.fin_sent && x.snd_known && r.length() == 0 &&
             r.seq - x.snd_nxt == 1) {
    // The first to acknowledge the other's FIN, and beyond the own: that was sent before the other's came.
    const bool first_ack_of_fin = x.fin_seen && r.flags.ack() && x.basis == Basis::Presumed;
    ours = {.row = first_ack_of_fin ? took_fin(r.from) : row, .seq = x.snd_nxt};
    if (first_ack_of_fin) replay_from(ours.row);
  }
}

/// Holes that are never filled and that the receiver acknowledges past were missed by the tap only.
void Connection::from_hole(Row row, const Record& r) {
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
  const Record& beyond = records_[hole_[y]];
  const std::int32_t acknowledged = r.ack - beyond.seq;
  if (acknowledged < 0 || (acknowledged == 0 && beyond.length() > 0)) return;
  records_.change(hole_[y]).after_missed = true;
  replay_from(hole_[y]);
  hole_[y] = kNoRow;
}

}  // namespace tcpwave
