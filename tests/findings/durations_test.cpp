// Durations: each once, on the segment that completes it, and only where it measures what its name says.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/annotation.h"
#include "tcpwave/summary.h"
#include "tcpwave/tracker.h"

namespace tcpwave {
namespace {

Tracker played(const std::string& script) {
  Tracker tracker;
  const std::string path = TCPWAVE_SOURCE_DIR "/tests/scenarios/" + script + ".tw";
  for (const scenario::Frame& frame : scenario::play_frames(scenario::read_scenario(path), {}))
    tracker.observe(frame.segment);
  return tracker;
}

template <class Of>
std::vector<SegmentId> rows_with(const Tracker& tracker, Of duration) {
  std::vector<SegmentId> rows;
  for (SegmentId id = 0; id < tracker.segments(); ++id)
    if (duration(tracker.annotate(id, Known::Final)).has_value()) rows.push_back(id);
  return rows;
}
std::optional<std::int64_t> rtt(const Annotation& a) { return a.handshake_rtt_ns; }
std::optional<std::int64_t> wave(const Annotation& a) { return a.wave_duration_ns; }

TEST(Durations, StandOnTheSegmentThatCompletesThem) {
  const Tracker tracker = played("closing/four_segment");
  EXPECT_EQ(rows_with(tracker, rtt), std::vector<SegmentId>{2});
  EXPECT_EQ(rows_with(tracker, wave), std::vector<SegmentId>{tracker.segments() - 1});
  EXPECT_EQ(summarize(tracker, 0).handshake_rtt_ns,
            tracker.annotate(2, Known::Final).handshake_rtt_ns);
}

// A filter left the third ACK out: what acknowledges the SYN,ACK seconds later measures no round trip.
TEST(Durations, WhatIsNoThirdAckMeasuresNoRoundTrip) {
  EXPECT_TRUE(rows_with(played("opening/third_ack_missed"), rtt).empty());
  EXPECT_TRUE(rows_with(played("opening/synack_lost"), rtt).empty());  // whose answer is it?
}

TEST(Durations, OfAHalfCloseEndWithTheConnectionsLastSegment) {
  const Tracker tracker = played("closing/close_wait_forgotten");  // another connection goes on
  const ConnectionSummary s = summarize(tracker, 0);
  ASSERT_TRUE(s.half_close_ns);
  EXPECT_LE(*s.half_close_ns, s.duration_ns);
  EXPECT_EQ(*s.half_close_ns, 40'000'000);
}

}  // namespace
}  // namespace tcpwave
