// What time it is in the capture, as its segments agree on it: one wild time stamp does not set the clock.
//
// What piles up at hosts expires by this clock, and what is absent at the end is told by it. A connection's own
// times are those of its segments.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace tcpwave {

class CaptureClock {
 public:
  /// The next segment's time, in capture order.
  void pass(std::int64_t ns) {
    if (!started_) now_ns_ = ns;
    started_ = true;
    if (is_near(ns, now_ns_)) {
      now_ns_ = std::max(now_ns_, ns);
      leapt_ = false;
    } else if (leapt_ && is_near(ns, leap_ns_)) {
      now_ns_ = ns;
      leapt_ = false;
    } else {
      leapt_ = true;
      leap_ns_ = ns;
    }
  }
  /// It does not go back but where two segments in a row say so.
  [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }
  /// The capture's end, if it ends here: a leap that no segment has denied counts.
  [[nodiscard]] std::int64_t end_ns() const {
    return leapt_ ? std::max(now_ns_, leap_ns_) : now_ns_;
  }

 private:
  /// So long may a capture be silent: an idle connection is probed after that (RFC 9293 section 3.8.4). What is
  /// further off is believed when a second segment says the same.
  static constexpr std::int64_t kLongestSilenceNs = 7'200'000'000'000;
  static bool is_near(std::int64_t a, std::int64_t b) {
    return a - b <= kLongestSilenceNs && b - a <= kLongestSilenceNs;
  }

  bool started_ = false, leapt_ = false;
  std::int64_t now_ns_ = 0, leap_ns_ = 0;
};

}  // namespace tcpwave
