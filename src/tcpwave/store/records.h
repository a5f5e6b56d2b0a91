// One connection's segments by row: which records of the log they are.
//
// A model needs its connection's earlier segments by their number; while it is loaded, it has these.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <vector>

#include "tcpwave/store/segment_log.h"

namespace tcpwave {

class Records {
 public:
  explicit Records(SegmentLog& log) : log_(&log) {}

  [[nodiscard]] Row size() const { return static_cast<Row>(ids_.size()); }
  [[nodiscard]] bool empty() const { return ids_.empty(); }
  [[nodiscard]] const SegmentRecord& operator[](Row row) const { return (*log_)[ids_[row]]; }
  [[nodiscard]] const SegmentRecord& front() const { return (*this)[0]; }
  [[nodiscard]] const SegmentRecord& back() const { return (*log_)[ids_.back()]; }
  /// To be written to: what was learned about it, and its result.
  [[nodiscard]] SegmentRecord& change(Row row) { return (*log_)[ids_[row]]; }
  [[nodiscard]] SegmentLog::Id id(Row row) const { return ids_[row]; }
  /// The row of a segment, which has to be one of them.
  [[nodiscard]] Row row_of(SegmentLog::Id id) const {
    if (ids_.back() == id) return size() - 1;
    return static_cast<Row>(std::lower_bound(ids_.begin(), ids_.end(), id) - ids_.begin());
  }
  [[nodiscard]] SegmentLog& log() const { return *log_; }
  [[nodiscard]] SackBlock sack(Row row) const { return log_->sack(ids_[row]); }

  /// @throws std::bad_alloc, and nothing has changed.
  void push_back(SegmentLog::Id id) {
    if (ids_.capacity() == 0) ids_.reserve(kUsual);
    ids_.push_back(id);
  }

 private:
  static constexpr std::size_t kUsual = 12;  ///< segments of a connection that opens and closes
  SegmentLog* log_;
  std::vector<SegmentLog::Id> ids_;
};

}  // namespace tcpwave
