// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/state_spans.h"

#include <algorithm>
#include <array>

#include "tcpwave/show/sockets.h"

namespace tcpwave {
namespace {

/// The spans of one end, the last of which may be open.
class EndSpans {
 public:
  void reach(const StateSpan& span, bool with_first_segment) {
    // What the first segment ends is an older connection's socket, or nothing of it was captured.
    if (open_ && with_first_segment) spans_.pop_back();
    open_ = open_ && !with_first_segment;
    leave(span.since_ns, SpanEnd::NextState, span.state);
    open_ = is_socket(span.state);
    if (open_) spans_.push_back(span);
  }
  void leave(std::int64_t now_ns, SpanEnd end, State next = State::Unknown) {
    if (!open_) return;
    StateSpan& last = spans_.back();
    last.duration_ns = now_ns - last.since_ns;
    last.end = end;
    last.next = next;
    open_ = false;
  }
  [[nodiscard]] const std::vector<StateSpan>& spans() const { return spans_; }

 private:
  std::vector<StateSpan> spans_;
  bool open_ = false;
};

}  // namespace

std::vector<StateSpan> state_spans(const Tracker& tracker, std::uint32_t connection) {
  std::array<EndSpans, 2> ends;
  const auto replaced = tracker.replaced_at(connection);
  std::int64_t now = tracker.captured(tracker.segment_of(connection, 0)).time_ns;
  for (const StateChange& change : tracker.states_of(connection)) {
    now = std::max(now, change.time_ns);
    if (replaced && now >= *replaced) break;
    // What a timer ends after the last segment is CLOSED, which has no span and so no frame.
    const std::uint32_t frame =
        change.segment < tracker.segments_of(connection)
            ? tracker.captured(tracker.segment_of(connection, change.segment)).frame
            : kNoFrame;
    const StateSpan span{.side = change.side,
                         .state = change.state,
                         .basis = change.basis,
                         .frame = frame,
                         .since_ns = now};
    ends[static_cast<std::size_t>(change.side)].reach(span, change.segment == 0);
  }
  std::vector<StateSpan> all;
  for (EndSpans& end : ends) {
    end.leave(std::max(now, replaced.value_or(tracker.end_ns())),
              replaced ? SpanEnd::PortsReused : SpanEnd::CaptureEnd);
    all.insert(all.end(), end.spans().begin(), end.spans().end());
  }
  return all;
}

}  // namespace tcpwave
