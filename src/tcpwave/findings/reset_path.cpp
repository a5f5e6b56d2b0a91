// Whether a RST comes from elsewhere than the end in whose name it is: TTL, IP ID and time stamp against
// that end's own latest segments. That it came sooner than that end can answer is no evidence by itself:
// measured ways are longer than the shortest by any queue on them.
//
// What may be the reason otherwise is asked first: a socket with a TTL of its own beside the host's
// default, a first segment from elsewhere (a scanner's raw socket, a SYN proxy), a change of route.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdlib>

#include "tcpwave/findings/reset_verdict.h"

namespace tcpwave {
namespace {

constexpr int kTtlSlack = 2;  ///< routes change by a hop or so; a box stands elsewhere by more
/// No route of the Internet is longer (RFC 1700's 64 is twice what is met): a TTL further below
/// the value that it started from was set by an application.
constexpr int kLongestRoute = 32;
/// So many segments in a row with one value are a habit.
constexpr std::uint32_t kHabit = 3;

/// The value that a TTL started from, as stacks set it.
int start_of(int ttl) { return ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255; }
/// An application's own choice (IP_TTL), which the host's answers do not have.
bool is_own_choice(int ttl) { return start_of(ttl) - ttl > kLongestRoute; }

bool foreign_ttl(const Moment& m, const SenderHabit& h) {
  if (h.seen == 0 || m.segment.ttl == 0 || h.latest_ttl == 0 || m.segment.ttl == h.latest_ttl)
    return false;
  // One segment may come from elsewhere; half of several are no habit.
  if (h.seen < 2 || 2 * h.same_ttl <= h.seen) return false;
  const bool answer = !m.segment.flags.ack();
  if (answer && is_own_choice(h.latest_ttl) && !is_own_choice(m.segment.ttl)) return false;
  if (std::abs(int{m.segment.ttl} - int{h.latest_ttl}) > kTtlSlack) return true;
  return answer && h.same_ttl == h.seen && h.seen >= kHabit;
}

/// Neither near this end's own nor 0.
bool far_ip_id(const Moment& m, const SenderHabit& h) {
  constexpr std::uint16_t kNear = 4096;  // a sixteenth of all: what other connections may have used
  if (m.segment.ip_id == 0 || h.seen == 0) return false;
  const auto ahead = static_cast<std::uint16_t>(m.segment.ip_id - h.latest_ip_id);
  return ahead > kNear && ahead < static_cast<std::uint16_t>(-kNear);
}

/// A live socket goes on with its IP IDs where they count; a host's answers have another counter. A box that
/// makes the RST of the segment that it answers leaves that one's IP ID in it.
bool foreign_ip_id(const Moment& m, const ResetEvidence& e) {
  if (!far_ip_id(m, e.habit)) return false;
  return m.segment.flags.ack() ? e.habit.counts_ip_ids() : e.asked.same_ip_id;
}

/// A time stamp older than one that this end sent a round trip before.
bool foreign_timestamp(const Moment& m, const SenderHabit& h) {
  if (!m.segment.has_ts || h.latest_with_ts == kNoRow) return false;
  const SegmentRecord& before = m.history.records()[h.latest_with_ts];
  return ts_newer(before.tsval, m.segment.tsval) &&
         m.segment.time_ns - before.time_ns > m.history.round_trip_ns();
}

}  // namespace

Confidence foreign_path(const Moment& m, const ResetEvidence& e) {
  const bool looks_foreign =
      foreign_ttl(m, e.habit) || foreign_ip_id(m, e) || foreign_timestamp(m, e.habit);
  if (m.segment.unattributable && looks_foreign) return Confidence::Certain;
  return m.segment.unattributable || looks_foreign ? Confidence::Likely : Confidence::None;
}

}  // namespace tcpwave
