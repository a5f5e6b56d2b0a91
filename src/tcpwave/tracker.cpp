// Which connection a segment belongs to: the rules of incarnations.
//
// A SYN starts a new connection only where the endpoint it reaches would accept it, or where what
// follows proves that the old connection was gone; the proof reaches back to the first SYN with that
// ISN. Until then it is a segment of the old connection (RFC 5961 section 4, RFC 6191, RFC 9293 3.6.1).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tracker.h"

#include <algorithm>
#include <deque>
#include <random>

#include "tcpwave/annotator.h"
#include "tcpwave/connection.h"
#include "tcpwave/flow_table.h"
#include "tcpwave/hosts.h"

namespace tcpwave {
namespace {

/// A SYN on a connection that may still live: it waits for proof.
struct Candidate {
  Row row = kNoRow;  ///< of the first SYN with this ISN
  End from = End::A;
  Seq iss;
  bool with_ack = false;  ///< a SYN,ACK
};

struct Incarnation {
  Incarnation(std::int64_t time_wait_ns, std::optional<End> lower_port)
      : connection(time_wait_ns, lower_port) {}
  Connection connection;
  Candidate candidate;
  std::array<State, 2> counted{State::Unknown, State::Unknown};  ///< by End: as its host counts it
  bool answered = false;               ///< its host has counted the connect
  int port_order = 0;                  ///< low end's port minus the high end's: its sign
  bool a_is_high = false;              ///< end A is the key's high end
  std::uint32_t flow = 0;              ///< its addresses and ports in the flow table
  std::uint32_t number = kUnnumbered;  ///< none while nothing but RSTs was seen
  std::uint32_t successor =
      kUnnumbered;  ///< index of the connection that took its addresses and ports
  static constexpr std::uint32_t kUnnumbered = 0xffffffffU;
};

struct Place {
  std::uint32_t connection = 0;
  Row row = 0;
};

bool is_over(State s) { return s == State::Closed || s == State::Listen || s == State::Unknown; }

}  // namespace

struct Tracker::Impl {
  explicit Impl(const Settings& s)
      : settings(s),
        flows(std::random_device{}()),
        hosts(settings, std::random_device{}()),
        tagged(std::random_device{}()) {}

  Settings settings;
  FlowTable flows;
  Hosts hosts;
  FlowTable tagged;  ///< by addresses and ports alone: the latest flow with a context
  std::vector<std::uint32_t> same_as;  ///< by flow: the flow that it is part of, itself as a rule
  std::deque<Incarnation> incarnations;
  std::vector<Place> places;
  std::vector<std::uint32_t> numbered;  ///< by number: index of the incarnation
  bool both_directions = false;         ///< some connection was captured in both directions
  std::int64_t start_ns = 0;            ///< capture time of the first segment
  std::int64_t end_ns = 0;              ///< the latest capture time

  std::uint32_t start(bool a_is_high, int port_order, std::uint32_t flow) {
    std::optional<End> lower_port;
    if (port_order != 0) lower_port = (port_order < 0) != a_is_high ? End::A : End::B;
    Incarnation& fresh = incarnations.emplace_back(settings.time_wait_ns, lower_port);
    fresh.port_order = port_order;
    fresh.a_is_high = a_is_high;
    fresh.flow = flow;
    return static_cast<std::uint32_t>(incarnations.size() - 1);
  }

  /// Where the segment's flow stands; that of another VLAN or tunnel where it plainly goes on there.
  std::uint32_t flow_of(const FlowKey&, const Segment&, bool high);
  [[nodiscard]] bool goes_on(std::uint32_t flow, const Segment&, bool high) const;

  void put(std::uint32_t connection, const Record& r) {
    Incarnation& incarnation = incarnations[connection];
    if (incarnation.number == Incarnation::kUnnumbered && !r.flags.rst()) {
      incarnation.number = static_cast<std::uint32_t>(numbered.size());
      numbered.push_back(connection);
    }
    const Row row = incarnation.connection.add(r);
    places[r.id] = {connection, row};
    count(connection, r);
    const Facts& facts = incarnation.connection.facts();
    both_directions |= facts.seen[0] && facts.seen[1];
    end_ns = std::max(end_ns, r.time_ns);
  }

