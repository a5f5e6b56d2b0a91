// The short way for what most segments are: data or an ACK on an open connection, in order.
//
// Such a segment teaches nothing about earlier ones and changes no state, so the rules of hindsight and
// of the handshake and close need not be asked. `is_steady` says when that is certain of the connection,
// and `Steady::goes_on_with` of the segment; what they let through is judged as `learn` and `Applier::apply` would judge
// it, which builds with assertions check.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cassert>

#include "tcpwave/hindsight/connection.h"

namespace tcpwave {
namespace {

/// Open, all that it sent captured and taken by its peer, and nothing that waits.
bool is_settled(const Endpoint& e, const Endpoint& peer) {
  return e.state == State::Established && !e.previous_incarnation && e.snd_known && e.una_known &&
         e.rcv_known && e.window_known && e.acked && !e.fin_sent && !e.fin_seen &&
         !e.peer_fin_queued && !e.proof_due && !e.ground_due && e.snd_max == e.snd_nxt &&
         e.snd_max == peer.rcv_nxt && e.hole_from == e.hole_to && e.queued.empty();
}

bool before_any_fin(const StepLog& log, const Facts& facts) {
  return !log.closing && log.fin[0] == kNoRow && log.fin[1] == kNoRow &&
         facts.unseen_fin[0].row == kNoRow && facts.unseen_fin[1].row == kNoRow;
}

}  // namespace

/// What has to hold of the connection apart from the segment; in-order segments do not change it.
bool Connection::is_steady(End sender) const {
  const std::size_t own = index(sender), peer = index(other(sender));
  const Endpoint &x = model_.end[own], &y = model_.end[peer];
  if (model_.phase != Phase::Established || !is_settled(x, y) || !is_settled(y, x)) return false;
  if (!facts_.syn_seen[0] || !facts_.syn_seen[1]) return false;
  if (facts_.timestamps() && (!x.ts_recent_known || !y.ts_recent_known)) return false;
  // Nothing of this connection waits for what a segment may tell.
  if (stale_ != kNoRow || syn_or_fin_lost_ || !facts_.seen[own] || facts_.ttl[own] == 0 ||
      best_role_.basis > RoleBasis::SynAck)
    return false;
  if (stalled_[0] != kNoRow || stalled_[1] != kNoRow || hole_[0] != kNoRow || hole_[1] != kNoRow ||
      last_rst_[0] != kNoRow || last_rst_[1] != kNoRow || last_lost_[0] != kNoRow ||
      last_lost_[1] != kNoRow || ahead_[0].first != kNoRow || ahead_[1].first != kNoRow)
    return false;
  // The next may be a copy of one that seemed forged.
  if (last_unattributable_ != kNoRow && scoreboard_.has(last_unattributable_)) return false;
  // No step, either: the handshake's last ACK was seen, or is the other end's to send.
  const StepLog& log = model_.steps;
  const Row third = log.last_ack_of_syn[own];
  const bool due = log.handshake[peer][1] != kNoRow || log.handshake[peer][0] == kNoRow;
  const bool no_third = third == kNoRow ? !due : log.asked_syn[own] == 0;
  return no_third && before_any_fin(log, facts_);
}

SteadyEnd Connection::steady_end(End e) const {
  const Endpoint& x = model_.of(e);
  return {
      x.snd_max, x.highest_ack, x.rcv_right, model_.of(other(e)).ts_recent, facts_.window_shift(e),
      false};
}

/// After a segment that was none in order: whether the next ones may be.
void Connection::note_steady(const SegmentRecord& latest) {
  steady_ = {};
  if (!latest.flags.is_ack_alone()) return;
  const std::array<bool, 2> steady{is_steady(End::A), is_steady(End::B)};
  if (!steady[0] && !steady[1]) return;
  steady_ = {{steady_end(End::A), steady_end(End::B)}, facts_.timestamps()};
  for (const std::size_t e : {std::size_t{0}, std::size_t{1}}) steady_.end[e].steady = steady[e];
}

bool Connection::take_in_order(SegmentRecord& r) {
  if (waiting_ == kMostWaiting || !steady_.goes_on_with(r)) return false;
  steady_.take(r);
  tell_in_order(r);
  ++waiting_;
  return true;
}

/// The result of a segment in order.
void Connection::tell_in_order(SegmentRecord& r) {
  constexpr std::array kOpen{State::Established, State::Established};
  r.ack_check = AckCheck::Ok;
  r.states = RowStates::of(kOpen, kOpen);
  r.phase = Phase::Established;
}

void Connection::apply_waiting(SegmentLog::Id last) {
  std::array<SegmentLog::Id, kMostWaiting> ids;
  SegmentLog::Id id = last;
  for (Row n = waiting_; n-- > 0; id = records_.log()[id].previous) ids[n] = id;
  const Row waiting = waiting_;
  for (Row n = 0; n < waiting; ++n) {
    const Row row = records_.size();
    records_.push_back(ids[n]);
    --waiting_;
    if (credit_ < kNoRow / 2) credit_ += kCorrectionsPerRow;
    add_in_order(row, records_.change(row));
  }
}

void Connection::add_in_order(Row row, SegmentRecord& r) {
  save(row, kSpacing[1]);
  Applier applier(model_, facts_, records_, timeline_, time_wait_ns_);
#ifndef NDEBUG
  const SegmentRecord captured = r;
  learn(row, r);
  assert(r == captured && stale_ == kNoRow && facts_.unseen_fin[0].row == kNoRow &&
         facts_.unseen_fin[1].row == kNoRow);
  const Model before = model_;
  applier.apply(row, r);
  const SegmentRecord applied = r;
  const Model moved = model_;
  r = captured;
  model_ = before;
  applier.apply_in_order(r);
  tell_in_order(r);
  assert(r == applied && model_ == moved);
#else
  applier.apply_in_order(r);
#endif
  tell_in_order(r);
  facts_.went_on[index(r.from)] = true;
  note_asking(row, r);
  round_trip_.sent(r);
  ts_clock_[index(r.from)].sent(r);
}

/// What `apply` comes to for a segment that `Steady::goes_on_with` lets through.
void Applier::apply_in_order(SegmentRecord& r) {
  Endpoint& x = model_.of(r.from);
  Endpoint& y = model_.of(other(r.from));
  x.snd_max = x.snd_nxt = r.end();
  x.isn_far |= !is_near(x.iss, x.snd_max);
  x.rcv_nxt = later(x.rcv_nxt, r.ack);
  x.highest_ack = r.ack;
  x.last_window = r.window;
  x.reports_sack |= r.may_have_sack();
  x.rcv_right = r.ack + granted_window(facts_, r);
  if (r.has_ts) y.ts_recent = r.tsval;
  y.snd_una = later(y.snd_una, r.ack);
  y.rcv_nxt = r.end();
}

}  // namespace tcpwave
