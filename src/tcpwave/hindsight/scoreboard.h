// What is under way between the two ends: the segments that may still turn out to be lost, or be sent again.
//
// A segment is on the board until it is settled. One that takes up sequence numbers is settled when its peer has
// acknowledged it and its sender has shown that it received that ACK; any other when its receiver has shown that
// something later arrived. The rules of hindsight look at what is on the board, latest first: a repetition of what is
// settled is an old copy, and tells nothing. A connection of no more than kMost segments has them all on it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "tcpwave/store/records.h"

namespace tcpwave {

class Scoreboard {
 public:
  /// Segments of both directions at most: a bound of memory (512 bytes), and of what a rule costs. Where more are under way
  /// the oldest are forgotten, those with SYN or FIN last.
  static constexpr Row kMost = 256;

  /// Rows on the board, latest first.
  class Backwards {
   public:
    class Iterator {
     public:
      Iterator(const Backwards& range, std::size_t at) : range_(&range), at_(at) {}
      Row operator*() const { return range_->row(at_ - 1); }
      Iterator& operator++() {
        --at_;
        return *this;
      }
      bool operator!=(const Iterator& other) const { return at_ != other.at_; }

     private:
      const Backwards* range_;
      std::size_t at_;
    };
    Backwards(const std::vector<Row>& older, Row recent, Row before)
        : older_(older), recent_(recent), before_(before) {}
    [[nodiscard]] Iterator begin() const { return {*this, count()}; }
    [[nodiscard]] Iterator end() const { return {*this, 0}; }

   private:
    [[nodiscard]] std::size_t count() const {
      if (before_ > recent_) return older_.size() + (before_ - recent_);
      const auto next = std::lower_bound(older_.begin(), older_.end(), before_);
      return static_cast<std::size_t>(next - older_.begin());
    }
    [[nodiscard]] Row row(std::size_t i) const {
      return i < older_.size() ? older_[i] : recent_ + static_cast<Row>(i - older_.size());
    }
    const std::vector<Row>& older_;
    Row recent_, before_;
  };

  /// Those captured before a row.
  [[nodiscard]] Backwards before(Row row) const { return {older_, recent_, row}; }
  [[nodiscard]] bool has(Row row) const {
    return row >= recent_ || std::binary_search(older_.begin(), older_.end(), row);
  }
  /// An ACK of that end was forgotten that covers the number.
  [[nodiscard]] bool forgot_ack(End end, Seq number) const {
    const std::optional<Seq>& ack = forgotten_ack_[index(end)];
    return ack && *ack - number >= 0;
  }
  /// The row is the connection's next and has to be asked about; all since the last such are in order. @throws
  /// std::bad_alloc, and nothing has changed.
  void make_room(const Records& records, Row row) {
    if (older_.size() + (row - recent_) > kMost) tidy(records, row);
  }

 private:
  void tidy(const Records&, Row until);
  void forget_oldest(const Records&, std::vector<Row>&);

  std::vector<Row> older_;                             ///< unsettled rows before `recent_`, rising
  Row recent_ = 0;                                     ///< from here on every row is on the board
  std::array<std::optional<Seq>, 2> forgotten_ack_{};  ///< by end: the highest
};

}  // namespace tcpwave
