// Which connections go without a model, and which do not. That both say the same is Property.MarksAreTheSameWithoutAModel.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <string>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"

namespace tcpwave {
namespace {

/// Rows that a model took while the script's segments came and each was asked for its mark.
std::uint64_t rows_of_models(const std::string& script) {
  const auto scenario =
      scenario::read_scenario(TCPWAVE_SOURCE_DIR "/tests/scenarios/" + script + ".tw");
  Tracker tracker;
  for (const Segment& segment : scenario::play(scenario, {})) {
    Annotation mark;
    tracker.annotate(tracker.observe(segment), Known::SoFar, Detail::Mark, mark);
  }
  return tracker.rows_applied();
}

TEST(Course, AnOrdinaryConnectionNeedsNoModel) {
  for (const char* script :
       {"opening/three_way", "opening/handshake_100_200", "closing/four_segment",
        "closing/four_segment_server", "closing/three_segment", "closing/wave_merged"})
    EXPECT_EQ(rows_of_models(script), 0U) << script;
}

TEST(Course, NorDoesOneOfTheSameClientAfterIt) {
  EXPECT_EQ(rows_of_models("opening/port_reuse_client"), 0U);
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
