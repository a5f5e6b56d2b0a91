// Which connections are awake: those that segments come of, or that somebody asks about.
//
// A connection follows from its captured records alone, so one that nobody needs is laid down as these,
// packed, and woken by playing them again. What that may cost is bounded: a connection of more than a few
// records is woken a few times while they do not double and stays awake after that; long ones always do,
// and so do those that do not follow from their own records.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/tracker_impl.h"

namespace tcpwave {
namespace {

constexpr Row kLongest = 4096;        ///< records of a connection that may sleep
constexpr Row kFew = 8;               ///< so few are played again at any time
constexpr std::uint8_t kWakings = 3;  ///< while its records do not double

}  // namespace

std::unique_ptr<Awake> Tracker::Impl::make_awake(const Incarnation& c) const {
  const FlowKey& key = flows.key(c.flow);
  std::optional<End> lower_port;
  if (key.low_port != key.high_port)
    lower_port = (key.low_port < key.high_port) != c.a_is_high ? End::A : End::B;
  return std::make_unique<Awake>(settings.time_wait_ns, lower_port);
}

std::uint32_t Tracker::Impl::start(bool a_is_high, std::uint32_t flow) {
  Incarnation fresh;
  fresh.a_is_high = a_is_high;
  fresh.flow = flow;
  fresh.used = true;
  fresh.awake = make_awake(fresh);
  const auto index = static_cast<std::uint32_t>(incarnations.size());
  incarnations.push_back(std::move(fresh));
  awake_ones.push_back(index);
  return index;
}

Awake& Tracker::Impl::wake(std::uint32_t index) {
  Incarnation& c = incarnations[index];
  auto awake = make_awake(c);
  if (c.reopened) awake->connection.reopen();
  for (const Record& r : c.packed.unpacked(Kept::Captured)) awake->connection.add(r);
  if (c.replaced) awake->connection.replace();
  awake_ones.push_back(index);
  ++c.woken;
  c.awake = std::move(awake);
  return *c.awake;
}

Connection& Tracker::Impl::as_known(std::uint32_t index, Known known) {
  Incarnation& c = sound(index);
  Connection& found = awake(index, c).connection;
  make_known(c, found, known);
  return found;
}

void Tracker::Impl::make_known(Incarnation& c, Connection& connection, Known known) {
  try {
    known == Known::Final ? connection.conclude() : connection.resume();
  } catch (...) {
    c.given_up = true;
    throw;
  }
}

bool Tracker::Impl::may_sleep(const Incarnation& c) const {
  const Connection& connection = c.awake->connection;
  const std::size_t rows = connection.records().size();
  const bool doubled = rows >= std::size_t{2} * c.packed.size();
  return !c.given_up && rows <= kLongest && (rows <= kFew || doubled || c.woken < kWakings) &&
         c.awake->candidate.row == kNoRow && connection.follows_from_records();
}

void Tracker::Impl::lay_down(Incarnation& c) {
  const Records& records = c.awake->connection.records();
  const bool doubled = records.size() >= std::size_t{2} * c.packed.size();
  if (records.size() != c.packed.size()) c.packed = records.packed(Kept::Captured);
  if (doubled) c.woken = 0;
  rows_played += c.awake->connection.rows_played();
  c.awake.reset();
}

/// Looks at the eldest few; those used since they were looked at last go to the end of the queue.
void Tracker::Impl::look_for_sleepers() {
  for (int looks = 0; looks < 4 && awake_ones.size() > kAwake; ++looks) {
    const std::uint32_t index = awake_ones.front();
    Incarnation& c = incarnations[index];
    if (!c.used && may_sleep(c)) lay_down(c);
    const bool stays = c.awake && (c.used || may_sleep(c));
    awake_ones.pop_front();
    if (stays) awake_ones.push_back(index);
    c.used = false;
  }
}

Place Tracker::Impl::place(SegmentId id) {
  catch_up();
  rest();
  if (id >= connection_of.size()) throw std::out_of_range("tcpwave: no such segment");
  const std::uint32_t index = connection_of[id];
  Incarnation& c = sound(index);
  Connection& connection = awake(index, c).connection;
  connection.settle();
  return {c, connection, connection.records().row_of(id)};
}

}  // namespace tcpwave
