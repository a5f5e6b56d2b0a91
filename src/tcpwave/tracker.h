// The engine's front door: segments in, annotations out.
//
// A `Tracker` finds or starts the connection of each segment and lets it judge the segment. What is
// learned later changes what is said about earlier segments: `annotate` always answers with what is
// known at the moment of the call. So "one pass" is annotate() right after observe(), and "two
// passes" is annotate(id, Known::Final) after the last observe().
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "tcpwave/annotation.h"
#include "tcpwave/segment.h"

namespace tcpwave {

struct Settings {
  std::int64_t time_wait_ns = 60'000'000'000;  ///< 2MSL (RFC 9293 section 3.4.2), Linux's default
  std::int64_t close_wait_held_ns = 60'000'000'000;  ///< CLOSE_WAIT held longer is a finding
};

/// How much of the capture an annotation may rest on.
enum class Known : std::uint8_t {
  SoFar,  ///< what was observed until now; more may follow
  Final,  ///< the same, and that the capture ends here (taken back if it does not)
};

/// The n-th observed segment, from 0.
using SegmentId = std::uint32_t;

class Tracker {
 public:
  explicit Tracker(const Settings& = {});
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;
  Tracker(const Tracker&) = delete;
  Tracker& operator=(const Tracker&) = delete;

  /// Takes the next segment of the capture. Ids count up from 0.
  /// @throws std::bad_alloc; the tracker then is as it was before the call.
  SegmentId observe(const Segment&);

  /// What is known now about a segment; `id` must come from observe().
  [[nodiscard]] Annotation annotate(SegmentId, Known = Known::SoFar) const;

  [[nodiscard]] std::uint32_t connections() const;
  [[nodiscard]] SegmentId segments() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tcpwave
