// Which connections go without a model, and which do not. That both say the same is Property.MarksAreTheSameWithoutAModel.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"

namespace tcpwave {
namespace {

std::vector<Segment> segments_of(const std::string& script) {
  return scenario::play(
      scenario::read_scenario(TCPWAVE_SOURCE_DIR "/tests/scenarios/" + script + ".tw"), {});
}

/// Rows that a model took while the segments came and each was asked for its mark.
std::uint64_t rows_of_models(const std::vector<Segment>& segments) {
  Tracker tracker;
  for (const Segment& segment : segments) {
    Annotation mark;
    tracker.annotate(tracker.observe(segment), Known::SoFar, Detail::Mark, mark);
  }
  return tracker.rows_applied();
}
std::uint64_t rows_of_models(const std::string& script) {
  return rows_of_models(segments_of(script));
}

TEST(Course, AnOrdinaryConnectionNeedsNoModel) {
  for (const char* script :
       {"opening/three_way", "opening/handshake_100_200", "closing/four_segment",
        "closing/four_segment_server", "closing/three_segment", "closing/wave_merged"})
    EXPECT_EQ(rows_of_models(script), 0U) << script;
}

/// A connection as the script opens it, and then `data` segments of the server, each acknowledged at once.
std::vector<Segment> download(std::size_t data) {
  std::vector<Segment> segments = segments_of("opening/three_way");
  segments.resize(3);
  const Segment client = segments[2];
  Segment server = segments[1];
  server.flags = Flags{Flags::kAck};
  server.options = {};
  server.seq = client.ack;
  server.ack = client.seq;
  server.payload = 100;
  server.time_ns = client.time_ns;
  for (std::size_t i = 0; i < data; ++i) {
    server.time_ns += 1'000'000;
    segments.push_back(server);
    server.seq = server.seq + server.payload;
    segments.push_back(client);
    segments.back().ack = server.seq;
    segments.back().time_ns = server.time_ns + 1000;
  }
  for (std::size_t i = 0; i < segments.size(); ++i)
    segments[i].frame = static_cast<std::uint32_t>(i + 1);
  return segments;
}

// Builds with assertions compare what was said on the course with what the model says.
TEST(Course, GoesOnHoweverLongAndThenAModelTakesAllRows) {
  const std::vector<Segment> segments = download(500);
  EXPECT_EQ(rows_of_models(segments), 0U);
  Tracker tracker;
  const SegmentId first = tracker.observe(segments);
  EXPECT_EQ(tracker.annotate(first + 700, Known::Final).connection, 0U);
  EXPECT_EQ(tracker.rows_applied(), segments.size());
}

TEST(Course, HasAnEnd) {
  constexpr std::size_t kLongest = std::size_t{1} << 20U;
  const std::vector<Segment> segments = download(kLongest / 2);  // and a handshake
  Tracker tracker;
  tracker.observe(std::span(segments).first(kLongest));
  EXPECT_EQ(tracker.rows_applied(), 0U);
  tracker.observe(std::span(segments).subspan(kLongest));
  EXPECT_GE(tracker.rows_applied(), kLongest);
}

TEST(Course, NorDoesOneOfTheSameClientAfterIt) {
  EXPECT_EQ(rows_of_models("opening/port_reuse_client"), 0U);
}

// A server that closed first is in TIME_WAIT for a minute, and what it makes of a SYN is the model's to say.
TEST(Course, AServerInTimeWaitNeedsOne) {
  std::vector<Segment> segments = segments_of("closing/four_segment_server");
  Segment again = segments.front();
  again.seq = again.seq + 1'000'000U;
  again.time_ns = segments.back().time_ns + 61'000'000'000;
  segments.push_back(again);
  EXPECT_EQ(rows_of_models(segments), 0U);
  segments.back().time_ns -= 10'000'000'000;
  EXPECT_GT(rows_of_models(segments), 0U);
}

/// Data of the end with the wider peer, once that has granted 1,000 bytes by its scale.
std::vector<Segment> into_window(std::uint8_t client_scale, std::uint8_t server_scale,
                                 bool client_sends, std::uint32_t payload) {
  std::vector<Segment> segments = segments_of("opening/three_way");
  segments.resize(3);
  for (Segment& s : segments) s.window = 1000;
  segments[0].options.window_scale = client_scale;
  segments[1].options.window_scale = server_scale;
  Segment server = segments[1];
  const Segment client = segments[2];
  server.flags = Flags{Flags::kAck};
  server.options = {};
  server.seq = client.ack;
  server.ack = client.seq;
  const auto add = [&](Segment s, std::uint32_t bytes, std::uint32_t acked) {
    s.payload = bytes;
    s.ack = s.ack + acked;
    s.frame = static_cast<std::uint32_t>(segments.size() + 1);
    segments.push_back(s);
  };
  if (client_sends) {
    add(client, 100, 0);
    add(server, 0, 100);  // the first window that is scaled
    segments.push_back(client);
    segments.back().seq = client.seq + 100U;
  } else {
    segments.push_back(server);
  }
  segments.back().payload = payload;
  segments.back().frame = static_cast<std::uint32_t>(segments.size());
  return segments;
}

TEST(Course, EachEndsWindowHasItsOwnScale) {
  EXPECT_EQ(rows_of_models(into_window(0, 7, true, 128'000)), 0U);
  EXPECT_GT(rows_of_models(into_window(0, 7, true, 128'001)), 0U);
  EXPECT_EQ(rows_of_models(into_window(0, 7, false, 1000)), 0U);
  EXPECT_GT(rows_of_models(into_window(0, 7, false, 1001)), 0U);
  EXPECT_EQ(rows_of_models(into_window(7, 0, false, 128'000)), 0U);
  EXPECT_GT(rows_of_models(into_window(7, 0, false, 128'001)), 0U);
  EXPECT_EQ(rows_of_models(into_window(7, 0, true, 1000)), 0U);
  EXPECT_GT(rows_of_models(into_window(7, 0, true, 1001)), 0U);
}

// The time out of the closer's TIME_WAIT is counted from the other FIN.
TEST(Course, TheLastAckWithin2MslIsOnIt) {
  std::vector<Segment> segments = segments_of("closing/four_segment");
  segments.back().time_ns = segments[segments.size() - 2].time_ns + Settings{}.time_wait_ns;
  EXPECT_EQ(rows_of_models(segments), 0U);
  ++segments.back().time_ns;
  EXPECT_GT(rows_of_models(segments), 0U);
}

// The states of a course are counted of the hosts that have them.
TEST(Course, EitherEndMayCloseFirst) {
  for (const auto& [script, passive] : {std::pair{"closing/four_segment", Side::Server},
                                        std::pair{"closing/four_segment_server", Side::Client}}) {
    Tracker tracker;
    const std::vector<Segment> segments = segments_of(script);
    tracker.observe(segments);
    SegmentId fin = 0;
    while (!segments[fin].flags.fin()) ++fin;
    const Annotation a = tracker.annotate(fin, Known::Final);
    EXPECT_EQ(a.gauge[static_cast<std::size_t>(passive)].close_wait, 1U) << script;
    EXPECT_EQ(a.gauge[static_cast<std::size_t>(other(passive))].close_wait, 0U) << script;
  }
}

TEST(Course, WhatIsLostLateOrOddIsTheModels) {
  for (const char* script :
       {"opening/syn_lost", "opening/simultaneous_open", "opening/tfo_accepted",
        "closing/simultaneous", "closing/second_fin_lost", "closing/half_close",
        "segments/reordered", "resets/rst_abort", "segments/window_shrunk", "segments/paws_failed",
        "opening/handshake_copied"})
    EXPECT_GT(rows_of_models(script), 0U) << script;
}

}  // namespace
}  // namespace tcpwave
