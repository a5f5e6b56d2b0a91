// What a ladder shows one by one, and what it folds. See ladder.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/ladder.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace tcpwave {
namespace {

/// How much a segment deserves an arrow of its own.
enum class Weight : std::uint8_t {
  Plain,    // data and ACKs in order
  Dull,     // the same, lost or sent again: many of them are folded too
  Notable,  // a step, a reset, a state that changes, something to look at
};

// So many annotations are asked for to weigh segments; beyond that what a glance tells has to do.
constexpr std::uint32_t kWeighed = 4'000;
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

void add(LadderFold& fold, const Glance& g) {
  if (fold.first_frame == kNoFrame) {
    fold.first_frame = g.segment.frame;
    fold.first_ns = g.segment.time_ns;
  }
  fold.last_frame = g.segment.frame;
  fold.last_ns = g.segment.time_ns;
  LadderFold::Way& way = fold.from[static_cast<std::size_t>(g.segment.sender)];
  ++(g.segment.payload > 0 ? way.data : way.empty);
  way.octets += g.segment.payload;
  if (g.segment.lost) ++way.lost;
  if (g.again) ++way.again;
}

void add(LadderFold& fold, const LadderFold& more) {
  if (fold.first_frame == kNoFrame) {
    fold.first_frame = more.first_frame;
    fold.first_ns = more.first_ns;
  }
  fold.last_frame = more.last_frame;
  fold.last_ns = more.last_ns;
  for (std::size_t side = 0; side < fold.from.size(); ++side) {
    LadderFold::Way& way = fold.from[side];
    const LadderFold::Way& other = more.from[side];
    way.data += other.data;
    way.empty += other.empty;
    way.again += other.again;
    way.lost += other.lost;
    way.octets += other.octets;
  }
  fold.other += more.other;
}

/// A segment, or what is folded in any case: the inside of a run of plain ones.
struct Unit {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  Glance last;  ///< the segment, or the last of those folded
  std::uint32_t block = kNone;
  Weight weight = Weight::Plain;
  bool draw = false;
};

/// As many units as may be drawn at the beginning and at the end; what lies between is folded in any case, in one.
class Units {
 public:
  void push(const Unit& unit) {
    const std::size_t notable = unit.weight == Weight::Notable ? 1 : 0;
    if (leading_ < kLadderArrows) {
      leading_ += notable;
      units_.push_back(unit);
      return;
    }
    latest_.push_back(unit);
    trailing_ += notable;
    while (trailing_ > kLadderArrows) fold_oldest();
  }
  /// All that was pushed.
  std::deque<Unit> take() {
    if (middle_.block != Unit::kNone) units_.push_back(middle_);
    units_.insert(units_.end(), latest_.begin(), latest_.end());
    return std::move(units_);
  }
  std::uint32_t new_block() {
    blocks.emplace_back();
    return static_cast<std::uint32_t>(blocks.size() - 1);
  }

  std::deque<LadderFold> blocks;

 private:
  void fold_oldest() {
    if (middle_.block == Unit::kNone) middle_.block = new_block();
    const Unit& unit = latest_.front();
    LadderFold& fold = blocks[middle_.block];
    unit.block != Unit::kNone ? add(fold, blocks[unit.block]) : add(fold, unit.last);
    if (unit.weight == Weight::Notable) {
      ++fold.other;
      --trailing_;
    }
    middle_.last = unit.last;
    latest_.pop_front();
  }

  std::deque<Unit> units_, latest_;
  Unit middle_;
  std::size_t leading_ = 0, trailing_ = 0;  ///< notable ones at both ends
};

/// Folds runs of plain segments while the connection goes by, so that a million leave little behind.
class Skimmer {
 public:
  explicit Skimmer(const Tracker& tracker) : tracker_(tracker) {}

  void look(const Glance& g) {
    const Weight weight = weigh(g);
    if (weight != Weight::Plain) {
      end_run();
      units.push({g, Unit::kNone, weight});
      return;
    }
    if (folding_) {  // stay the first ones, and the last one as long as none comes after it
      fold(run_[kLeading]);
      run_[kLeading] = g;
      return;
    }
    run_.push_back(g);
    if (run_.size() < kShortestRun) return;
    folding_ = true;
    block_ = units.new_block();
    for (std::size_t i = kLeading; i + 1 < run_.size(); ++i) fold(run_[i]);
    run_[kLeading] = run_.back();
    run_.resize(kLeading + 1);
  }

  void end_run() {
    for (std::size_t i = 0; i < run_.size(); ++i) {
      if (i == kLeading && folding_) units.push({before_last_, block_});
      units.push({run_[i]});
    }
    run_.clear();
    folding_ = false;
  }

