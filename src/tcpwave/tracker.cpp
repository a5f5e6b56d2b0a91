// The engine's front door, and what it tells the hosts.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tracker_impl.h"

#include <algorithm>

namespace tcpwave {

/// Tells the hosts what the segment changed.
void Tracker::Impl::count(std::uint32_t connection, const Record& r) {
  Incarnation& c = incarnations[connection];
  const End client = c.connection.role(Known::SoFar).client;
  for (const End e : {End::A, End::B}) {
    const Hosts::Id own = host(c, e);
    hosts.advance(own, r.id, r.time_ns);
    const State now = c.connection.model().of(e).state;
    State& before = c.counted[index(e)];
    if (now == before) continue;
    hosts.change(own, std::uint64_t{connection} << 1 | index(e), towards(c, e), before, now, r.id,
                 r.time_ns);
    before = now;
  }
  const Hosts::Id caller = host(c, client);
  const Record& latest = c.connection.records().back();
  const bool opened = c.connection.model().steps.handshake_row(1) != kNoRow;
  const bool refused = c.connection.facts().no_listener;
  if (!c.answered && (opened || refused)) {
    c.answered = true;
    hosts.connected(caller, opened, r.id, r.time_ns);
  }
  const bool odd = !latest.flags.syn() && !latest.flags.rst() && !latest.flags.ack();
  if (c.connection.records().size() == 1 && odd)
    hosts.probed(host(c, latest.from), r.id, r.time_ns);
}

/// The connection's sockets are its successor's to count from now on.
void Tracker::Impl::release(std::uint32_t connection, const Record& first) {
  Incarnation& c = incarnations[connection];
  for (const End e : {End::A, End::B}) {
    State& before = c.counted[index(e)];
    if (before == State::Closed || before == State::Unknown) continue;
    hosts.change(host(c, e), std::uint64_t{connection} << 1 | index(e), towards(c, e),
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
  bool high = false;
  const FlowEnd source{impl.addresses.number(segment.source), segment.source_port};
  const FlowEnd destination{impl.addresses.number(segment.destination), segment.destination_port};
  const FlowKey key = flow_key(source, destination, segment.context, high);
  const std::uint32_t flow = impl.flows.place(key);
  const SegmentId id = segments();
  impl.backlog.push(segment, flow, high);
  return id;
}

void Tracker::judge() { impl_->catch_up(); }

void Tracker::Impl::judge_next() {
  const auto id = static_cast<SegmentId>(places.size());
  places.push_back({});
  const std::uint32_t flow = backlog.front().flow;
  const bool high = backlog.front().high;
  const Record r = backlog.take(id);
  if (id == 0) start_ns = end_ns = r.time_ns;
  judge(r, joined(flow, r, high), high);
}

void Tracker::Impl::judge(Record r, std::uint32_t flow, bool high) {
  std::uint32_t& latest = flows.value(flow);
  if (latest == FlowTable::kNone) {
    const FlowKey& key = flows.key(flow);
    const int port_order = static_cast<int>(key.low_port) - static_cast<int>(key.high_port);
    latest = start(high, port_order, flow);
    put(latest, r);
    return;
  }
  const auto end_in = [&](std::uint32_t c) {
    return incarnations[c].a_is_high == high ? End::A : End::B;
  };
  r.from = end_in(latest);
  Incarnation& current = incarnations[latest];
  const bool anew = starts_anew(current, r);
  if (anew && !current.candidate.is_sent_again(r)) {
    latest = succeed(latest, r, high);
    r.from = End::A;
  } else if (anew || proves_candidate(current, r)) {
    latest = split(latest);
    r.from = end_in(latest);
  } else if (r.flags.syn()) {
    const Endpoint& x = current.connection.model().of(r.from);
    const bool other_iss = x.iss_known && x.iss != r.seq;
    const bool known = current.candidate.row != kNoRow && current.candidate.iss == r.seq;
    if (other_iss && !known)
      current.candidate = {static_cast<Row>(current.connection.records().size()), r.from, r.seq,
                           r.flags.ack()};
  }
  put(latest, r);
}

//= rfc9293#3.9.2.2 MUST-54 SHLD-26
std::optional<UnreachableSyn> Tracker::observe_unreachable(const Unreachable& u) {
  impl_->catch_up();
  const FlowEnd source{impl_->addresses.find(u.source), u.source_port};
  const FlowEnd destination{impl_->addresses.find(u.destination), u.destination_port};
  bool high = false;
  const std::uint32_t flow = impl_->flows.find(flow_key(source, destination, u.context, high));
  if (flow == FlowTable::kNone) return std::nullopt;
  Incarnation& c = impl_->incarnations[impl_->flows.value(flow)];
  const std::optional<Row> syn =
      c.connection.unreachable(c.a_is_high == high ? End::A : End::B, u.seq);
  if (!syn) return std::nullopt;
  const std::uint32_t frame = c.connection.records()[*syn].frame;
  return UnreachableSyn{c.number, frame, {Finding::SynUnreachable, frame, u.type}};
}

std::uint64_t Tracker::rows_played() const {
  impl_->catch_up();
  std::uint64_t rows = 0;
  for (const Incarnation& c : impl_->incarnations) rows += c.connection.rows_played();
  return rows;
}

std::uint32_t Tracker::connections() const {
  impl_->catch_up();
  return static_cast<std::uint32_t>(impl_->numbered.size());
}
SegmentId Tracker::segments() const {
  return static_cast<SegmentId>(impl_->places.size() + impl_->backlog.size());
}

Annotation Tracker::annotate(SegmentId id, Known known) const {
  Annotation annotation;
  annotate(id, known, Detail::Whole, annotation);
  return annotation;
}

void Tracker::annotate(SegmentId id, Known known, Detail detail, Annotation& a) const {
  const Place place = impl_->place(id);
  if (place.connection == Place::kNowhere) return;
  Incarnation& incarnation = impl_->incarnations[place.connection];
  Connection& connection = incarnation.connection;
  if (known == Known::Final) connection.conclude();
  a.connection = incarnation.number;
  a.tracked = incarnation.number != Incarnation::kUnnumbered;
  const CaptureView capture{known == Known::Final, impl_->both_directions, impl_->end_ns,
                            impl_->settings.close_wait_held_ns};
  if (detail == Detail::Mark) {
    make_mark(a, connection, place.row, capture);
  } else {
    Successor successor;
    if (incarnation.successor != Incarnation::kUnnumbered) {
      const Incarnation& next = impl_->incarnations[incarnation.successor];
      successor = {&next.connection, next.a_is_high == incarnation.a_is_high};
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
