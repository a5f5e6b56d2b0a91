// What the plugin remembers of one capture file: the engine's tracker, and which of its segments
// each frame holds.
//
// The first visit of a frame feeds the tracker, in capture order; every visit, the first one too,
// reads from it. Loading a file, redissecting and a changed preference start a new session. Knows
// nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "frame_index.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

class Session {
 public:
  explicit Session(const Settings& settings) : tracker_(settings) {}

  /// A frame is visited for the first time (again: see FrameIndex::reset).
  void start_frame(std::uint32_t frame) { index_.reset(frame); }
  /// The next TCP layer of that frame.
  void observe(const Segment& segment) {
    index_.append(segment.frame, Slot{tracker_.observe(segment)});
  }
  void leave_out(std::uint32_t frame, NotFed why) { index_.append(frame, Slot{0, why}); }

  [[nodiscard]] std::optional<Slot> find(std::uint32_t frame, std::size_t ordinal) const {
    return index_.find(frame, ordinal);
  }
  [[nodiscard]] Annotation annotate(SegmentId id, Known known) const {
    return tracker_.annotate(id, known);
  }

 private:
  Tracker tracker_;
  FrameIndex index_;
};

}  // namespace tcpwave
