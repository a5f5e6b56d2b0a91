// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/sockets.h"

#include <algorithm>
#include <array>
#include <random>

namespace tcpwave {

void SocketCensus::Agenda::push(const Event& event) {
  std::deque<Event>* best = nullptr;  // the run that comes closest, so that the others stay free
  for (std::deque<Event>& run : runs_) {
    if (!run.empty() && run.back() > event) continue;
    const bool closer = best == nullptr || best->empty() ||
                        (!run.empty() && run.back().time_ns > best->back().time_ns);
    if (closer) best = &run;
  }
  if (best != nullptr)
    best->push_back(event);
  else
    heap_.push(event);
  choose();
}

const SocketCensus::Event* SocketCensus::Agenda::head(std::size_t i) const {
  if (i == kHeap) return heap_.empty() ? nullptr : &heap_.top();
  return runs_[i].empty() ? nullptr : &runs_[i].front();
}

const SocketCensus::Event* SocketCensus::Agenda::next() const { return head(next_); }

void SocketCensus::Agenda::pop() {
  if (next_ == kHeap)
    heap_.pop();
  else
    runs_[next_].pop_front();
  choose();
}

void SocketCensus::Agenda::choose() {
  next_ = kHeap;
  for (std::size_t i = 0; i < kRuns; ++i) {
    const Event *event = head(i), *first = next();
    if (event != nullptr && (first == nullptr || *first > *event)) next_ = i;
  }
}

SocketCensus::SocketCensus(const Tracker& tracker, std::int64_t until_ns)
    : tracker_(tracker), until_ns_(until_ns), seed_(std::random_device{}()) {}

void SocketCensus::go_to(SegmentId last) {
  start_step();
  for (; next_ <= last; ++next_) {
    try {
      count(next_);
    } catch (const GivenUp&) {
      continue;  // nobody knows the states of its connection; who shows the segment says so
    }
  }
}

void SocketCensus::count(SegmentId id) {
  clock_.pass(tracker_.captured(id).time_ns);
  now_ns_ = clock_.now_ns();
  // What happens at this very moment may have company yet.
  pass(now_ns_ - 1);
  const auto connection = tracker_.connection_of(id);
  if (connection && tracker_.segment_of(*connection, 0) == id) add(*connection);
}

void SocketCensus::finish() {
  start_step();
  pass(std::max(now_ns_, tracker_.end_ns()));
}

/// What will become of a connection that begins.
void SocketCensus::add(std::uint32_t connection) {
  const Ends ends = tracker_.ends(connection);
  const std::array<HostId, 2> hosts{host(ends.address[0]), host(ends.address[1])};
  const auto replaced = tracker_.replaced_at(connection);
  std::array<std::optional<State>, 2> state;
  std::int64_t now = now_ns_;
  for (const StateChange& change : tracker_.states_of(connection)) {
    now = std::max(now, change.time_ns);
    if (replaced && now >= *replaced) break;
    const auto side = static_cast<std::size_t>(change.side);
    move(hosts[side], state[side], change.state, now);
    state[side] = change.state;
  }
  if (!replaced) return;
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}})
    move(hosts[side], state[side], State::Closed, std::max(now_ns_, *replaced));
}

void SocketCensus::move(HostId host, std::optional<State> from, State to, std::int64_t time_ns) {
  if (time_ns > until_ns_ || from == to) return;
  if (from && is_socket(*from)) ahead_.push({time_ns, events_++, cell(host, *from), -1});
  if (is_socket(to)) ahead_.push({time_ns, events_++, cell(host, to), +1});
}

void SocketCensus::start_step() {
  changed_.clear();
  ++step_;
}

void SocketCensus::pass(std::int64_t until_ns) {
  for (; ahead_.next() != nullptr && ahead_.next()->time_ns <= until_ns; ahead_.pop()) {
    const Event& event = *ahead_.next();
    Cell& cell = cells_[event.cell];
    cell.now += static_cast<std::uint32_t>(static_cast<std::int32_t>(event.change));
    if (cell.step != step_) changed_.push_back(event.cell);
    cell.step = step_;
    if (cell.now <= cell.peak) continue;
    cell.peak = cell.now;
    cell.peak_ns = event.time_ns;
  }
}

std::size_t SocketCensus::shard_of(const Address& address) const {
  std::uint64_t hash = seed_ + (address.v6 ? 1 : 0);
  for (const std::uint8_t octet : address.octets) {
    hash = (hash ^ octet) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 29;
  }
  return (hash >> 32) % shards_.size();
}

SocketCensus::Shard::const_iterator SocketCensus::place(const Shard& shard,
                                                        const Address& address) const {
  return std::lower_bound(shard.begin(), shard.end(), address, [this](HostId id, const Address& a) {
    return ByAddress{}(hosts_[id].address, a);
  });
}

SocketCensus::HostId SocketCensus::host(const Address& address) {
  Shard& shard = shards_[shard_of(address)];
  const auto at = place(shard, address);
  if (at != shard.end() && hosts_[*at].address == address) return *at;
  const auto fresh = static_cast<HostId>(hosts_.size());
  hosts_.push_back({address});
  shard.insert(at, fresh);
  return fresh;
}

SocketCensus::CellId SocketCensus::cell(HostId host, State state) {
  CellId* place = &hosts_[host].first;
  for (; *place != kNone; place = &cells_[*place].next)
    if (cells_[*place].state == state) return *place;
  *place = cells();
  cells_.push_back({.host = host, .state = state});
  return cells() - 1;
}

std::optional<SocketCensus::HostId> SocketCensus::find(const Address& address) const {
  const Shard& shard = shards_[shard_of(address)];
  const auto at = place(shard, address);
  const bool found = at != shard.end() && hosts_[*at].address == address;
  return found ? std::optional(*at) : std::nullopt;
}

SocketCount SocketCensus::counted(CellId id) const {
  const Cell& cell = cells_[id];
  return {hosts_[cell.host].address, cell.state, cell.now, cell.peak, cell.peak_ns};
}

std::vector<SocketCensus::CellId> SocketCensus::cells_of(HostId host) const {
  std::vector<CellId> found;
  for (CellId id = hosts_[host].first; id != kNone; id = cells_[id].next) found.push_back(id);
  return found;
}

std::vector<SocketCount> count_sockets(const Tracker& tracker, std::int64_t time_ns) {
  SocketCensus census(tracker, time_ns);
  if (tracker.segments() > 0) census.go_to(tracker.segments() - 1);
  census.finish();
  std::vector<SocketCount> rows;
  for (SocketCensus::CellId id = 0; id < census.cells(); ++id)
    if (census.counted(id).peak > 0) rows.push_back(census.counted(id));
  std::sort(rows.begin(), rows.end(), [](const SocketCount& a, const SocketCount& b) {
    return a.host == b.host ? a.state < b.state : ByAddress{}(a.host, b.host);
  });
  return rows;
}

}  // namespace tcpwave
