// What state each end of a connection was in, row by row: the changes in order, and questions about them.
//
// A state holds from its change until the next, so a correction touches the changes and no segment
// in between. Each end's changes stand apart and in rising rows: a question is a binary search.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "tcpwave/state.h"
#include "tcpwave/store/segment_record.h"

namespace tcpwave {

/// One change of one endpoint's state.
struct Change {
  Row row = 0;
  Row proof = kNoRow;  ///< the record that proves `state`; kNoRow where nothing does
  State state = State::Unknown;
  Basis basis = Basis::Assumed;
  bool prior =
      false;  ///< happened before the row's segment was sent (a timer, a segment not captured yet)
  bool foreseen = false;  ///< proven from the start, by a record after `row`
};

/// One end as shown beside one segment.
struct Shown {
  State before = State::Unknown, after = State::Unknown;
  Basis basis = Basis::Assumed;
  Row proof = kNoRow;
  State previous = State::Unknown;  ///< after the row above
};

class Timeline {
 public:
  void add(End end, const Change& change) {
    std::vector<Change>& changes = changes_[index(end)];
    if (changes.empty()) changes.reserve(kUsual);
    changes.push_back(change);
  }
  /// Forgets what happened from `row` on, and what proofs from there had confirmed before it.
  void rewind(Row row);
  /// The end's last change was presumed; the record at `row` proves it.
  void confirm(End, Row row);

  [[nodiscard]] const std::vector<Change>& of(End end) const { return changes_[index(end)]; }
  [[nodiscard]] Shown shown(Row, End) const;
  /// The state that the end was in before the last change of a row.
  [[nodiscard]] State left(Row, End) const;
  /// The change that was the end's last one after a row; none before the first.
  [[nodiscard]] const Change* last(Row, End) const;

 private:
  static constexpr std::size_t kUsual = 6;  ///< changes of an end that opens and closes
  std::array<std::vector<Change>, 2> changes_;
};

}  // namespace tcpwave
