// The engine's front door, and what it tells the hosts.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/tracker_impl.h"

#include <algorithm>

namespace tcpwave {

void Tracker::Impl::put(std::uint32_t index, const Record& r) {
  Incarnation& incarnation = incarnations[index];
  if (incarnation.number == Incarnation::kUnnumbered && !r.flags.rst()) {
    numbered.push_back(index);
    incarnation.number = static_cast<std::uint32_t>(numbered.size() - 1);
  }
  Connection& c = connection(index);
  c.add(r);
  connection_of[r.id] = index;
  count(incarnation, index, r);
  both_directions |= c.facts().seen[0] && c.facts().seen[1];
}

void Tracker::Impl::pass_time(const Incarnation& c, const Record& r) {
  end_ns = std::max(end_ns, r.time_ns);
  const FlowKey& key = flows.key(c.flow);
  hosts.advance(key.low, r.id, r.time_ns);
  hosts.advance(key.high, r.id, r.time_ns);
}

/// Tells the hosts what the segment changed.
void Tracker::Impl::count(Incarnation& c, std::uint32_t index, const Record& r) {
  const Connection& connection = c.awake()->connection;
  const Model& model = connection.model();
  pass_time(c, r);
  for (const End e : {End::A, End::B})
    if (model.of(e).state != c.counted[tcpwave::index(e)]) count_state(c, index, e, r);
  if (!c.answered) {
    const bool opened = model.steps.handshake_row(1) != kNoRow;
    if (opened || connection.facts().no_listener) {
      c.answered = true;
      hosts.connected(host(c, connection.role(Known::SoFar).client), opened, r.id, r.time_ns);
    }
  }
  const bool odd = !r.flags.syn() && !r.flags.rst() && !r.flags.ack();
  if (odd && connection.records().size() == 1)
    hosts.probed(host(c, connection.records().back().from), r.id, r.time_ns);
}

void Tracker::Impl::count_state(Incarnation& c, std::uint32_t index, End e, const Record& r) {
  const Connection& connection = c.awake()->connection;
  const State now = connection.model().of(e).state;
  State& before = c.counted[tcpwave::index(e)];
  if (Hosts::matters(before, now))
    hosts.change(host(c, e), std::uint64_t{index} << 1 | tcpwave::index(e),
                 towards(c, e, connection.role(Known::SoFar).client), before, now, r.id, r.time_ns);
  before = now;
}

/// The connection's sockets are its successor's to count from now on.
void Tracker::Impl::release(std::uint32_t index, const Record& first) {
  Incarnation& c = incarnations[index];
  const End client = connection(index).role(Known::SoFar).client;
  for (const End e : {End::A, End::B}) {
    State& before = c.counted[tcpwave::index(e)];
    if (before == State::Closed || before == State::Unknown) continue;
    hosts.change(host(c, e), std::uint64_t{index} << 1 | tcpwave::index(e), towards(c, e, client),
                 before, State::Closed, first.id, first.time_ns);
    before = State::Closed;
  }
}

Tracker::Tracker(const Settings& settings) : impl_(std::make_unique<Impl>(settings)) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

SegmentId Tracker::observe(const Segment& segment) {
  Impl& impl = *impl_;
  const RecentFlows::Found* const known = impl.recent.find(segment);
  const RecentFlows::Found found = known != nullptr ? *known : impl.flow_of(segment);
  const SegmentId id = segments();
  impl.backlog.push(segment, found.flow, found.high);
  return id;
}

RecentFlows::Found Tracker::Impl::flow_of(const Segment& segment) {
  RecentFlows::Found found;
  const FlowEnd source{addresses.number(segment.source), segment.source_port};
  const FlowEnd destination{addresses.number(segment.destination), segment.destination_port};
  found.flow = flows.place(flow_key(source, destination, segment.context, found.high));
  recent.remember(segment, found);
  return found;
}

void Tracker::judge() { impl_->catch_up(); }

void Tracker::Impl::judge_next() {
  const auto id = static_cast<SegmentId>(connection_of.size());
  connection_of.push_back(kNowhere);
  const std::uint32_t flow = backlog.front().flow;
  const bool high = backlog.front().high;
  Record r = backlog.take(id);
  if (id == 0) start_ns = end_ns = r.time_ns;
  const std::size_t before = incarnations.size();
  in_work = kNowhere;
  try {
    rest();
    judge(r, joined(flow, r, high), high);
  } catch (...) {
    connection_of[id] = kNowhere;
    if (in_work != kNowhere) incarnations[in_work].given_up = true;
    for (std::size_t i = before; i < incarnations.size(); ++i) incarnations[i].given_up = true;
    throw;
  }
}

void Tracker::Impl::judge(Record& r, std::uint32_t flow, bool high) {
  std::uint32_t& latest = flows.value(flow);
  if (latest == FlowTable::kNone || incarnations[latest].given_up) {
    latest = start(high, flow);
    put(latest, r);
    return;
  }
  const auto end_in = [&](std::uint32_t c) {
    return incarnations[c].a_is_high == high ? End::A : End::B;
  };
  r.from = end_in(latest);
  if (takes_dozing(latest, r)) return;
  in_work = latest;
  Awake& current = awake(latest);
  current.connection.resume();
  if (r.flags.syn() || current.candidate.row != kNoRow || follows_its_end(current, r)) {
    latest = incarnation_of(r, latest, high);
    r.from = end_in(latest);
  }
  put(latest, r);
  look_for_survivor(latest, r);
}

/// Which connection the segment is of where it may start one, or prove that one had started: the
/// latest of its flow, or a fresh one.
std::uint32_t Tracker::Impl::incarnation_of(const Record& r, std::uint32_t latest, bool high) {
  Awake& current = awake(latest);
  const bool anew = starts_anew(current, r);
  if (anew && !current.candidate.is_sent_again(r)) return succeed(latest, r, high);
  if (anew || proves_candidate(current, r)) return split(latest);
  if (!r.flags.syn()) return latest;
  const Model& model = current.connection.model();
  const Endpoint& x = model.of(r.from);
  // In place of an older connection's socket, it answers this connection's SYN.
  const bool answers = x.old_socket && r.is_syn_ack() && r.ack == model.of(other(r.from)).iss + 1U;
  const bool other_iss = x.iss_known && x.iss != r.seq && !answers;
  const bool known = current.candidate.row != kNoRow && current.candidate.iss == r.seq;
  if (other_iss && !known)
    current.candidate = {current.connection.records().size(), r.seq, r.from, r.flags.ack()};
  return latest;
}

//= rfc9293#3.9.2.2 MUST-54 SHLD-26
std::optional<UnreachableSyn> Tracker::observe_unreachable(const Unreachable& u) {
  impl_->catch_up();
  const FlowEnd source{impl_->addresses.find(u.source), u.source_port};
  const FlowEnd destination{impl_->addresses.find(u.destination), u.destination_port};
  bool high = false;
  const std::uint32_t flow = impl_->flows.find(flow_key(source, destination, u.context, high));
  if (flow == FlowTable::kNone) return std::nullopt;
  const std::uint32_t latest = impl_->flows.value(impl_->whole(flow));
  if (latest == FlowTable::kNone || impl_->incarnations[latest].given_up) return std::nullopt;
  const Incarnation& c = impl_->incarnations[latest];
  Connection& connection = impl_->connection(latest);
  const std::optional<Row> syn =
      connection.unreachable(c.a_is_high == high ? End::A : End::B, u.seq);
  if (!syn) return std::nullopt;
  const std::uint32_t frame = connection.records()[*syn].frame;
  return UnreachableSyn{c.number, frame, {Finding::SynUnreachable, frame, u.type}};
}

std::uint64_t Tracker::rows_played() const {
  impl_->catch_up();
  std::uint64_t rows = impl_->rows_played;
  for (std::size_t i = 0; i < impl_->incarnations.size(); ++i)
    if (const Awake* const awake = impl_->incarnations[i].awake())
      rows += awake->connection.rows_played();
  return rows;
}

std::uint32_t Tracker::connections() const {
  impl_->catch_up();
  return static_cast<std::uint32_t>(impl_->numbered.size());
}
SegmentId Tracker::segments() const {
  return static_cast<SegmentId>(impl_->connection_of.size() + impl_->backlog.size());
}

Annotation Tracker::annotate(SegmentId id, Known known) const {
  Annotation annotation;
  annotate(id, known, Detail::Whole, annotation);
  return annotation;
}

void Tracker::annotate(SegmentId id, Known known, Detail detail, Annotation& a) const {
  const Place place = impl_->place(id);
  const Incarnation& incarnation = place.incarnation;
  const Connection& connection = place.connection;
  impl_->make_known(place.incarnation, place.connection, known);
  a.connection = incarnation.number;
  a.tracked = incarnation.number != Incarnation::kUnnumbered;
  const CaptureView capture{known == Known::Final, impl_->both_directions, impl_->end_ns,
                            impl_->settings.close_wait_held_ns};
  if (detail == Detail::Mark) {
    make_mark(a, connection, place.row, capture);
  } else {
    Successor successor;
    if (incarnation.successor != Incarnation::kUnnumbered) {
      // Known as far as the connection itself is, or the answer would hang on who was asked for before.
      const Incarnation& next = impl_->incarnations[incarnation.successor];
      successor = {next.given_up ? &impl_->connection(incarnation.successor)
                                 : &impl_->as_known(incarnation.successor, known),
                   next.a_is_high == incarnation.a_is_high};
    }
    make_annotation(a, connection, successor, place.row, capture);
    const End client = connection.role(known).client;
    for (const End e : {End::A, End::B})
      a.gauge[e == client ? 0 : 1] = impl_->gauge(incarnation, e, id);
    impl_->hosts.add_findings(id, a);
  }
  if (!a.tracked) a.phase = Phase::None;
}

}  // namespace tcpwave
