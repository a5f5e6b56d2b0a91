// What a ladder shows one by one, and what it folds. See ladder.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/ladder.h"

#include <algorithm>

namespace tcpwave {
namespace {

/// How much a segment deserves an arrow of its own.
enum class Weight : std::uint8_t {
  Plain,    // data and ACKs in order
  Dull,     // the same, lost or sent again: many of them are folded too
  Notable,  // a step, a reset, a state that changes, something to look at
};

// Of a run of plain segments, so many are drawn at its ends.
constexpr std::uint32_t kLeading = 2, kTrailing = 1, kShortest = 5;

bool state_changes(const Annotation& a) {
  for (const EndpointView& end : a.endpoint)
    if (end.before != end.after || end.previous != end.after) return true;
  return false;
}

Weight weight_of(const Captured& segment, const Annotation& a) {
  if (!a.steps.empty() || segment.flags.rst() || segment.flags.syn() || segment.flags.fin() ||
      state_changes(a) || !a.check_ok())
    return Weight::Notable;
  const bool in_order = a.seq_check == SeqCheck::Ok && !segment.lost && !segment.copy;
  return in_order && a.findings.empty() ? Weight::Plain : Weight::Dull;
}

class Drawer {
 public:
  Drawer(const Tracker& tracker, std::uint32_t connection) : tracker_(tracker), c_(connection) {}

  Ladder draw() {
    ladder_.summary = summarize_briefly(tracker_, c_);
    ladder_.capture_start_ns = tracker_.start_ns();
    ladder_.capture_end_ns = tracker_.end_ns();
    ladder_.states = tracker_.states_of(c_);
    for (const Side side : {Side::Client, Side::Server})
      ladder_.delay_ns[static_cast<std::size_t>(side)] = tracker_.way_to(c_, side).value_or(0) / 2;
    weigh();
    choose();
    for (std::uint32_t n = 0; n < weight_.size(); ++n) add(n);
    return std::move(ladder_);
  }

 private:
  [[nodiscard]] SegmentId id(std::uint32_t n) const { return tracker_.segment_of(c_, n); }

  void weigh() {
    for (std::uint32_t n = 0; n < ladder_.summary.frames; ++n) {
      const Annotation a = tracker_.annotate(id(n), Known::Final);
      weight_.push_back(weight_of(tracker_.captured(id(n)), a));
      for (const FindingHit& hit : a.findings)
        ladder_.summary.findings.set(static_cast<std::size_t>(hit.finding));
    }
  }

  /// Folds no more than needed.
  void choose() {
    choose_runs(Weight::Plain);
    if (drawn() > kLadderArrows) choose_runs(Weight::Dull);
    std::size_t surplus = drawn() > kLadderArrows ? drawn() - kLadderArrows : 0;
    std::size_t before = kLadderArrows * 2 / 3;  // then the beginning and the end have to do
    for (std::size_t n = 0; n < draw_.size() && surplus > 0; ++n) {
      if (!draw_[n]) continue;
      if (before > 0) {
        --before;
        continue;
      }
      draw_[n] = false;
      --surplus;
    }
  }

  [[nodiscard]] std::size_t drawn() const {
    return static_cast<std::size_t>(std::count(draw_.begin(), draw_.end(), true));
  }

  /// Folds the inside of each run of segments that weigh no more than this.
  void choose_runs(Weight heaviest) {
    draw_.assign(weight_.size(), true);
    const auto count = static_cast<std::uint32_t>(weight_.size());
    for (std::uint32_t begin = 0; begin < count;) {
      std::uint32_t end = begin;
      while (end < count && weight_[end] <= heaviest) ++end;
      if (end - begin >= kLeading + kTrailing + kShortest)
        for (std::uint32_t n = begin + kLeading; n < end - kTrailing; ++n) draw_[n] = false;
      begin = end + 1;
    }
  }

  void add(std::uint32_t n) {
    const Captured segment = tracker_.captured(id(n));
    if (draw_[n]) {
      ladder_.items.push_back({LadderArrow{segment, tracker_.annotate(id(n), Known::Final)}, {}});
      return;
    }
    if (n == 0 || draw_[n - 1]) {
      ladder_.items.emplace_back();
      ladder_.items.back().fold.first_frame = segment.frame;
      ladder_.items.back().fold.first_ns = segment.time_ns;
    }
    const bool last = n + 1 == draw_.size() || draw_[n + 1];
    fold(ladder_.items.back().fold, n, segment, last);
  }

  void fold(LadderFold& fold, std::uint32_t n, const Captured& segment, bool last) {
    fold.last_frame = segment.frame;
    fold.last_ns = segment.time_ns;
    if (weight_[n] == Weight::Notable) ++fold.other;
    LadderFold::Way& way = fold.from[static_cast<std::size_t>(segment.sender)];
    ++(segment.payload > 0 ? way.data : way.empty);
    way.octets += segment.payload;
    if (segment.lost) ++way.lost;
    if (!last && weight_[n] == Weight::Plain) return;
    const Annotation a = tracker_.annotate(id(n), Known::Final);
    if (a.seq_check == SeqCheck::Retransmission) ++way.again;
    fold.state = {a.client().after, a.server().after};
  }

  const Tracker& tracker_;
  std::uint32_t c_;
  Ladder ladder_;
  std::vector<Weight> weight_;
  std::vector<bool> draw_;
};

}  // namespace

Ladder draw_ladder(const Tracker& tracker, std::uint32_t connection) {
  return Drawer(tracker, connection).draw();
}

}  // namespace tcpwave