  Units units;

 private:
  void fold(const Glance& g) {
    add(units.blocks[block_], g);
    before_last_ = g;
  }

  static constexpr std::size_t kShortestRun = kLeading + kTrailing + kShortest;
  static_assert(kTrailing == 1);

  Weight weigh(const Glance& g) {
    if (g.kind == Glance::Kind::Notable) return Weight::Notable;
    if (g.kind == Glance::Kind::Plain || weighed_ == kWeighed) return Weight::Plain;
    ++weighed_;
    return weight_of(g.segment, tracker_.annotate(g.id, Known::Final));
  }

  const Tracker& tracker_;
  std::uint32_t weighed_ = 0;
  std::vector<Glance> run_;
  Glance before_last_;
  bool folding_ = false;
  std::uint32_t block_ = Unit::kNone;  ///< where folding_
};

class Drawer {
 public:
  Drawer(const Tracker& tracker, std::uint32_t connection) : tracker_(tracker), c_(connection) {}

  Ladder draw() {
    ladder_.summary = summarize_briefly(tracker_, c_);
    ladder_.capture_start_ns = tracker_.start_ns();
    ladder_.capture_end_ns = tracker_.end_ns();
    ladder_.states = tracker_.states_of(c_);
    ladder_.replaced_ns = tracker_.replaced_at(c_);
    for (const Side side : {Side::Client, Side::Server})
      ladder_.delay_ns[static_cast<std::size_t>(side)] = tracker_.way_to(c_, side).value_or(0) / 2;
    Skimmer skimmer(tracker_);
    tracker_.skim(c_, [&](const Glance& g) { skimmer.look(g); });
    skimmer.end_run();
    units_ = skimmer.units.take();
    blocks_ = std::move(skimmer.units.blocks);
    choose();
    for (std::size_t n = 0; n < units_.size(); ++n) place(n);
    return std::move(ladder_);
  }

 private:
  /// Folds no more than needed.
  void choose() {
    for (Unit& unit : units_) unit.draw = unit.block == Unit::kNone;
    if (drawn() > kLadderArrows) fold_dull_runs();
    std::size_t surplus = drawn() > kLadderArrows ? drawn() - kLadderArrows : 0;
    std::size_t before = kLadderArrows * 2 / 3;  // then the beginning and the end have to do
    for (std::size_t n = 0; n < units_.size() && surplus > 0; ++n) {
      if (!units_[n].draw) continue;
      if (before > 0) {
        --before;
        continue;
      }
      units_[n].draw = false;
      --surplus;
    }
  }

  [[nodiscard]] std::size_t drawn() const {
    return static_cast<std::size_t>(
        std::count_if(units_.begin(), units_.end(), [](const Unit& u) { return u.draw; }));
  }

  [[nodiscard]] std::size_t segments(std::size_t n) const {
    if (units_[n].block == Unit::kNone) return 1;
    std::size_t count = 0;
    for (const LadderFold::Way& way : blocks_[units_[n].block].from) count += way.data + way.empty;
    return count;
  }

  /// Folds the inside of each run of segments that are not notable.
  void fold_dull_runs() {
    for (std::size_t begin = 0; begin < units_.size();) {
      std::size_t end = begin, length = 0;
      for (; end < units_.size() && units_[end].weight != Weight::Notable; ++end)
        length += segments(end);
      if (length >= kLeading + kTrailing + kShortest)
        for (std::size_t n = begin + kLeading; n + kTrailing < end; ++n) units_[n].draw = false;
      begin = end + 1;
    }
  }

  void place(std::size_t n) {
    const Unit& unit = units_[n];
    const Glance& g = unit.last;
    if (unit.draw) {
      ladder_.items.push_back({LadderArrow{g.segment, tracker_.annotate(g.id, Known::Final)}, {}});
      return;
    }
    if (n == 0 || units_[n - 1].draw) ladder_.items.emplace_back();
    LadderFold& fold = ladder_.items.back().fold;
    if (unit.block != Unit::kNone)
      add(fold, blocks_[unit.block]);
    else
      add(fold, g);
    if (unit.weight == Weight::Notable) ++fold.other;
    const bool last = n + 1 == units_.size() || units_[n + 1].draw;
    if (!last) return;
    const Annotation a = tracker_.annotate(g.id, Known::Final);
    fold.state = {a.client().after, a.server().after};
  }

  const Tracker& tracker_;
  std::uint32_t c_;
  Ladder ladder_;
  std::deque<Unit> units_;
  std::deque<LadderFold> blocks_;
};

}  // namespace

Ladder draw_ladder(const Tracker& tracker, std::uint32_t connection) {
  return Drawer(tracker, connection).draw();
}

}  // namespace tcpwave
