// What the times of a connection's segments tell: how soon an end answers, and how fast its time stamps count.
//
// Every threshold of hindsight that is a time comes from here, so from this connection and not from a guess, once
// something was measured.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tcpwave/store/segment_record.h"

namespace tcpwave {

/// Nanoseconds; no timer of retransmission runs out sooner (RFC 6298 section 2.4).
constexpr std::int64_t kShortestTimeout = 1'000'000'000;
/// Nanoseconds; how long an end waits for an answer before it has measured a round trip (RFC 6298 section 2.1).
constexpr std::int64_t kFirstTimeoutNs = 1'000'000'000;

/// How long an end takes to answer, as the tap sees it: the shortest time, and RFC 6298's estimate. The two
/// ways together are a round trip.
class RoundTrip {
 public:
  void sent(const SegmentRecord&);
  /// Nanoseconds; a cautious guess where nothing was measured.
  [[nodiscard]] std::int64_t value() const;
  /// Nanoseconds after which an answer of that end is not to be expected any more: SRTT + 4 RTTVAR (RFC 6298
  /// section 2) of the way from the tap to it and back; three times the cautious guess where nothing was measured,
  /// as the RFC has it for a first measurement.
  [[nodiscard]] std::int64_t answer_ns(End) const;
  [[nodiscard]] bool both_ways() const {
    return way_[0].shortest_ns != kUnknown && way_[1].shortest_ns != kUnknown;
  }
  /// From the tap to that end and back.
  [[nodiscard]] std::optional<std::int64_t> way_to(End end) const {
    const std::int64_t way = way_[index(other(end))].shortest_ns;
    return way == kUnknown ? std::nullopt : std::optional(way);
  }

 private:
  static constexpr std::int64_t kUnknown = -1;
  static constexpr std::int64_t kGuess = 20'000'000;
  /// Two years in nanoseconds: a clock that was set, and no round trip; sums of it have 64 bits.
  static constexpr std::int64_t kLongest = std::int64_t{1} << 56;
  struct Way {
    bool waiting = false;
    bool started = false;
    Seq until;    ///< an ACK of this answers
    Seq snd_max;  ///< one past the highest number, where started
    std::int64_t since_ns = 0;
    std::int64_t shortest_ns = kUnknown;
    std::int64_t srtt_ns = 0, rttvar_ns = 0;  ///< RFC 6298, where shortest_ns is known
    void measured(std::int64_t took_ns);
  };
  std::array<Way, 2> way_{};
};

/// How fast an end's time stamps count, as far as its segments have shown.
class TimestampClock {
 public:
  void sent(const SegmentRecord&);
  /// Nanoseconds; more than any capture lasts where it has not ticked yet.
  [[nodiscard]] std::int64_t tick_ns() const;
  /// So many nanoseconds passed from one stamp to another. What was measured, as what is asked, may have begun and ended
  /// anywhere in a tick. False where it has not ticked yet.
  [[nodiscard]] bool at_least(std::uint32_t from, std::uint32_t to, std::int64_t ns) const {
    const std::int64_t whole_ticks = ts_newer(to, from) ? std::int64_t{to - from} - 1 : 0;
    return whole_ticks > 0 && ticks_ > 0 &&
           elapsed_ns_ / (std::int64_t{ticks_} + 1) >= ns / whole_ticks;
  }
  /// No more nanoseconds passed from one stamp to another that is not older; more than any capture lasts where that is
  /// not known.
  [[nodiscard]] std::int64_t at_most_ns(std::uint32_t from, std::uint32_t to) const {
    if (ts_newer(from, to) || ticks_ < 2) return kMost;
    const std::int64_t ticks = std::int64_t{to - from} + 1;
    const std::int64_t tick = elapsed_ns_ / (std::int64_t{ticks_} - 1) + 1;
    return tick > kMost / ticks ? kMost : ticks * tick;
  }

 private:
  static constexpr std::int64_t kMost = INT64_MAX / 4;  ///< more than any capture lasts
  bool started_ = false;
  std::uint32_t first_value_ = 0, ticks_ = 0;
  std::int64_t first_ns_ = 0, elapsed_ns_ = 0;
};

}  // namespace tcpwave
