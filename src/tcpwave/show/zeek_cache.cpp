// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/zeek_cache.h"

namespace tcpwave {
namespace {

constexpr std::size_t kMost = 65'536;  ///< connections: some 16 MB
constexpr Row kSaveEvery = 256;
constexpr std::size_t kSavedClosely = 16;  ///< of those before them, each sixteenth is kept

bool is_rst_of_opening(const SegmentRecord& r) {
  const State sender = r.states.after_of(r.from);
  return r.flags.rst() && (sender == State::SynSent || sender == State::SynReceived);
}

}  // namespace

/// Forgets what was seen of rows that may have changed since: no more than were applied again.
void ZeekCache::go_back(Entry& entry, std::uint64_t load, const Connection& c) {
  const Row rows = c.records().size(), seen = entry.saved.back().rows;
  const std::uint64_t applied = c.rows_applied() - entry.applied;
  const bool other = rows < seen || load != entry.load || c.concluded() != entry.concluded;
  const std::uint64_t fresh = other ? 0 : rows - seen;
  const std::uint64_t again = applied > fresh ? applied - fresh : 0;
  if (!other && again == 0) return;
  const Row sound = other || again >= seen ? 0 : static_cast<Row>(seen - again);
  while (!entry.saved.empty() && entry.saved.back().rows > sound) entry.saved.pop_back();
}

void ZeekCache::save(Entry& entry) {
  std::vector<Saved>& saved = entry.saved;
  saved.push_back(saved.back());
  if (saved.size() <= kSavedClosely + 1) return;
  const auto old = saved.end() - 2 - static_cast<std::ptrdiff_t>(kSavedClosely);
  if (old->rows % (16 * kSaveEvery) != 0) saved.erase(old);
}

const ZeekLog& ZeekCache::log_of(std::uint32_t slot, std::uint64_t load, const Connection& c) {
  if (entries_.size() >= kMost) entries_.clear();
  Entry& entry = entries_[slot];
  if (!entry.saved.empty()) go_back(entry, load, c);
  if (entry.saved.empty()) entry.saved.push_back({});
  for (Row row = entry.saved.back().rows; row < c.records().size(); ++row) {
    const SegmentRecord& r = c.records()[row];
    if (row % kSaveEvery == 0 && row > 0) save(entry);
    entry.saved.back().log.note(r, is_rst_of_opening(r));
    entry.saved.back().rows = row + 1;
  }
  entry.load = load;
  entry.applied = c.rows_applied();
  entry.concluded = c.concluded();
  return entry.saved.back().log;
}

}  // namespace tcpwave
