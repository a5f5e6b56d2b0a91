// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/connection.h"

#include <algorithm>

namespace tcpwave {

Row Connection::add(SegmentLog::Id id) {
  resume();
  if (credit_ < kNoRow / 2) credit_ += kCorrectionsPerRow;
  const Row row = records_.size();
  records_.push_back(id);
  SegmentRecord& r = records_.change(row);
  if (steady_.goes_on_with(r)) {
    steady_.take(r);
    add_in_order(row, r);
    return row;
  }
  scoreboard_.make_room(records_, row);
  note_options(row, r);
  learn(row, r);
  if (r.unattributable) last_unattributable_ = row;
  apply_corrections(row);
  round_trip_.sent(r);
  if (!r.unattributable) ts_clock_[index(r.from)].sent(r);
  apply(row);
  note_row(row, r);
  note_role(row, r);
  note_base(r);
  note_steady(r);
  return row;
}

/// What a SYN tells, and that there is a peer, holds for all that came before it, too; of a first SYN nothing
/// hangs on it.
void Connection::note_options(Row row, const SegmentRecord& r) {
  const std::size_t x = index(r.from);
  const bool news = !facts_.seen[x];
  facts_.seen[x] = true;
  const bool learned = note_syn(r) || note_plain(row, r);
  const bool matters = row > 1 || (row == 1 && !records_[0].is_syn());
  if ((news || learned) && matters) apply_again_from(0);
}

/// Of an end whose peer is never seen: its SYN, its ACK of the SYN,ACK and its ACK of the first data lie a
/// round trip apart, at least, and so do its SYN,ACK and its ACK of the first data; what it sends before that has waited
/// for its application. What was not sent again after a second was acknowledged (RFC 6298 section 2.4).
void Connection::note_own_round_trip(Row row, const SegmentRecord& r) {
  const std::size_t x = index(r.from);
  const Row syn = last_syn_[x];
  if (facts_.seen[index(other(r.from))] || syn == kNoRow) return;
  std::int64_t& soonest = facts_.own_round_trip_ns[x];
  const auto time_since = [&](Row earlier) {
    const std::int64_t since = r.time_ns - records_[earlier].time_ns;
    return std::clamp<std::int64_t>(since, 0, kShortestTimeout);
  };
  if (opened_[x] == kNoRow) {
    opened_[x] = row;
    const bool answer = records_[syn].is_syn() || r.ack - records_[syn].ack > 0;
    soonest = answer ? time_since(syn) : 0;
  } else if (records_[syn].is_syn() && !first_data_acked_[x] &&
             r.ack - records_[opened_[x]].ack > 0) {
    first_data_acked_[x] = true;
    soonest = std::min(soonest, time_since(opened_[x]));
  }
}

/// What segments other than SYNs tell of the connection as a whole.
bool Connection::note_plain(Row row, const SegmentRecord& r) {
  if (r.flags.syn() || r.flags.rst()) return false;
  note_own_round_trip(row, r);
  bool learned = false;
  if (!facts_.plain_seen && r.flags.is_ack_alone()) {
    facts_.plain_seen = true;
    learned = row > 2;
  }
  // Time stamps come only where both SYNs had them (RFC 7323 section 3.2).
  for (const std::size_t e : {std::size_t{0}, std::size_t{1}}) {
    if (!r.has_ts || !facts_.syn_cut[e] || facts_.syn_ts[e]) continue;
    facts_.syn_ts[e] = true;
    learned = true;
  }
  return learned;
}

/// Whether it changes what is known.
bool Connection::note_syn(const SegmentRecord& r) {
  const std::size_t x = index(r.from);
  const Endpoint& y = model_.of(other(r.from));
  const bool unasked =
      r.is_syn_ack() && y.iss_known && (r.ack - y.iss <= 0 || r.ack - y.snd_nxt > 0);
  if (unasked) return false;  // nobody's options
  // It took the SYN's data, or a cookie that came without any: the server is open before the third ACK.
  const bool took = r.ack - y.iss > 1 || facts_.cookie_sent[index(other(r.from))];
  const bool opens_fast = r.is_syn_ack() && y.iss_known && took && !facts_.fast_open;
  const bool first = r.flags.syn() && !facts_.syn_seen[x];
  if (opens_fast) facts_.fast_open = true;
  if (first) {
    facts_.syn_seen[x] = true;
    facts_.syn_ts[x] = r.has_ts;
    facts_.syn_cut[x] = r.options_cut;
    facts_.cookie_sent[x] = r.is_syn() && r.fast_open == FastOpen::Cookie && r.payload == 0;
    facts_.window_scale[x] = r.window_scale;
  }
  return opens_fast || first;
}

void Connection::note_row(Row row, const SegmentRecord& r) {
  const std::size_t x = index(r.from);
  if (r.unattributable) return;
  if (facts_.ttl[x] == 0 && !r.flags.rst()) facts_.ttl[x] = r.ttl;
  if (r.flags.syn()) last_syn_[x] = row;
  if (r.unreachable) facts_.unreachable = row;
  if (r.flags.fin()) last_fin_[x] = row;
  if (r.flags.rst()) last_rst_[x] = row;
  if (r.ack_check == AckCheck::BeyondSent && !r.flags.rst())
    ahead_[x] = {ahead_[x].first == kNoRow ? row : ahead_[x].first, row};
  if (!r.flags.rst() && !r.flags.syn()) facts_.went_on[x] = true;
  if (!r.flags.rst() && r.duplicate_of == kNoRow && r.seq_check == SeqCheck::Ok) note_ip_id(r);
  note_asking(row, r);
}

void Connection::note_asking(Row row, const SegmentRecord& r) {
  Asking& asking = asking_[index(r.from)];
  if (r.flags.ack() && (asking.since == kNoRow || r.ack - asking.number > 0)) asking = {r.ack, row};
}

/// The first SYN's sender is the client; else a SYN,ACK's receiver; else the higher port; else the
/// sender of the first segment.
void Connection::note_role(Row row, const SegmentRecord& r) {
  Role role{End::A, RoleBasis::Order};
  if (r.is_syn())
    role = {r.from, RoleBasis::Syn};
  else if (r.is_syn_ack())
    role = {other(r.from), RoleBasis::SynAck};
  else if (lower_port_)
    role = {other(*lower_port_), RoleBasis::Port};
  if (row == 0) first_role_ = best_role_ = role;
  if (role.basis < best_role_.basis && !r.unattributable) best_role_ = role;
}

Role Connection::role(Known known) const {
  return known == Known::Final ? best_role_ : first_role_;
}

/// The one place where a record that was applied changes.
void Connection::correct(Correction c) {
  SegmentRecord& r = records_.change(c.row);
  switch (c.what) {
    case Correction::Presumed:
      return set_delivery(c.row, r, Delivery::Presumed);
    case Correction::Delivered:
      return set_delivery(c.row, r, Delivery::Delivered);
    case Correction::Lost:
      return set_delivery(c.row, r, Delivery::Lost);
    case Correction::Attributed:
      r.unattributable = false;
      break;
    case Correction::Unattributed:
      r.unattributable = true;
      break;
    case Correction::AfterMissed:
      r.after_missed = true;
      break;
    case Correction::Outlived:
      r.outlived = true;
      break;
  }
  apply_again_from(c.row);
}

void Connection::set_delivery(Row row, SegmentRecord& r, Delivery delivery) {
  if (r.delivery == delivery) return;
  r.delivery = delivery;
  if (delivery == Delivery::Lost && r.length() > 0) {
    syn_or_fin_lost_ |= r.flags.syn() || r.flags.fin();
    Row& last = last_lost_[index(r.from)];
    last = last == kNoRow ? row : std::max(last, row);
  }
  apply_again_from(row);
  if (dates_fin(row)) note_fin_under_way(other(r.from));
}

/// Applies again what was applied on wrong premises: [stale_, until).
void Connection::apply_corrections(Row until) {
  if (stale_ >= until) {
    stale_ = kNoRow;
    return;
  }
  if (until - stale_ > credit_) {
    stale_ = kNoRow;
    return;
  }
  credit_ -= until - stale_;
  rows_corrected_ += until - stale_;
  apply_again(until);
}

/// The same for a question, which spends nothing of what corrections may cost.
void Connection::apply_for_question() {
  if (stale_ < records_.size()) apply_again(records_.size());
  stale_ = kNoRow;
}

void Connection::apply_again(Row until) {
  while (!saved_.empty() && saved_.back().first > stale_) saved_.pop_back();
  const Row from = saved_.empty() ? 0 : saved_.back().first;
  model_ = !saved_.empty() ? saved_.back().second : first_model();
  if (!saved_.empty()) saved_.pop_back();
  timeline_.rewind(from);
  stale_ = kNoRow;
  for (Row row = from; row < until; ++row) apply(row);
}

/// Those that have become old are kept at the next greater distance.
void Connection::save(Row row, const Spacing& spacing) {
  ++rows_applied_;
  if (row == 0 || row % spacing.rows != 0) return;
  saved_.emplace_back(row, model_);
  std::size_t latest = 0;
  for (std::size_t i = 0; i + 1 < kSpacing.size(); ++i) {
    latest += kSpacing[i].models;
    if (saved_.size() <= latest) return;
    const auto old = saved_.end() - 1 - static_cast<std::ptrdiff_t>(latest);
    if (old->first % kSpacing[i + 1].rows != 0) saved_.erase(old);
  }
}

void Connection::apply(Row row) {
  save(row, kSpacing[0]);
  SegmentRecord& r = records_.change(row);
  Applier(model_, facts_, records_, timeline_, time_wait_ns_).apply(row, r);
}

Connection::Around Connection::around(Row row) const {
  if (!asked_) asked_ = std::make_unique<Asked>();
  AskedRow* nearest = nullptr;
  for (AskedRow& p : asked_->rows)
    if (p.row != kNoRow && p.row <= row && (nearest == nullptr || p.row > nearest->row))
      nearest = &p;
  const auto after_row = [](Row r, const std::pair<Row, Model>& saved) { return r < saved.first; };
  const auto next_saved = std::upper_bound(saved_.begin(), saved_.end(), row, after_row);
  const auto* const saved = next_saved == saved_.begin() ? nullptr : &*std::prev(next_saved);
  if (nearest == nullptr || (saved != nullptr && saved->first > nearest->row + 1)) {
    nearest = &asked_->rows[1 - asked_->latest];
    nearest->row = kNoRow;
    nearest->after = saved != nullptr ? saved->second : first_model();
    go_to(*nearest, saved != nullptr ? saved->first : 0, row);
  } else {
    go_to(*nearest, nearest->row + 1, row);
  }
  asked_->latest = nearest == &asked_->rows[0] ? 0 : 1;
  return {nearest->before, nearest->after};
}

/// Applies [from, row], as many rows as lie between saved models at most. What they turn out to be stands in
/// the records already: it is copies that are applied.
void Connection::go_to(AskedRow& asked, Row from, Row row) const {
  asked.row = kNoRow;  // until it is there: applying may run out of memory
  Timeline unused;
  for (Row i = from; i <= row; ++i) {
    SegmentRecord copy = records_[i];
    if (i == row) asked.before = asked.after;
    Applier(asked.after, facts_, records_, unused, time_wait_ns_).apply(i, copy);
  }
  asked.row = row;
}

void Connection::apply_again_from(Row row) {
  stale_ = std::min(stale_, row);
  if (!asked_) return;
  for (AskedRow& p : asked_->rows)
    if (p.row != kNoRow && p.row >= row) p.row = kNoRow;
}

void Connection::inherit(const Endpoint& older, End as) {
  start_ = std::make_unique<Model>();
  Endpoint& y = start_->of(as);
  y = older;
  y.previous_incarnation = true;
  y.proof_due = y.ground_due = false;
  model_ = *start_;
}

const Endpoint* Connection::last_socket(End end) const {
  const Endpoint& x = model_.of(end);
  const Endpoint* const older = start_ ? &start_->of(end) : nullptr;
  const Endpoint& last =
      older != nullptr && older->previous_incarnation && !x.iss_known ? *older : x;
  return last.snd_known && last.rcv_known ? &last : nullptr;
}

bool Connection::outlived(End end) {
  const bool old = start_ && start_->of(end).previous_incarnation && !model_.of(end).iss_known;
  const Row rst = old ? model_.previous_incarnation_rst : model_.rst;
  const State was = old ? start_->of(end).state : model_.of(end).state;
  if (rst == kNoRow || records_[rst].from == end) return was == State::TimeWait;
  correct({rst, Correction::Outlived});
  note_outlived(rst, shown(rst, end).before);
  apply_corrections(records_.size());
  return true;
}

/// A RST that did not end what it met: TIME_WAIT may ignore it (RFC 1337), elsewhere it was lost.
void Connection::note_outlived(Row rst, State met_state) {
  const End met = other(records_[rst].from);
  if (met_state == State::TimeWait)
    facts_.time_wait_keeps[index(met)] = true;
  else
    correct({rst, Correction::Lost});
  apply_again_from(rst);
}

std::vector<SegmentLog::Id> Connection::split(Row from) {
  std::vector<SegmentLog::Id> rest;
  rest.reserve(records_.size() - from);
  for (Row row = from; row < records_.size(); ++row) rest.push_back(records_.id(row));
  // Whatever the segments taken out had taught is unlearned: the rest is applied again from the start.
  Connection again(records_.log(), time_wait_ns_, lower_port_);
  if (start_) again.model_ = *start_;
  again.start_ = std::move(start_);
  again.reopened_ = reopened_;
  again.rows_applied_ = rows_applied_;
  for (Row row = 0; row < from; ++row) {
    forget(records_.change(row));
    again.add(records_.id(row));
  }
  *this = std::move(again);
  return rest;
}

Seq Connection::base(End end) const {
  const Endpoint& x = model_.of(end);
  if (x.iss_known && !x.previous_incarnation) return x.iss;
  return base_[index(end)].value_or(Seq{});
}

bool Connection::base_known(End end) const {
  return base_[index(end)].has_value() || model_.of(end).iss_known;
}

bool Connection::is_own_syn(const SegmentRecord& r) const {
  const Endpoint& x = model_.of(r.from);
  const Endpoint& y = model_.of(other(r.from));
  if (x.iss_known && !x.previous_incarnation) return r.seq == x.iss;
  // Whatever had those numbers before, this answers the connection's SYN.
  if (r.is_syn_ack() && y.iss_known && r.ack == y.iss + 1U) return true;
  return x.iss_known ? r.seq == x.iss : !x.snd_known || begins_with(r);
}

bool Connection::begins_with(const SegmentRecord& syn) const {
  const Seq first = base(syn.from) + 1U;
  return base_known(syn.from) && (syn.seq + 1U == first || syn.end() == first);  // Fast Open's data
}

/// Without a SYN the first number seen counts as 1.
void Connection::note_base(const SegmentRecord& r) {
  if (r.unattributable) return;
  std::optional<Seq>& own = base_[index(r.from)];
  std::optional<Seq>& peer = base_[index(other(r.from))];
  if (r.flags.syn())
    own = r.seq;
  else if (!own)
    own = r.seq - 1U;
  if (!peer && r.flags.ack()) peer = r.ack - 1U;
}

std::optional<std::int64_t> Connection::close_wait_since(End end, Row row) const {
  const Change* last = timeline_.last(row, end);
  if (last == nullptr || last->state != State::CloseWait) return std::nullopt;
  return records_[last->row].time_ns;
}

std::optional<Row> Connection::unreachable(End end, Seq seq) {
  const Row syn = last_syn_[index(end)];
  if (syn == kNoRow || records_[syn].seq != seq || model_.of(end).state != State::SynSent)
    return std::nullopt;
  records_.change(syn).unreachable = true;
  facts_.unreachable = syn;
  if (before_conclusion_) before_conclusion_->unreachable = syn;
  return syn;
}

State Connection::state_at(End end, std::int64_t time_ns) const {
  const Endpoint& x = model_.of(end);
  const bool expired = x.state == State::TimeWait && time_ns - x.time_wait_since_ns > time_wait_ns_;
  return expired ? State::Closed : x.state;
}

bool Connection::fins_crossed() const {
  const Row a = model_.steps.fin[0], b = model_.steps.fin[1];
  if (a == kNoRow || b == kNoRow) return false;
  const SegmentRecord& first = records_[std::min(a, b)];
  const SegmentRecord& second = records_[std::max(a, b)];
  return second.flags.ack() && second.ack - first.fin_seq() <= 0;
}

}  // namespace tcpwave
