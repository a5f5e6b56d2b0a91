// How long each end was in each state: the same as the states at each moment, and what ended them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/state_spans.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tcpwave/show/sockets.h"
#include "tcpwave/summary.h"
#include "tools/capture.h"

namespace tcpwave {
namespace {

Tracker tracker_of(const std::string& name, const Settings& settings = {}) {
  Tracker tracker(settings);
  const auto path = std::filesystem::path(TCPWAVE_CAPTURES) / "kernel" / (name + ".pcapng");
  for (const Segment& s : tools::read_capture(path)) tracker.observe(s);
  return tracker;
}

std::vector<State> states(const std::vector<StateSpan>& spans, Side side) {
  std::vector<State> all;
  for (const StateSpan& span : spans)
    if (span.side == side) all.push_back(span.state);
  return all;
}

/// One end's at a moment, of those that last at it.
std::optional<State> state_in(const std::vector<StateSpan>& spans, Side side, std::int64_t moment) {
  std::optional<State> found;
  for (const StateSpan& span : spans) {
    const bool ends = span.end != SpanEnd::CaptureEnd;
    if (span.side != side || moment < span.since_ns) continue;
    if (ends && moment >= span.since_ns + span.duration_ns) continue;
    found = span.state;
  }
  return found;
}

TEST(StateSpans, OfACloseInFourSegments) {
  const Tracker tracker = tracker_of("close4-client");
  const std::vector<StateSpan> spans = state_spans(tracker, 0);
  EXPECT_EQ(states(spans, Side::Client),
            (std::vector{State::SynSent, State::Established, State::FinWait1, State::FinWait2,
                         State::TimeWait}));
  EXPECT_EQ(states(spans, Side::Server), (std::vector{State::SynReceived, State::Established,
                                                      State::CloseWait, State::LastAck}));
  const StateSpan& held = spans[7];
  ASSERT_EQ(held.state, State::CloseWait);
  EXPECT_EQ(held.frame, 8U);  // the client's FIN
  EXPECT_EQ(held.duration_ns, *summarize(tracker, 0).half_close_ns);
  EXPECT_EQ(held.end, SpanEnd::NextState);
  EXPECT_EQ(held.next, State::LastAck);
  EXPECT_EQ(spans.back().next, State::Closed);
  EXPECT_EQ(spans[4].end, SpanEnd::CaptureEnd);
  EXPECT_EQ(spans[4].since_ns + spans[4].duration_ns, tracker.end_ns());
}

TEST(StateSpans, TimeWaitEndsThoughNoSegmentShowsIt) {
  Settings settings;
  settings.time_wait_ns = 500'000;  // the capture goes on for longer
  const std::vector<StateSpan> spans = state_spans(tracker_of("close4-client", settings), 0);
  EXPECT_EQ(spans[4].state, State::TimeWait);
  EXPECT_EQ(spans[4].duration_ns, 500'000);
  EXPECT_EQ(spans[4].next, State::Closed);
}

TEST(StateSpans, EndWhereThePortsAreUsedAgain) {
  const Tracker tracker = tracker_of("reuse-thrice");
  std::size_t replaced = 0;
  for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
    const auto at = tracker.replaced_at(c);
    for (const StateSpan& span : state_spans(tracker, c)) {
      if (span.end != SpanEnd::PortsReused) continue;
      ++replaced;
      EXPECT_EQ(span.since_ns + span.duration_ns, at);
    }
  }
  EXPECT_GT(replaced, 0U);
}

TEST(StateSpans, AgreeWithTheStatesAtEachMoment) {
  for (const char* name :
       {"random-00-clean", "random-03-heavy-mixed", "reuse-thrice", "head-at-fin"}) {
    const Tracker tracker = tracker_of(name);
    const std::int64_t whole = tracker.end_ns() - tracker.start_ns();
    for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
      const std::vector<StateSpan> spans = state_spans(tracker, c);
      for (const Side side : {Side::Client, Side::Server}) {
        for (std::int64_t part = 0; part <= 20; ++part) {
          const std::int64_t moment = tracker.start_ns() + whole / 20 * part;
          const auto state = state_at(tracker, c, side, moment);
          const auto shown = state_in(spans, side, moment);
          EXPECT_EQ(shown, state && is_socket(*state) ? state : std::nullopt)
              << name << ", connection " << c << ", part " << part;
        }
      }
    }
  }
}

TEST(StateSpans, AreNeverNegative) {
  for (const char* name : {"random-03-heavy-mixed", "simopen-tap-order"}) {
    const Tracker tracker = tracker_of(name);
    for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
      for (const StateSpan& span : state_spans(tracker, c)) {
        EXPECT_GE(span.duration_ns, 0);
        EXPECT_NE(span.frame, kNoFrame);
      }
    }
  }
}

}  // namespace
}  // namespace tcpwave
