// Connections by their number: ends, segments and states, with the whole capture in view.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {
namespace {

Side side_of(const Connection& c, End e) {
  return c.role(Known::Final).client == e ? Side::Client : Side::Server;
}

End end_of(const Connection& c, Side side) {
  const End client = c.role(Known::Final).client;
  return side == Side::Client ? client : other(client);
}

}  // namespace

std::int64_t Tracker::start_ns() const {
  impl_->catch_up();
  return impl_->start_ns;
}
std::int64_t Tracker::end_ns() const {
  impl_->catch_up();
  return impl_->clock.end_ns();
}

std::optional<std::uint32_t> Tracker::connection_of(SegmentId id) const {
  const std::uint32_t number = impl_->slot_of(id).number;
  return number == kNowhere ? std::nullopt : std::optional(number);
}

Route Tracker::route(SegmentId id) const {
  const ConnectionSlot& slot = impl_->slot_of(id);
  const FlowKey& key = impl_->flows.key(slot.flow);
  const Address &low = impl_->addresses[key.low], &high = impl_->addresses[key.high];
  const bool from_a = impl_->log[id].from == End::A;
  if (from_a == slot.a_is_high) return {high, low, key.high_port, key.low_port};
  return {low, high, key.low_port, key.high_port};
}

std::uint32_t Tracker::segments_of(std::uint32_t connection) const {
  impl_->catch_up();
  return impl_->sound(impl_->index_of(connection)).segments;
}

SegmentId Tracker::segment_of(std::uint32_t connection, std::uint32_t n) const {
  const Records& records = impl_->numbered_connection(connection).records();
  if (n >= records.size()) throw std::out_of_range("tcpwave: no such segment");
  return records.id(n);
}

Captured Tracker::captured(SegmentId id) const {
  const Place place = impl_->place(id);
  const Connection& connection = place.connection;
  impl_->make_known(place.slot, place.connection, Known::Final);
  const SegmentRecord& r = connection.records()[place.row];
  return {r.frame,
          r.time_ns,
          r.flags,
          r.payload,
          side_of(connection, r.from),
          r.delivery == Delivery::Lost,
          r.duplicate_of != kNoRow};
}

Ends Tracker::ends(std::uint32_t connection) const {
  const End client = impl_->numbered_connection(connection).role(Known::Final).client;
  const ConnectionSlot& slot = impl_->slots[impl_->numbered[connection]];
  const FlowKey& key = impl_->flows.key(slot.flow);
  const bool client_is_high = (client == End::A) == slot.a_is_high;
  const Address &low = impl_->addresses[key.low], &high = impl_->addresses[key.high];
  if (client_is_high) return {{high, low}, {key.high_port, key.low_port}};
  return {{low, high}, {key.low_port, key.high_port}};
}

std::vector<StateChange> Tracker::states_of(std::uint32_t connection) const {
  const Connection& c = impl_->numbered_connection(connection);
  const std::int64_t time_wait_ns = impl_->settings.time_wait_ns;
  std::vector<StateChange> changes;
  std::array<std::optional<std::int64_t>, 2> time_wait_since;
  for (const End e : {End::A, End::B}) {
    auto& since = time_wait_since[index(e)];
    State before = State::Unknown;
    for (const Change& change : c.timeline().of(e)) {
      if (change.state == before) continue;  // only why it is so is another
      before = change.state;
      StateChange shown{c.records()[change.row].time_ns, change.row, side_of(c, e), change.state,
                        change.basis};
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
    if (since && impl_->clock.end_ns() - *since > time_wait_ns)
      changes.push_back(
          {*since + time_wait_ns, c.records().size(), side_of(c, e), State::Closed, Basis::Timer});
  }
  return changes;
}

std::optional<std::int64_t> Tracker::replaced_at(std::uint32_t connection) const {
  impl_->catch_up();
  const std::uint32_t index = impl_->index_of(connection);
  static_cast<void>(impl_->sound(index));
  const std::uint32_t successor = impl_->kin_of(index).successor;
  if (successor == kNowhere) return std::nullopt;
  return impl_->log[impl_->slots[successor].first].time_ns;
}

std::optional<std::int64_t> Tracker::way_to(std::uint32_t connection, Side side) const {
  const Connection& c = impl_->numbered_connection(connection);
  return c.way_to(end_of(c, side));
}

}  // namespace tcpwave
