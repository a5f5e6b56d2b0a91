// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/timeline.h"

#include <algorithm>

namespace tcpwave {
namespace {

using Changes = std::vector<Change>;

/// The first change after a row.
Changes::const_iterator after(const Changes& changes, Row row) {
  return std::upper_bound(changes.begin(), changes.end(), row,
                          [](Row r, const Change& c) { return r < c.row; });
}

}  // namespace

void Timeline::rewind(Row row) {
  for (Changes& changes : changes_) {
    while (!changes.empty() && changes.back().row >= row) changes.pop_back();
    if (changes.empty()) continue;
    Change& last = changes.back();  // only an end's latest change is ever confirmed
    if (last.basis != Basis::Confirmed || last.foreseen || last.proof == kNoRow || last.proof < row)
      continue;
    last.proof = kNoRow;
    last.basis = Basis::Presumed;
  }
}

void Timeline::confirm(End end, Row row) {
  Changes& changes = changes_[index(end)];
  if (changes.empty()) return;
  changes.back().basis = Basis::Confirmed;
  changes.back().proof = row;
}

const Change* Timeline::last(Row row, End end) const {
  const Changes& changes = of(end);
  const auto next = after(changes, row);
  return next == changes.begin() ? nullptr : &*std::prev(next);
}

State Timeline::left(Row row, End end) const {
  const Changes& changes = of(end);
  const auto next = after(changes, row);
  const auto before = next - changes.begin();
  return before < 2 ? State::Unknown : changes[static_cast<std::size_t>(before) - 2].state;
}

Shown Timeline::shown(Row row, End end) const {
  const Changes& changes = of(end);
  Shown shown;
  auto change = after(changes, row);
  if (change == changes.begin()) return shown;
  --change;
  shown.after = change->state;
  shown.basis = change->basis;
  shown.proof = change->proof;
  // Back over the row's own changes: those of the segment, then those before it.
  while (change != changes.begin() && change->row == row && !change->prior) --change;
  const bool own = change->row == row && !change->prior;
  shown.before = own ? State::Unknown : change->state;
  if (row == 0 && !own) {  // nothing stands above it: what happened before it is no change
    shown.previous = shown.before;
    return shown;
  }
  while (change != changes.begin() && change->row == row) --change;
  shown.previous = row == 0 ? shown.before : change->row < row ? change->state : State::Unknown;
  return shown;
}

}  // namespace tcpwave
