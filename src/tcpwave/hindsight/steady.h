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
  /// The segment has its next number and takes nothing back: it lies within what its peer lets it send,
  /// acknowledges no less than the one before and nothing unsent, and its window and its clock go on.
  [[nodiscard]] bool sends_next(const SegmentRecord& r, const SteadyEnd& peer,
                                bool timestamps) const {
    if (!steady || r.has_ts != timestamps || r.scale_excess || r.has_dsack) return false;
    if (r.seq != snd_max || r.end() - peer.right > 0) return false;
    if (r.ack - acked < 0 || r.ack - peer.snd_max > 0) return false;
    if (r.has_ts && ts_newer(tsval, r.tsval)) return false;
    return grants(r) - right >= 0;
  }
  /// Of the next segment: it is data or an ACK with something to say.
  [[nodiscard]] bool says_something(const SegmentRecord& r, const SteadyEnd& peer) const {
    if ((r.flags.bits & ~Flags::kPsh) != Flags::kAck) return false;
    return r.ack != acked || (r.ack == peer.snd_max && r.payload > 0);
  }
};

struct Steady {
  std::array<SteadyEnd, 2> end;  ///< by End
  bool timestamps = false;       ///< both ends send them

  [[nodiscard]] bool is_next(const SegmentRecord& r) const {
    return end[index(r.from)].sends_next(r, end[index(other(r.from))], timestamps);
  }
  [[nodiscard]] bool goes_on_with(const SegmentRecord& r) const {
    return end[index(r.from)].says_something(r, end[index(other(r.from))]) && is_next(r);
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
