// Every captured segment in capture order, one record each; records never move.
//
// What only few segments have lies beside the log: the block of a D-SACK. A connection's segments are a chain
// through the log: each names the one before it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tcpwave/store/chunks.h"
#include "tcpwave/store/segment_record.h"

namespace tcpwave {

class SegmentLog {
 public:
  using Id = std::uint32_t;  ///< the n-th captured segment, from 0
  static constexpr Id kNone = 0xffffffffU;

  explicit SegmentLog(Pages pages = Pages::Small) : records_(pages) {}

  [[nodiscard]] Id size() const { return static_cast<Id>(records_.size()); }
  [[nodiscard]] SegmentRecord& operator[](Id id) { return records_[id]; }
  [[nodiscard]] const SegmentRecord& operator[](Id id) const { return records_[id]; }

  /// @throws std::bad_alloc, and nothing has changed.
  SegmentRecord& take(const Segment&);
  /// The block of the record's D-SACK; its two numbers are equal where it has none.
  [[nodiscard]] SackBlock dsack(Id id) const;

 private:
  struct Twice {
    Id id = 0;
    SackBlock block;
  };
  Chunks<SegmentRecord> records_;
  std::vector<Twice> dsacks_;  ///< by rising id
};

}  // namespace tcpwave
