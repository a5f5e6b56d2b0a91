// Which connections have a model in memory: those that segments come of, or that somebody asks about.
//
// A model follows from its connection's segments alone, so it can be evicted and rebuilt by applying them again.
// Connections with a model stand in one queue; with each segment the oldest few entries are looked at. An entry used since
// its last look stays. Of the others these are evicted: connections that have ended, those of at most kVeryFew segments, and
// any where all models take more than `Settings::model_bytes`. A connection of more than kMany segments and corrected rows is
// never evicted. So a rebuilding applies at most kMany rows, and the first building of one that was on its course as many
// as that had.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cassert>

#include "tcpwave/track/tracker_impl.h"

namespace tcpwave {
namespace {

/// Not yet open, or a stray: a model of so few is built in less time than a cache miss or two.
constexpr std::uint32_t kVeryFew = 2;
/// So many stay in any case: segments of one connection come in runs.
constexpr std::size_t kKept = 256;
/// A model with what it points to: changes of states, rows. A bound is all that is needed.
constexpr std::size_t kModelBytes = sizeof(Loaded) + 256;
/// For each that is loaded so many are looked at, so the queue shrinks where it may.
constexpr unsigned kLooks = 4;
constexpr unsigned kMostLooks = 64;  ///< at once

}  // namespace

Pool<Loaded>::Pointer Tracker::Impl::make_loaded(const ConnectionSlot& c) {
  const FlowKey& key = flows.key(c.flow);
  std::optional<End> lower_port;
  if (key.low_port != key.high_port)
    lower_port = (key.low_port < key.high_port) != c.a_is_high ? End::A : End::B;
  return pool.make(log, settings.time_wait_ns, lower_port);
}

std::uint32_t Tracker::Impl::start(bool a_is_high, std::uint32_t flow) {
  const auto index = static_cast<std::uint32_t>(slots.size());
  ConnectionSlot& fresh = slots.grow();
  fresh.a_is_high = a_is_high;
  fresh.flow = flow;
  return index;
}

Loaded& Tracker::Impl::load_again(std::uint32_t index, ConnectionSlot& c) {
  if (!c.queued) eviction_queue.push_back(index);
  c.queued = true;
  looks_due = std::min(looks_due + kLooks, kMostLooks);
  c.in_records = false;
  auto fresh = make_loaded(c);
  fresh->load = ++loads;
  if (c.reopened) fresh->connection.reopen();
  if (c.inherits) fresh->connection.inherit(pasts.at(index), End::B);
  std::vector<SegmentId> ids(c.segments);
  for (std::uint32_t n = c.segments, id = c.last; n-- > 0; id = log[id].previous) ids[n] = id;
#ifndef NDEBUG
  std::vector<SegmentRecord> told;
  if (c.course.goes_on())
    for (const SegmentId id : ids) told.push_back(log[id]);
#endif
  c.course.leave();
  for (const SegmentId id : ids) {
    forget(log[id]);
    fresh->connection.add(id);
  }
#ifndef NDEBUG
  for (std::size_t n = 0; n < told.size(); ++n) assert(told[n] == log[ids[n]]);
  assert(told.empty() || c.conclusion_tells || !fresh->connection.conclusion_may_tell());
#endif
  if (c.replaced) fresh->connection.replace();
  c.loaded = std::move(fresh);
  return *c.loaded;
}

Connection& Tracker::Impl::as_known(std::uint32_t index, Known known) {
  ConnectionSlot& c = sound(index);
  Connection& found = load(index, c).connection;
  make_known(c, found, known);
  return found;
}

void Tracker::Impl::make_known(ConnectionSlot& c, Connection& connection, Known known) {
  try {
    known == Known::Final ? connection.conclude() : connection.resume();
  } catch (...) {
    c.given_up = true;
    throw;
  }
}

bool Tracker::Impl::may_be_evicted(const ConnectionSlot& c) const {
  const Connection& connection = c.loaded->connection;
  const bool costly = c.segments + connection.rows_corrected() > kMany;
  if (c.used || c.given_up || costly || c.loaded->candidate.row != kNoRow) return false;
  const Model& model = connection.model();
  const auto over = [](const Endpoint& e) {
    return is_over(e.state) || e.state == State::TimeWait;
  };
  const bool ended = c.segments <= kVeryFew || (over(model.end[0]) && over(model.end[1]));
  return ended || eviction_queue.size() * kModelBytes > settings.model_bytes;
}

/// Its records keep the result. Allocates nothing, for it makes room for others.
void Tracker::Impl::evict(ConnectionSlot& c) {
  const Connection& connection = c.loaded->connection;
  c.in_records = true;
  c.concluded = connection.concluded();
  c.conclusion_tells = connection.conclusion_may_tell();
  rows_applied += connection.rows_applied();
  c.loaded.reset();  // what waits has its result already
}

void Tracker::Impl::evict_some() {
  const std::size_t kept = settings.model_bytes > 0 ? kKept : 0;
  for (; looks_due > 0 && eviction_queue.size() > kept; --looks_due) {
    const std::uint32_t index = eviction_queue.front();
    ConnectionSlot& c = slots[index];
    const bool failed = !c.loaded;  // memory ran out while it was loaded
    const bool goes = failed || may_be_evicted(c);
    if (goes && !failed) evict(c);
    if (!goes) eviction_queue.push_back(index);
    eviction_queue.pop_front();
    c.queued = !goes;
    c.used = false;
  }
  looks_due = 0;
}

void Tracker::Impl::apply_waiting(ConnectionSlot& c) {
  try {
    c.loaded->connection.apply_waiting(c.last);
  } catch (...) {
    c.given_up = true;
    throw;
  }
}

ConnectionSlot& Tracker::Impl::slot_of(SegmentId id) {
  catch_up();
  make_room();
  if (id >= log.size()) throw std::out_of_range("tcpwave: no such segment");
  return sound(log[id].connection);
}

Place Tracker::Impl::place(SegmentId id) {
  ConnectionSlot& c = slot_of(id);
  Connection& connection = load(log[id].connection, c).connection;
  return {c, connection, connection.records().row_of(id)};
}

}  // namespace tcpwave
