// The engine's front door: segments and ICMP errors in, each to its connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/tracker_impl.h"

#include <algorithm>

namespace tcpwave {

void Tracker::Impl::number(std::uint32_t index) {
  numbered.push_back(index);
  slots[index].number = static_cast<std::uint32_t>(numbered.size() - 1);
}

void Tracker::Impl::link(std::uint32_t index, ConnectionSlot& c, SegmentId id, SegmentRecord& r) {
  if (c.first == kNowhere) c.first = id;
  r.previous = c.last;
  c.last = id;
  ++c.segments;
  r.connection = index;
}

void Tracker::Impl::note_roles(ConnectionSlot& slot) {
  const Role first = slot.loaded->connection.role(Known::SoFar);
  const Role best = slot.loaded->connection.role(Known::Final);
  slot.first_client = first.client;
  slot.first_basis = first.basis;
  slot.best_client = best.client;
  slot.best_basis = best.basis;
}

void Tracker::Impl::put(std::uint32_t index, SegmentId id) {
  ConnectionSlot& slot = slots[index];
  SegmentRecord& r = log[id];
  if (slot.number == kNowhere && !r.flags.rst()) number(index);
  Connection& c = load(index, slot).connection;
  c.add(id);
  note_roles(slot);
  link(index, slot, id, r);
  count(slot, index, id, r);
  if (slot.segments == 1) note_first({id, index}, r);
  both_directions |= c.facts().seen[0] && c.facts().seen[1];
}

/// A connection's first segment. Where that is a SYN alone, and nothing is left of an older connection, its result is
/// known without a model.
void Tracker::Impl::put_first(std::uint32_t index, SegmentId id, SegmentRecord& r) {
  r.from = End::A;
  is_lone_syn(r) && !slots[index].inherits ? put_first_syn(index, id, r) : put(index, id);
}

/// The server is counted when it answers: the SYN may have reached nobody.
void Tracker::Impl::put_first_syn(std::uint32_t index, SegmentId id, SegmentRecord& r) {
  ConnectionSlot& slot = slots[index];
  number(index);
  slot.course.begin(r);
  link(index, slot, id, r);
  slot.first_basis = slot.best_basis = RoleBasis::Syn;
  slot.in_records = slot.conclusion_tells = true;
  pass_time(slot, id, r);
  count_state(slot, index, End::A, State::SynSent, End::A, id);
  count_state(slot, index, End::B, State::Listen, End::A, id);
  note_first({id, index}, r);
}

Tracker::Tracker(const Settings& settings) : impl_(std::make_unique<Impl>(settings)) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

SegmentId Tracker::observe(const Segment& segment) {
  Impl& impl = *impl_;
  const RecentFlows::Found* const known = impl.recent.find(segment);
  return impl.take(segment, known != nullptr ? *known : impl.flow_of(segment));
}

SegmentId Tracker::Impl::take(const Segment& segment, RecentFlows::Found found) {
  const SegmentId id = log.size();
  SegmentRecord& r = log.take(segment);
  r.connection = found.flow;  // until it is judged
  r.from = found.high ? End::B : End::A;
  return id;
}

FlowKey Tracker::Impl::key_of(const Segment& segment, bool& high) {
  const FlowEnd source{addresses.number(segment.source), segment.source_port};
  const FlowEnd destination{addresses.number(segment.destination), segment.destination_port};
  return flow_key(source, destination, segment.context, high);
}

RecentFlows::Found Tracker::Impl::flow_of(const Segment& segment) {
  RecentFlows::Found found;
  const FlowKey key = key_of(segment, found.high);
  found.flow = flows.place(key);
  recent.remember(segment, found);
  return found;
}

void Tracker::judge() { impl_->catch_up(); }

void Tracker::Impl::judge_next() {
  const SegmentId id = first_pending++;
  SegmentRecord& r = log[id];
  const std::uint32_t flow = r.connection;
  const bool high = r.from == End::B;
  r.connection = kNowhere;
  if (id == 0) start_ns = r.time_ns;
  const std::size_t before = slots.size();
  in_work = kNowhere;
  try {
    make_room();
    judge(id, r, joined(flow, r, high), high);
  } catch (...) {
    r.connection = kNowhere;
    if (in_work != kNowhere) slots[in_work].given_up = true;
    for (std::size_t i = before; i < slots.size(); ++i) slots[i].given_up = true;
    throw;
  }
}

void Tracker::Impl::judge(SegmentId id, SegmentRecord& r, std::uint32_t flow, bool high) {
  std::uint32_t& latest = flows.value(flow);
  if (latest == FlowTable::kNone || slots[latest].given_up) {
    latest = start(high, flow);
    put_first(latest, id, r);
    return;
  }
  const auto end_in = [&](std::uint32_t c) { return slots[c].a_is_high == high ? End::A : End::B; };
  r.from = end_in(latest);
  in_work = latest;
  if (take_on_course(latest, id, r) || take_in_order(latest, id, r)) return;
  if (follows_course(slots[latest], r)) {
    latest = succeed_course(latest, id, high);
    put_first(latest, id, r);
    return;
  }
  Loaded& current = load(latest);
  current.connection.resume();
  if (r.flags.syn() || current.candidate.row != kNoRow || follows_its_end(current, r)) {
    latest = incarnation_of(id, r, latest, high);
    if (slots[latest].segments == 0) {
      put_first(latest, id, r);
      return;
    }
    r.from = end_in(latest);
  }
  put(latest, id);
  look_for_survivor(latest, r);
  Candidate& waits = load(latest).candidate;
  if (waits.row != kNoRow && r.from != waits.from && r.flags.ack()) {
    waits.answered = true;
    waits.last_answer = r.ack;
  }
}

/// What `put` does for a segment that the model judges.
bool Tracker::Impl::take_on_course(std::uint32_t index, SegmentId id, SegmentRecord& r) {
  ConnectionSlot& c = slots[index];
  if (!c.course.goes_on() || c.segments >= kLongestCourse) return false;
  if (!c.course.take(log[c.last], settings.time_wait_ns, r)) return false;
  link(index, c, id, r);
  pass_time(c, id, r);
  // A server whose last word is its SYN,ACK may have ignored what came since.
  c.conclusion_tells = r.from == End::A && c.course.server_only_answered();
  if (r.states.before == r.states.after) return true;
  for (const End e : {End::A, End::B})
    if (r.states.after_of(e) != c.counted(e))
      count_state(c, index, e, r.states.after_of(e), End::A, id);
  if (r.is_syn_ack()) {
    both_directions = c.answered = true;
    hosts.connected(host(c, End::A), true, id);
    note_handshake(c.first, log[c.first].seq, r.seq, {id, index});
  }
  return true;
}

bool Tracker::Impl::take_in_order(std::uint32_t index, SegmentId id, SegmentRecord& r) {
  ConnectionSlot& c = slots[index];
  if (!c.loaded || c.loaded->candidate.row != kNoRow || !c.loaded->connection.take_in_order(r))
    return false;
  c.used = true;
  link(index, c, id, r);
  pass_time(c, id, r);
  return true;
}

/// The SYN,ACK that the old connection had no use for was captured before the SYN that it answers.
bool Tracker::Impl::answer_came_before(const Loaded& old, const SegmentRecord& syn) {
  const Candidate& c = old.candidate;
  return c.row != kNoRow && c.with_ack && c.from != syn.from && syn.is_syn() &&
         old.connection.records()[c.row].ack == syn.seq + 1U;
}

/// Which connection the segment is of where it may start one, or prove that one had started: the
/// latest of its flow, or a fresh one.
std::uint32_t Tracker::Impl::incarnation_of(SegmentId id, const SegmentRecord& r,
                                            std::uint32_t latest, bool high) {
  Loaded& current = load(latest);
  const bool starts = starts_connection(current, r);
  const bool captured_early = answer_came_before(current, r);
  if (starts && !captured_early && !current.candidate.is_sent_again(r))
    return succeed(latest, id, high);
  if (starts || proves_candidate(current, r)) return split(latest);
  if (!r.flags.syn()) return latest;
  const bool known = current.candidate.row != kNoRow && current.candidate.iss == r.seq;
  if (!current.connection.is_own_syn(r) && !known)
    current.candidate =
        Candidate{current.connection.records().size(), r.seq, r.from, r.flags.ack(), false, {}};
  return latest;
}

//= rfc9293#3.9.2.2 MUST-54 SHLD-26
std::optional<UnreachableSyn> Tracker::observe_unreachable(const Unreachable& u) {
  impl_->catch_up();
  impl_->make_room();
  const FlowEnd source{impl_->addresses.find(u.source), u.source_port};
  const FlowEnd destination{impl_->addresses.find(u.destination), u.destination_port};
  bool high = false;
  const std::uint32_t flow = impl_->flows.find(flow_key(source, destination, u.context, high));
  if (flow == FlowTable::kNone) return std::nullopt;
  const std::uint32_t latest = impl_->flows.value(impl_->whole(flow));
  if (latest == FlowTable::kNone || impl_->slots[latest].given_up) return std::nullopt;
  const ConnectionSlot& c = impl_->slots[latest];
  Connection& connection = impl_->connection(latest);
  const std::optional<Row> syn =
      connection.unreachable(c.a_is_high == high ? End::A : End::B, u.seq);
  if (!syn) return std::nullopt;
  const std::uint32_t frame = connection.records()[*syn].frame;
  return UnreachableSyn{c.number, frame, {Finding::SynUnreachable, frame, u.type}};
}

std::uint64_t Tracker::rows_applied() const {
  impl_->catch_up();
  std::uint64_t rows = impl_->rows_applied;
  for (std::size_t i = 0; i < impl_->slots.size(); ++i)
    if (impl_->slots[i].loaded) rows += impl_->slots[i].loaded->connection.rows_applied();
  return rows;
}

std::uint32_t Tracker::connections() const {
  impl_->catch_up();
  return static_cast<std::uint32_t>(impl_->numbered.size());
}
SegmentId Tracker::segments() const { return impl_->log.size(); }

}  // namespace tcpwave
