// A steady connection: open at both ends, all that they sent captured and taken, and nothing that waits.
//
// A segment that goes on in order moves these few numbers and nothing else: no state, no step, and nothing
// that was said of an earlier segment. So its result is known from one line of cache; the model takes it
// later, together with others.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "tcpwave/store/segment_record.h"

namespace tcpwave {

struct SteadyEnd {
  Seq snd_max;              ///< SND.NXT, and its peer's RCV.NXT
  Seq acked;                ///< the highest number that it has acknowledged
  Seq right;                ///< right edge of the window that it has granted (exclusive)
  std::uint32_t tsval = 0;  ///< its latest, where both ends send time stamps
  std::uint8_t shift = 0;   ///< of its window
  bool steady = false;      ///< for what it sends, the numbers mean something

  /// SEG.ACK + SEG.WND of a segment that it sends.
  [[nodiscard]] Seq grants(const SegmentRecord& r) const {
    return r.ack + (std::uint32_t{r.window} << shift);
  }
};

struct Steady {
  std::array<SteadyEnd, 2> end;  ///< by End
  bool timestamps = false;       ///< both ends send them

  /// The segment has its sender's next number and takes nothing back: it lies within what its receiver lets it send,
  /// acknowledges no less than the one before and nothing unsent, and its window and its clock go on.
  [[nodiscard]] bool is_next(const SegmentRecord& r) const {
    const SteadyEnd &x = end[index(r.from)], &y = end[index(other(r.from))];
    if (!x.steady || r.has_ts != timestamps || r.scale_excess || r.has_dsack) return false;
    if (r.seq != x.snd_max || r.end() - y.right > 0) return false;
    if (r.ack - x.acked < 0 || r.ack - y.snd_max > 0) return false;
    if (r.has_ts && ts_newer(x.tsval, r.tsval)) return false;
    return x.grants(r) - x.right >= 0;
  }
  /// Of the next segment: it is data or an ACK with something to say.
  [[nodiscard]] bool says_something(const SegmentRecord& r) const {
    if ((r.flags.bits & ~Flags::kPsh) != Flags::kAck) return false;
    const SteadyEnd &x = end[index(r.from)], &y = end[index(other(r.from))];
    return r.ack != x.acked || (r.ack == y.snd_max && r.payload > 0);
  }
  /// Both.
  [[nodiscard]] bool goes_on_with(const SegmentRecord& r) const {
    return says_something(r) && is_next(r);
  }
  /// Goes on with it.
  void take(const SegmentRecord& r) {
    SteadyEnd& x = end[index(r.from)];
    x.snd_max = r.end();
    x.acked = r.ack;
    x.right = x.grants(r);
    if (r.has_ts) x.tsval = r.tsval;
  }
};

}  // namespace tcpwave