  [[nodiscard]] const Address& address(const Incarnation& c, End e) const {
    const FlowKey& key = flows.key(c.flow);
    return (e == End::A) == c.a_is_high ? key.high : key.low;
  }
  /// The peer's address and port, where the end is the client; 0 elsewhere.
  [[nodiscard]] std::uint64_t towards(const Incarnation& c, End e) {
    if (c.connection.role(Known::SoFar).client != e) return 0;
    const FlowKey& key = flows.key(c.flow);
    const std::uint16_t port = (e == End::A) == c.a_is_high ? key.low_port : key.high_port;
    return (std::uint64_t{hosts.of(address(c, other(e)))} + 1) << 16 | port;
  }
  [[nodiscard]] HostGauge gauge(const Incarnation& c, End e, SegmentId id) {
    return hosts.gauge(hosts.of(address(c, e)), id);
  }
  void count(std::uint32_t connection, const Record&);
  void release(std::uint32_t connection, const Record&);

  /// The connection with this number, with the whole capture in view.
  Incarnation& concluded(std::uint32_t number) {
    Incarnation& incarnation = incarnations[numbered.at(number)];
    incarnation.connection.conclude();
    return incarnation;
  }

  bool starts_anew(const Incarnation&, const Record&) const;
  bool proves_candidate(const Incarnation&, const Record&) const;
  std::uint32_t succeed(std::uint32_t old, const Record& first, bool high);
  std::uint32_t split(std::uint32_t old);
};

std::uint32_t Tracker::Impl::flow_of(const FlowKey& key, const Segment& s, bool high) {
  const std::uint32_t flow = flows.place(key);
  if (flow < same_as.size()) return same_as[flow];
  same_as.push_back(flow);
  FlowKey bare = key;
  bare.context = 0;
  std::uint32_t known = FlowTable::kNone;
  if (const std::uint32_t place = tagged.find(bare); place != FlowTable::kNone)
    known = tagged.value(place);
  if (known == FlowTable::kNone && key.context != 0) known = flows.find(bare);
  if (known != FlowTable::kNone && goes_on(same_as[known], s, high)) same_as[flow] = same_as[known];
  if (key.context != 0) tagged[bare] = same_as[flow];
  return same_as[flow];
}

/// The two directions of one connection may carry different tags, and so may two copies of a segment.
bool Tracker::Impl::goes_on(std::uint32_t flow, const Segment& s, bool high) const {
  const std::uint32_t latest = flows.value(flow);
  if (latest == FlowTable::kNone) return false;
  const Incarnation& c = incarnations[latest];
  const End from = c.a_is_high == high ? End::A : End::B;
  const Record r = make_record(s, from, 0);
  const auto& records = c.connection.records();
  for (std::size_t i = records.size(); i-- > 0 && records.size() - i <= 8;) {
    const Record& earlier = records[i];
    if (earlier.from == from && earlier.seq == r.seq && earlier.ack == r.ack &&
        earlier.flags == r.flags && earlier.payload == r.payload && earlier.ip_id == r.ip_id &&
        earlier.checksum == r.checksum)
      return true;
  }
  if (c.connection.facts().seen[index(from)] || !s.flags.ack()) return false;
  const Endpoint& peer = c.connection.model().of(other(from));
  const std::int32_t unacknowledged = peer.snd_nxt - s.ack;
  return peer.snd_known && unacknowledged >= 0 && unacknowledged < (1 << 20);
}

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

/// The SYN reaches an endpoint that accepts it.
bool Tracker::Impl::starts_anew(const Incarnation& old, const Record& r) const {
  const Model& m = old.connection.model();
  const Endpoint& x = m.of(r.from);
  const Endpoint& y = m.of(other(r.from));
  if (!r.is_syn()) return false;
  if (x.iss_known && x.iss == r.seq) return false;  // a repetition
  if (x.old_socket || y.old_socket) return false;
  const bool y_opens = y.state == State::SynSent || (y.state == State::SynReceived && !y.passive);
  if (y_opens) return false;  // simultaneous open
  if (is_over(old.connection.state_at(other(r.from), r.time_ns))) return true;
  if (y.state == State::TimeWait) return time_wait_takes(y, r);
  const bool y_only_presumed =
      y.state == State::SynReceived && !old.connection.facts().seen[index(other(r.from))];
  return y_only_presumed && is_over(x.state);
}

bool Tracker::Impl::proves_candidate(const Incarnation& old, const Record& r) const {
  const Candidate& c = old.candidate;
  if (c.row == kNoRow) return false;
  if (c.with_ack) return r.from != c.from && r.flags.ack() && !r.flags.rst() && r.ack == c.iss + 1U;
  if (r.from != c.from)
    return r.flags.ack() && r.ack == c.iss + 1U && (r.flags.syn() || r.flags.rst());
  if (!r.flags.rst()) return !r.flags.syn() && r.seq == c.iss + 1U;
  const auto& records = old.connection.records();
  for (Row i = static_cast<Row>(records.size()); i-- > c.row + 1;)
    if (records[i].from != r.from && records[i].flags.ack())
      return !r.flags.ack() && r.seq == records[i].ack;
  return false;
}

std::uint32_t Tracker::Impl::succeed(std::uint32_t old, const Record& first, bool high) {
  const std::uint32_t fresh = start(high, incarnations[old].port_order, incarnations[old].flow);
  Incarnation& before = incarnations[old];
  for (const End e : {End::A, End::B})
    if (before.connection.state_at(e, first.time_ns) == State::TimeWait)
      incarnations[fresh].connection.reopen();
  release(old, first);
  before.connection.replace();
  before.successor = fresh;
  const End y = other(first.from);
  if (!is_over(before.connection.state_at(y, first.time_ns)))
    incarnations[fresh].connection.inherit(before.connection, y, End::B);
  return fresh;
}

/// What was taken for segments of the old connection is a new one from the candidate's SYN on.
std::uint32_t Tracker::Impl::split(std::uint32_t old) {
  const Candidate c = incarnations[old].candidate;
  incarnations[old].candidate = {};
  std::vector<Record> moved = incarnations[old].connection.split(c.row);
  const bool high = (c.from == End::B) != incarnations[old].a_is_high;
  const std::uint32_t fresh = succeed(old, moved.front(), high);
  for (Record& r : moved) {
    Record again = captured_part(r);
    again.from = r.from == c.from ? End::A : End::B;
    put(fresh, again);
  }
  return fresh;
}

Tracker::Tracker(const Settings& settings) : impl_(std::make_unique<Impl>(settings)) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

SegmentId Tracker::observe(const Segment& segment) {
  Impl& impl = *impl_;
  bool high = false;
  const FlowKey key = flow_key(segment, high);
  const auto id = static_cast<SegmentId>(impl.places.size());
  impl.places.push_back({});
  if (id == 0) impl.start_ns = impl.end_ns = segment.time_ns;
  const std::uint32_t flow = impl.flow_of(key, segment, high);
  std::uint32_t& latest = impl.flows.value(flow);
  if (latest == FlowTable::kNone) {
    const int port_order = static_cast<int>(key.low_port) - static_cast<int>(key.high_port);
    latest = impl.start(high, port_order, flow);
    impl.put(latest, make_record(segment, End::A, id));
    return id;
  }
  const auto end_in = [&](std::uint32_t c) {
    return impl.incarnations[c].a_is_high == high ? End::A : End::B;
  };
  Record r = make_record(segment, end_in(latest), id);
  Incarnation& current = impl.incarnations[latest];
  if (impl.starts_anew(current, r)) {
    latest = impl.succeed(latest, r, high);
    r.from = End::A;
  } else if (impl.proves_candidate(current, r)) {
    latest = impl.split(latest);
    r.from = end_in(latest);
  } else if (r.flags.syn()) {
    const Endpoint& x = current.connection.model().of(r.from);
    const bool other_iss = x.iss_known && x.iss != r.seq;
    const bool known = current.candidate.row != kNoRow && current.candidate.iss == r.seq;
    if (other_iss && !known)
      current.candidate = {static_cast<Row>(current.connection.records().size()), r.from, r.seq,
                           r.flags.ack()};
  }
  impl.put(latest, r);
  return id;
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
  Incarnation& c = impl_->incarnations[impl_->flows.value(flow)];
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
  Incarnation& incarnation = impl_->incarnations[place.connection];
  Connection& connection = incarnation.connection;
  if (known == Known::Final) connection.conclude();
  Successor successor;
  if (incarnation.successor != Incarnation::kUnnumbered) {
    const Incarnation& next = impl_->incarnations[incarnation.successor];
    successor = {&next.connection, next.a_is_high == incarnation.a_is_high};
  }
  const CaptureView capture{known == Known::Final, impl_->both_directions, impl_->end_ns,
                            impl_->settings.close_wait_held_ns};
  Annotation a = make_annotation(connection, successor, incarnation.number, place.row, capture);
  a.tracked = incarnation.number != Incarnation::kUnnumbered;
  const End client = connection.role(known).client;
  for (const End e : {End::A, End::B})
    a.gauge[e == client ? 0 : 1] = impl_->gauge(incarnation, e, id);
  impl_->hosts.add_findings(id, a);
  return a;
}

// --- connections by number ----------------------------------------------------------------------

namespace {

Side side_of(const Connection& c, End e) {
  return c.role(Known::Final).client == e ? Side::Client : Side::Server;
}

End end_of(const Connection& c, Side side) {
  const End client = c.role(Known::Final).client;
  return side == Side::Client ? client : other(client);
}

}  // namespace

std::int64_t Tracker::start_ns() const { return impl_->start_ns; }
std::int64_t Tracker::end_ns() const { return impl_->end_ns; }

std::optional<std::uint32_t> Tracker::connection_of(SegmentId id) const {
  const std::uint32_t number = impl_->incarnations[impl_->places.at(id).connection].number;
  return number == Incarnation::kUnnumbered ? std::nullopt : std::optional(number);
}

Route Tracker::route(SegmentId id) const {
  const Place place = impl_->places.at(id);
  const Incarnation& incarnation = impl_->incarnations[place.connection];
  const FlowKey& key = impl_->flows.key(incarnation.flow);
  const bool from_a = incarnation.connection.records()[place.row].from == End::A;
  if (from_a == incarnation.a_is_high) return {key.high, key.low, key.high_port, key.low_port};
  return {key.low, key.high, key.low_port, key.high_port};
}

std::uint32_t Tracker::segments_of(std::uint32_t connection) const {
  return static_cast<std::uint32_t>(impl_->concluded(connection).connection.records().size());
}

SegmentId Tracker::segment_of(std::uint32_t connection, std::uint32_t n) const {
  return impl_->concluded(connection).connection.records().at(n).id;
}

Captured Tracker::captured(SegmentId id) const {
  const Place place = impl_->places.at(id);
  Connection& connection = impl_->incarnations[place.connection].connection;
  connection.conclude();
  const Record& r = connection.records()[place.row];
  return {r.frame,
          r.time_ns,
          r.flags,
          r.payload,
          side_of(connection, r.from),
          r.fate == Fate::Lost,
          r.copy_of != kNoRow};
}

Ends Tracker::ends(std::uint32_t connection) const {
  const Incarnation& incarnation = impl_->concluded(connection);
  const FlowKey& key = impl_->flows.key(incarnation.flow);
  const End client = incarnation.connection.role(Known::Final).client;
  const bool client_is_high = (client == End::A) == incarnation.a_is_high;
  if (client_is_high) return {{key.high, key.low}, {key.high_port, key.low_port}};
  return {{key.low, key.high}, {key.low_port, key.high_port}};
}

std::vector<StateChange> Tracker::states_of(std::uint32_t connection) const {
  const Connection& c = impl_->concluded(connection).connection;
  const std::int64_t time_wait_ns = impl_->settings.time_wait_ns;
  std::vector<StateChange> changes;
  std::array<std::optional<std::int64_t>, 2> time_wait_since;
  for (const End e : {End::A, End::B}) {
    auto& since = time_wait_since[index(e)];
    for (const Change& change : c.timeline().of(e)) {
      StateChange shown{c.records()[change.row].time_ns, change.row, side_of(c, e), change.state};
      if (since && change.basis == Basis::Timer) shown.time_ns = *since + time_wait_ns;
      since.reset();
      if (change.state == State::TimeWait) since = shown.time_ns;
      changes.push_back(shown);
    }
  }
  std::stable_sort(changes.begin(), changes.end(), [](const StateChange& a, const StateChange& b) {
    return a.segment < b.segment;
  });
  for (const End e : {End::A, End::B}) {
    const auto& since = time_wait_since[index(e)];
    if (since && impl_->end_ns - *since > time_wait_ns)
      changes.push_back({*since + time_wait_ns, static_cast<std::uint32_t>(c.records().size()),
                         side_of(c, e), State::Closed});
  }
  return changes;
}

std::optional<std::int64_t> Tracker::replaced_at(std::uint32_t connection) const {
  const std::uint32_t successor = impl_->incarnations[impl_->numbered.at(connection)].successor;
  if (successor == Incarnation::kUnnumbered) return std::nullopt;
  return impl_->incarnations[successor].connection.records().front().time_ns;
}

std::optional<std::int64_t> Tracker::way_to(std::uint32_t connection, Side side) const {
  const Connection& c = impl_->concluded(connection).connection;
  return c.way_to(end_of(c, side));
}

}  // namespace tcpwave
