// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/timing.h"

#include <algorithm>

namespace tcpwave {

/// RFC 6298 section 2.2 and 2.3.
void RoundTrip::Way::measured(std::int64_t took_ns) {
  if (shortest_ns == kUnknown) {
    shortest_ns = srtt_ns = took_ns;
    rttvar_ns = took_ns / 2;
    return;
  }
  shortest_ns = std::min(shortest_ns, took_ns);
  const std::int64_t off = took_ns - srtt_ns;
  rttvar_ns += ((off < 0 ? -off : off) - rttvar_ns) / 4;
  srtt_ns += off / 8;
}

void RoundTrip::sent(const SegmentRecord& r) {
  Way& other_way = way_[index(other(r.from))];
  if (r.flags.ack() && other_way.waiting && r.ack - other_way.until >= 0) {
    const std::int64_t took = r.time_ns - other_way.since_ns;
    if (took >= 0) other_way.measured(std::min(took, kLongest));
    other_way.waiting = false;
  }
  if (r.length() == 0 || r.flags.rst()) return;
  Way& way = way_[index(r.from)];
  const bool again = way.started && r.end() - way.snd_max <= 0;
  way.snd_max = way.started ? later(way.snd_max, r.end()) : r.end();
  way.started = true;
  if (again) {
    // Nobody knows which copy an answer is for (Karn's algorithm, RFC 6298 section 3).
    if (r.end() - way.until >= 0) way.waiting = false;
  } else if (!way.waiting) {
    way.waiting = true;
    way.until = r.end();
    way.since_ns = r.time_ns;
  }
}

std::int64_t RoundTrip::value() const {
  const std::int64_t a = way_[0].shortest_ns, b = way_[1].shortest_ns;
  if (a == kUnknown && b == kUnknown) return kGuess;
  if (a == kUnknown) return 2 * b;
  if (b == kUnknown) return 2 * a;
  return a + b;
}

std::int64_t RoundTrip::answer_ns(End end) const {
  const Way& way = way_[index(other(end))];
  return way.shortest_ns == kUnknown ? 3 * kGuess : way.srtt_ns + 4 * way.rttvar_ns;
}

void TimestampClock::sent(const SegmentRecord& r) {
  if (!r.has_ts) return;
  if (!started_) {
    started_ = true;
    first_value_ = r.tsval;
    first_ns_ = r.time_ns;
  }
  const std::uint32_t ticks = r.tsval - first_value_;
  if (ticks >= 0x80000000U || ticks <= ticks_ || r.time_ns < first_ns_) return;
  ticks_ = ticks;
  elapsed_ns_ = r.time_ns - first_ns_;
}

std::int64_t TimestampClock::tick_ns() const { return ticks_ == 0 ? kMost : elapsed_ns_ / ticks_; }

}  // namespace tcpwave
