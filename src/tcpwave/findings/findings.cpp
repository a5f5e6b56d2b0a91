// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/findings.h"

namespace tcpwave {

const StepMark* FindingView::again(Step step) const {
  if (is_copy() || !r.repeated.has(step)) return nullptr;
  const bool handshake = step <= Step::Handshake3;
  const int number = static_cast<int>(step) - (handshake ? 0 : static_cast<int>(Step::Wave1)) + 1;
  for (const StepMark& mark : a.steps)
    if (mark.number == number && (mark.phase == Phase::Handshake) == handshake) return &mark;
  return nullptr;
}

const Record* FindingView::answered() const {
  if (row == 0) return nullptr;
  const Record& before = c.records()[row - 1];
  return before.from != r.from ? &before : nullptr;
}

void add_findings(Annotation& a, const Connection& c, Row row, const CaptureView& capture) {
  FindingView view(a, c, row, capture);
  opening_findings(view);
  closing_findings(view);
  reset_findings(view);
  segment_findings(view);
  unanswered_findings(view);
}

}  // namespace tcpwave
