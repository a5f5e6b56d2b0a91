// Data that its sender repeats and that nobody acknowledges: a path that swallows large segments, a peer
// that has vanished, a NAT or firewall that forgot the connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/findings/findings.h"

namespace tcpwave {
namespace {

/// RFC 9293 section 3.8.3: R1, at which a stack takes notice, is at least three retransmissions.
constexpr std::uint32_t kTimesSent = 4;
/// How far back the sender's segments are read; with a timer that doubles, R2 is reached long before.
constexpr Row kLookBack = 1024;

struct Unanswered {
  std::uint32_t bytes = 0, times = 0;
  std::int64_t since_ns = 0, last_ns = 0;
  std::uint32_t largest_acknowledged = 0;  ///< bytes of data
};

/// What the sender's lowest unacknowledged data are, and how often they were sent.
Unanswered unanswered(const Moment& m, End sender, Seq lowest) {
  Unanswered found;
  const Row first = m.row >= kLookBack ? m.row - kLookBack + 1 : 0;
  for (Row i = m.row + 1; i-- > first;) {
    const SegmentRecord& r = m.history.records()[i];
    if (r.from != sender || r.payload == 0 || r.flags.rst() || r.unattributable ||
        r.duplicate_of != kNoRow)
      continue;
    const Seq data_end = r.seq + r.payload;
    if (data_end - lowest <= 0) {
      found.largest_acknowledged = std::max(found.largest_acknowledged, r.payload);
    } else if (r.seq - lowest <= 0 && r.seq_check != SeqCheck::Keepalive &&
               r.seq_check != SeqCheck::WindowProbe) {
      if (found.times == 0) found.last_ns = r.time_ns;
      ++found.times;
      found.bytes = std::max(found.bytes, r.payload);
      found.since_ns = r.time_ns;
    }
  }
  return found;
}

/// The last of its end but for a RST, and the other end did not reset because of it.
bool is_last_word(const Moment& m) {
  const auto& records = m.history.records();
  if (records.size() - m.row > kLookBack) return false;
  for (Row i = m.row + 1; i < records.size(); ++i)
    if ((records[i].from == m.segment.from) != records[i].flags.rst()) return false;
  return true;
}

}  // namespace

void unanswered_findings(Moment& m) {
  if (!m.capture.final || m.segment.payload == 0 || !m.both_seen() || m.is_copy()) return;
  const std::optional<Seq> lowest = m.history.acknowledged_to(m.segment.from);
  if (!lowest || !is_last_word(m)) return;
  const Unanswered u = unanswered(m, m.segment.from, *lowest);
  if (u.times < kTimesSent) return;
  const std::int64_t seconds = std::max<std::int64_t>(0, u.last_ns - u.since_ns) / 1'000'000'000;
  m.hit(Finding::DataUnanswered, u.bytes, u.times, static_cast<std::uint32_t>(seconds),
        u.largest_acknowledged);
}

}  // namespace tcpwave
