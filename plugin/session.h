// What the plugin remembers of one capture file: the engine's tracker, and which of its segments
// each frame holds.
//
// The first visit of a frame feeds the tracker, in capture order; every visit, the first one too,
// reads from it. Loading a file, redissecting and a changed preference start a new session. Knows
// nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <new>
#include <string>
#include <type_traits>
#include <unordered_map>

#include "collecting/frame_index.h"
#include "kernel/witness.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

class Session {
 public:
  /// `at_once`: judge each segment as it comes, so that no question has to wait for those before it.
  explicit Session(const Settings& settings, bool at_once)
      : tracker_(settings), at_once_(at_once) {}

  /// The `ordinal`-th TCP layer of a frame that is visited for the first time.
  SegmentId observe(std::size_t ordinal, const Segment& segment) {
    const SegmentId id = tracker_.observe(segment);
    index_.put(segment.frame, ordinal, Slot{id});
    if (at_once_) tracker_.judge();
    return id;
  }
  /// The same where the engine does not get it.
  void leave_out(std::uint32_t frame, std::size_t ordinal, NotFed why) {
    index_.put(frame, ordinal, Slot{0, why});
  }

  /// Judges what waits; see Tracker::judge.
  void judge() { tracker_.judge(); }

  /// An ICMP error in a frame that is visited for the first time.
  void observe(const Unreachable& error) {
    asked_ = {};
    const auto syn = tracker_.observe_unreachable(error);
    if (syn) unreachable_.insert_or_assign(error.frame, *syn);
  }
  /// The SYN that this frame says could not be delivered.
  [[nodiscard]] std::optional<UnreachableSyn> unreachable_in(std::uint32_t frame) const {
    const auto found = unreachable_.find(frame);
    return found == unreachable_.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::optional<Slot> find(std::uint32_t frame, std::size_t ordinal) const {
    return index_.find(frame, ordinal);
  }
  /// At least in that detail; holds until the next question. The Info column and the tree ask the same of a segment.
  [[nodiscard]] const Annotation& annotate(SegmentId id, Known known,
                                           Detail detail = Detail::Whole) {
    const Asked now{id, known, tracker_.segments()};
    if (asked_ == now && detail <= detail_) return latest_;
    asked_ = {};
    static_assert(std::is_trivially_destructible_v<Annotation>);
    new (&latest_) Annotation;  // not assigned: that would fill its room for findings
    tracker_.annotate(id, known, detail, latest_);
    asked_ = now;
    detail_ = detail;
    return latest_;
  }
  [[nodiscard]] const Tracker& tracker() const { return tracker_; }
  /// As Tracker::steps_of_mark; what was annotated last is not asked for once more.
  [[nodiscard]] std::optional<std::uint8_t> steps_of_mark(SegmentId id, Known known) const {
    const bool is_latest = asked_ == Asked{id, known, tracker_.segments()};
    return is_latest ? latest_.steps_alone() : tracker_.steps_of_mark(id, known);
  }
  /// What stands in front of the Info column for these steps (Tracker::steps_of_mark), as far as it was made already.
  [[nodiscard]] std::string& prefix(std::uint8_t steps, Language language) {
    return prefixes_[static_cast<std::size_t>(language)][steps];
  }
  /// What the kernels of the capturing hosts said, where they were asked.
  [[nodiscard]] const kernel::Witness& witness() const { return witness_; }
  [[nodiscard]] kernel::Witness& witness() { return witness_; }

 private:
  Tracker tracker_;
  bool at_once_;
  FrameIndex index_;
  kernel::Witness witness_;
  /// What `latest_` answers; nothing where no segment was observed.
  struct Asked {
    SegmentId id = 0;
    Known known = Known::SoFar;
    SegmentId segments = 0;
    friend bool operator==(const Asked&, const Asked&) = default;
  };
  Asked asked_;
  Detail detail_ = Detail::Mark;
  Annotation latest_;
  std::unordered_map<std::uint32_t, UnreachableSyn> unreachable_;
  std::array<std::array<std::string, kStepSets>, kLanguages> prefixes_;
};

}  // namespace tcpwave
