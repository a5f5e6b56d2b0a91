// Every captured segment in capture order, one record each; records never move.
//
// What only few segments have lies beside the log: the first block of a SACK. A connection's segments are a chain
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
  /// The first block of the record's SACK: what its sender received last (RFC 2018 section 4), or of a D-SACK twice.
  /// Its two numbers are equal where it has none.
  [[nodiscard]] SackBlock sack(Id id) const;

 private:
  struct Sack {
    Id id = 0;
    SackBlock first;
  };
  Chunks<SegmentRecord> records_;
  std::vector<Sack> sacks_;  ///< by rising id
};

}  // namespace tcpwave
