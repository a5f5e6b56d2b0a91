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
    const Hosts::Id host = hosts.of(address(c, e));
    hosts.advance(host, r.id, r.time_ns);
    const State now = c.connection.model().of(e).state;
    State& before = c.counted[index(e)];
    if (now == before) continue;
    hosts.change(host, std::uint64_t{connection} << 1 | index(e), towards(c, e), before, now, r.id,
                 r.time_ns);
    before = now;
  }
  const Hosts::Id caller = hosts.of(address(c, client));
  const Record& latest = c.connection.records().back();
  const bool opened = c.connection.model().steps.handshake_row(1) != kNoRow;
  const bool refused = c.connection.facts().no_listener;
  if (!c.answered && (opened || refused)) {
    c.answered = true;
    hosts.connected(caller, opened, r.id, r.time_ns);
  }
  const bool odd = !latest.flags.syn() && !latest.flags.rst() && !latest.flags.ack();
  if (c.connection.records().size() == 1 && odd)
    hosts.probed(hosts.of(address(c, latest.from)), r.id, r.time_ns);
}

/// The connection's sockets are its successor's to count from now on.
void Tracker::Impl::release(std::uint32_t connection, const Record& first) {
  Incarnation& c = incarnations[connection];
  for (const End e : {End::A, End::B}) {
    State& before = c.counted[index(e)];
    if (before == State::Closed || before == State::Unknown) continue;
    hosts.change(hosts.of(address(c, e)), std::uint64_t{connection} << 1 | index(e), towards(c, e),
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
  const auto id = static_cast<SegmentId>(impl.places.size());
  const std::size_t before = impl.incarnations.size();
  impl.places.push_back({});
  impl.in_work = Impl::kNothing;
  try {
    impl.take(segment, id);
  } catch (...) {
    impl.places.pop_back();
    if (impl.in_work != Impl::kNothing) impl.incarnations[impl.in_work].given_up = true;
    for (std::size_t i = before; i < impl.incarnations.size(); ++i)
      impl.incarnations[i].given_up = true;
    throw;
  }
  return id;
}

void Tracker::Impl::take(const Segment& segment, SegmentId id) {
  bool high = false;
  const FlowKey key = flow_key(segment, high);
  if (id == 0) start_ns = end_ns = segment.time_ns;
  const std::uint32_t flow = flow_of(key, segment, high);
  std::uint32_t& latest = flows.value(flow);
  if (latest == FlowTable::kNone || incarnations[latest].given_up) {
    const int port_order = static_cast<int>(key.low_port) - static_cast<int>(key.high_port);
    latest = start(high, port_order, flow);
    put(latest, make_record(segment, End::A, id));
    return;
  }
  in_work = latest;
  incarnations[latest].connection.resume();
  const auto end_in = [&](std::uint32_t c) {
    return incarnations[c].a_is_high == high ? End::A : End::B;
  };
  Record r = make_record(segment, end_in(latest), id);
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
  Segment quoted;
  quoted.source = u.source;
  quoted.destination = u.destination;
  quoted.source_port = u.source_port;
  quoted.destination_port = u.destination_port;
  quoted.context = u.context;
  bool high = false;
  const std::uint32_t flow = impl_->flows.find(flow_key(quoted, high));
  if (flow == FlowTable::kNone) return std::nullopt;
  const std::uint32_t latest = impl_->flows.value(flow);
  if (latest == FlowTable::kNone || impl_->incarnations[latest].given_up) return std::nullopt;
  Incarnation& c = impl_->incarnations[latest];
  const std::optional<Row> syn =
      c.connection.unreachable(c.a_is_high == high ? End::A : End::B, u.seq);
  if (!syn) return std::nullopt;
  const std::uint32_t frame = c.connection.records()[*syn].frame;
  return UnreachableSyn{c.number, frame, {Finding::SynUnreachable, frame, u.type}};
}

std::uint64_t Tracker::rows_played() const {
  std::uint64_t rows = 0;
  for (const Incarnation& c : impl_->incarnations) rows += c.connection.rows_played();
  return rows;
}

std::uint32_t Tracker::connections() const {
  return static_cast<std::uint32_t>(impl_->numbered.size());
}
SegmentId Tracker::segments() const { return static_cast<SegmentId>(impl_->places.size()); }

Annotation Tracker::annotate(SegmentId id, Known known) const {
  const Place place = impl_->places.at(id);
  const Incarnation& incarnation =
      known == Known::Final ? impl_->concluded(place.connection) : impl_->sound(place.connection);
  const Connection& connection = incarnation.connection;
  Successor successor;
  if (incarnation.successor != Incarnation::kUnnumbered) {
    // Known as far as the connection itself is, or the answer would hang on who was asked for before.
    const Incarnation& next =
        known == Known::Final && !impl_->incarnations[incarnation.successor].given_up
            ? impl_->concluded(incarnation.successor)
            : impl_->incarnations[incarnation.successor];
    successor = {&next.connection, next.a_is_high == incarnation.a_is_high};
  }
  const CaptureView capture{known == Known::Final, impl_->both_directions, impl_->end_ns,
                            impl_->settings.close_wait_held_ns};
  Annotation a = make_annotation(connection, successor, incarnation.number, place.row, capture);
  a.tracked = incarnation.number != Incarnation::kUnnumbered;
  if (!a.tracked) a.phase = Phase::None;
  const End client = connection.role(known).client;
  for (const End e : {End::A, End::B})
    a.gauge[e == client ? 0 : 1] = impl_->gauge(incarnation, e, id);
  impl_->hosts.add_findings(id, a);
  return a;
}

}  // namespace tcpwave
