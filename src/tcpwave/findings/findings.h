// What the predicates of findings share: one segment, its annotation so far, and its connection.
//
// Each file findings_GROUP.cpp holds the predicates of one group of the catalogue, in its order. They
// read what is known now, so what hindsight corrected is corrected here; they change nothing but the
// annotation's list of findings (and its reset verdict).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/findings/annotator.h"

namespace tcpwave {

class FindingView {
 public:
  FindingView(Annotation& annotation, const Connection& connection, Row at,
              const CaptureView& whole)
      : a(annotation),
        c(connection),
        r(c.records()[at]),
        row(at),
        capture(whole),
        x(a.endpoint[static_cast<std::size_t>(a.sender)]),
        y(a.endpoint[static_cast<std::size_t>(other(a.sender))]),
        judged(c.judged(at)),
        log(c.model().steps),
        own(index(r.from)),
        peer(index(other(r.from))) {}

  void hit(Finding f, std::uint32_t first = 0, std::uint32_t second = 0, std::uint32_t third = 0,
           std::uint32_t fourth = 0) {
    a.findings.push({f, first, second, third, fourth});
  }

  [[nodiscard]] bool is_copy() const { return r.copy_of != kNoRow; }
  [[nodiscard]] bool first_time(Step s) const { return r.steps.has(s) && !r.repeated.has(s); }
  /// The mark of a step that this segment repeats, for its own sake and not as a copy of a frame.
  [[nodiscard]] const StepMark* again(Step) const;
  /// The RST that ended the connection.
  [[nodiscard]] bool ends_connection() const { return r.flags.rst() && c.model().rst == row; }
  /// The connection's last segment, and the capture ends.
  [[nodiscard]] bool at_the_end() const { return capture.final && row + 1 == c.records().size(); }
  /// Both directions of the connection were captured; what is missing is not the capture's fault.
  [[nodiscard]] bool both_seen() const { return c.facts().seen[0] && c.facts().seen[1]; }
  /// The segment just before, if it came from the other end.
  [[nodiscard]] const Record* answered() const;
  [[nodiscard]] std::uint32_t frame(Row at) const { return c.records()[at].frame; }
  [[nodiscard]] std::uint32_t relative_own(Seq s) const { return (s - c.base(r.from).raw()).raw(); }

  Annotation& a;
  const Connection& c;
  const Record& r;
  const Row row;
  const CaptureView& capture;
  const EndpointView& x;   ///< the sender
  const EndpointView& y;   ///< the receiver
  const Judgement judged;  ///< how its numbers compare with what was due
  const StepLog& log;
  const std::size_t own, peer;
};

/// How far back a predicate looks.
inline constexpr Row kFindingLookBack = 256;

void opening_findings(FindingView&);
void closing_findings(FindingView&);
void reset_findings(FindingView&);
void segment_findings(FindingView&);
void unanswered_findings(FindingView&);

}  // namespace tcpwave
