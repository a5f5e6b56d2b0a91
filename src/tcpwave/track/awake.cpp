// Which connections are awake: those that segments come of, or that somebody asks about.
//
// A connection follows from its captured records alone, so one that nobody needs is laid down as these,
// packed, and woken by playing them again. A steady one that was woken before only dozes: what goes on in
// order is packed behind the others, for playing it would change nothing but numbers.
//
// What waking may cost is bounded: a connection of more than a few records is woken a few times while they
// do not double and stays awake after that; long ones always do, and so do those that do not follow from
// their own records.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/track/tracker_impl.h"

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
  fresh.being = make_awake(fresh);
  const auto index = static_cast<std::uint32_t>(incarnations.size());
  incarnations.push_back(std::move(fresh));
  awake_ones.push_back(index);
  return index;
}

Awake& Tracker::Impl::wake(std::uint32_t index) {
  Incarnation& c = incarnations[index];
  auto awake = make_awake(c);
  if (c.reopened) awake->connection.reopen();
  const Dozing* const dozing = c.dozing();
  const std::vector<Record> records =
      dozing != nullptr ? dozing->records.unpacked()
                        : std::get<PackedRecords>(c.being).unpacked(Kept::Captured);
  for (const Record& r : records) awake->connection.add(r);
  if (c.replaced) awake->connection.replace();
  awake_ones.push_back(index);
  ++c.woken;
  if (dozing != nullptr) {
    awake->laid_down = dozing->laid_down;
  } else {
    awake->laid_down = static_cast<Row>(records.size());
    awake->packed = std::move(std::get<PackedRecords>(c.being));
  }
  c.being = std::move(awake);
  return *c.awake();
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

bool Tracker::Impl::may_sleep(const Incarnation& c) {
  const Awake& awake = *c.awake();
  const Row rows = awake.connection.records().size();
  const bool doubled = rows >= 2 * awake.laid_down;
  return !c.given_up && rows <= kLongest && (rows <= kFew || doubled || c.woken < kWakings) &&
         awake.candidate.row == kNoRow && awake.connection.follows_from_records();
}

void Tracker::Impl::lay_down(Incarnation& c) {
  Awake& awake = *c.awake();
  const Records& records = awake.connection.records();
  const std::uint64_t played = awake.connection.rows_played();
  const bool doubled = records.size() >= 2 * awake.laid_down;
  const bool comes_back = c.answered && c.woken > 0;  // most do not, and packed they take less
  if (comes_back && awake.connection.goes_steadily()) {
    auto dozing = std::make_unique<Dozing>();
    dozing->steady = awake.connection.steady();
    dozing->laid_down = records.size();
    Walk walk(records);
    while (const Record* const r = walk.next()) dozing->records.push_back(*r);
    c.being = std::move(dozing);
  } else if (awake.packed.size() == records.size()) {
    c.being = PackedRecords(std::move(awake.packed));  // before it is destroyed
  } else {
    c.being = records.packed(Kept::Captured);
  }
  if (doubled) c.woken = 0;
  rows_played += played;
}

bool Tracker::Impl::takes_dozing(std::uint32_t index, const Record& r) {
  const Incarnation& c = incarnations[index];
  Dozing* const dozing = c.dozing();
  if (dozing == nullptr || dozing->records.size() == kLongest || !dozing->steady.goes_on_with(r))
    return false;
  dozing->records.push_back(r);
  in_work = index;
  dozing->steady.take(r);
  connection_of[r.id] = index;
  pass_time(c, r);
  return true;
}

/// Looks at the eldest few; those used since they were looked at last go to the end of the queue.
void Tracker::Impl::look_for_sleepers() {
  std::size_t looks = std::min<std::size_t>(4, awake_ones.size());
  for (; looks > 0 && awake_ones.size() > settings.awake; --looks) {
    const std::uint32_t index = awake_ones.front();
    Incarnation& c = incarnations[index];
    if (!c.used && may_sleep(c)) lay_down(c);
    const bool stays = c.awake() != nullptr && (c.used || may_sleep(c));
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
