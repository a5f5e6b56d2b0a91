// What the predicates of findings see: one segment, the two endpoints before and after it, and the log.
//
// Each file GROUP.cpp holds the predicates of one group of the catalogue. They read what is known now, so
// what hindsight corrected is corrected here; they change nothing but the annotation's list of findings
// (and its reset verdict). The model that a connection has come to by now is out of their sight: a
// finding is about its segment, and what came later stands in the records after it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/findings/annotator.h"

namespace tcpwave {

class Moment {
 public:
  Moment(Annotation& annotation, const Connection& connection, Row at, const CaptureView& whole)
      : a(annotation),
        history(connection),
        segment(history.records()[at]),
        row(at),
        capture(whole),
        sender(a.endpoint[static_cast<std::size_t>(a.sender)]),
        receiver(a.endpoint[static_cast<std::size_t>(other(a.sender))]),
        number_check(connection.number_check(at)),
        own(index(segment.from)),
        peer(index(other(segment.from))),
        connection_(connection) {
    if (segment.flags.rst()) sender.before = connection.state_at_rst(at, segment.from);
  }

  void hit(Finding f, std::uint32_t first = 0, std::uint32_t second = 0, std::uint32_t third = 0,
           std::uint32_t fourth = 0) {
    a.findings.push({f, first, second, third, fourth});
  }

  /// Both endpoints just before the segment, and just after it. @throws std::bad_alloc
  [[nodiscard]] const Model& before() const { return connection_.around(row).before; }
  [[nodiscard]] const Model& after() const { return connection_.around(row).after; }
  /// Where the steps were seen, up to this segment.
  [[nodiscard]] const StepLog& steps() const { return after().steps; }

  [[nodiscard]] bool is_copy() const { return segment.duplicate_of != kNoRow; }
  [[nodiscard]] bool first_time(Step s) const {
    return segment.steps.has(s) && !segment.repeated.has(s);
  }
  /// The mark of a step that this segment repeats, for its own sake and not as a copy of a frame.
  [[nodiscard]] const StepMark* again(Step) const;
  /// The RST that ended the connection.
  [[nodiscard]] bool ends_connection() const { return segment.flags.rst() && after().rst == row; }
  /// The connection's last segment, and the capture ends.
  [[nodiscard]] bool at_the_end() const {
    return capture.final && row + 1 == history.records().size();
  }
  /// Both directions of the connection were captured; what is missing is not the capture's fault.
  [[nodiscard]] bool both_seen() const {
    return history.facts().seen[0] && history.facts().seen[1];
  }
  /// A later segment of the receiver acknowledges exactly up to this number: it has taken what ends there.
  [[nodiscard]] bool taken_later(Seq to) const;
  /// The receiver acknowledges beyond this number, before the segment or after it.
  [[nodiscard]] bool acknowledged_beyond(Seq) const;
  /// The segment just before, if it came from the other end.
  [[nodiscard]] const SegmentRecord* answered() const;
  [[nodiscard]] std::uint32_t frame(Row at) const { return history.records()[at].frame; }
  [[nodiscard]] std::uint32_t relative_own(Seq s) const {
    return (s - history.base(segment.from).raw()).raw();
  }

  Annotation& a;  ///< as far as it is made
  const ConnectionLog history;
  const SegmentRecord& segment;
  const Row row;
  const CaptureView& capture;
  EndpointView
      sender;  ///< its states as they are shown; of a RST with the state that it left by it
  const EndpointView& receiver;    ///< likewise
  const NumberCheck number_check;  ///< how the segment's numbers compare with what was due
  const std::size_t own, peer;     ///< the sender's end, and the receiver's

 private:
  const Connection& connection_;
};

/// How far back and ahead a predicate looks: what a segment costs is bounded.
inline constexpr Row kFindingLookBack = 256;

void opening_findings(Moment&);
void closing_findings(Moment&);
void reset_findings(Moment&);
void segment_findings(Moment&);
void unanswered_findings(Moment&);

}  // namespace tcpwave
