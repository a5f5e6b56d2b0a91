// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/findings.h"

namespace tcpwave {

const StepMark* Moment::again(Step step) const {
  if (is_copy() || !segment.repeated.has(step)) return nullptr;
  const bool handshake = step <= Step::Handshake3;
  const int number = static_cast<int>(step) - (handshake ? 0 : static_cast<int>(Step::Wave1)) + 1;
  for (const StepMark& mark : a.steps)
    if (mark.number == number && (mark.phase == Phase::Handshake) == handshake) return &mark;
  return nullptr;
}

const SegmentRecord* Moment::answered() const {
  if (row == 0) return nullptr;
  const SegmentRecord& before = history.records()[row - 1];
  return before.from != segment.from ? &before : nullptr;
}

bool Moment::taken_later(Seq to) const {
  const Records& records = history.records();
  for (Row i = row + 1; i < records.size() && i - row < kFindingLookBack; ++i) {
    const SegmentRecord& r = records[i];
    if (r.from != segment.from && r.flags.ack() && !r.flags.rst() && r.ack == to) return true;
  }
  return false;
}

bool Moment::acknowledged_beyond(Seq number) const {
  const Records& records = history.records();
  const Row first = row > kFindingLookBack ? row - kFindingLookBack : 0;
  for (Row i = first; i < records.size() && i < row + kFindingLookBack; ++i) {
    const SegmentRecord& r = records[i];
    if (r.from != segment.from && r.flags.ack() && !r.unattributable && r.ack - number > 0)
      return true;
  }
  return false;
}

void add_findings(Annotation& a, const Connection& c, Row row, const CaptureView& capture) {
  Moment moment(a, c, row, capture);
  opening_findings(moment);
  closing_findings(moment);
  reset_findings(moment);
  segment_findings(moment);
  unanswered_findings(moment);
}

}  // namespace tcpwave
