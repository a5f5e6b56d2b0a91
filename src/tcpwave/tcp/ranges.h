// What a receiver keeps of the peer's text beyond holes: a few ranges of sequence numbers, in order.
//
// A range that is one too many is forgotten: the receiver's next ACK shows what it has. The bound is one of memory,
// and the most that a receiver can report itself: four SACK blocks (RFC 2018 section 3).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "tcpwave/seq.h"

namespace tcpwave {

class Ranges {
 public:
  static constexpr std::size_t kMost = 4;

  [[nodiscard]] bool empty() const { return count_ == 0; }

  /// [from, to) was received; nothing where it is empty.
  void add(Seq from, Seq to) {
    if (to - from <= 0) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const Range& r = ranges_[i];
      if (r.to - from < 0 || r.from - to > 0) {
        ranges_[kept++] = r;
        continue;
      }
      if (r.from - from < 0) from = r.from;
      to = later(to, r.to);
    }
    count_ = static_cast<std::uint8_t>(kept);
    if (count_ == kMost) {
      clear_rest();
      return;
    }
    std::size_t at = count_++;
    for (; at > 0 && ranges_[at - 1].from - from > 0; --at) ranges_[at] = ranges_[at - 1];
    ranges_[at] = {from, to};
    clear_rest();
  }

  /// All of [from, to) was received.
  [[nodiscard]] bool has(Seq from, Seq to) const {
    return std::any_of(ranges_.begin(), ranges_.begin() + count_,
                       [from, to](const Range& r) { return r.from - from <= 0 && r.to - to >= 0; });
  }

  /// Where something is kept: one past the highest number.
  [[nodiscard]] Seq end() const { return ranges_[count_ - 1U].to; }

  /// Everything below `next` is there: what joins it is taken out. Returns the next number that is missing.
  Seq take(Seq next) {
    std::size_t taken = 0;
    while (taken < count_ && ranges_[taken].from - next <= 0)
      next = later(next, ranges_[taken++].to);
    std::move(ranges_.begin() + static_cast<std::ptrdiff_t>(taken), ranges_.begin() + count_,
              ranges_.begin());
    count_ = static_cast<std::uint8_t>(count_ - taken);
    clear_rest();
    return next;
  }

  friend bool operator==(const Ranges&, const Ranges&) = default;

 private:
  struct Range {
    Seq from, to;
    friend bool operator==(const Range&, const Range&) = default;
  };
  /// So that equal ranges compare as such.
  void clear_rest() { std::fill(ranges_.begin() + count_, ranges_.end(), Range{}); }

  std::array<Range, kMost> ranges_{};
  std::uint8_t count_ = 0;
};

}  // namespace tcpwave
