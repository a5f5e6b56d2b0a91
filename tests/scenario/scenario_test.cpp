// Every script in every variant: the engine says what the script expects, in one pass and in two.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "scenario/document.h"
#include "scenario/packet.h"
#include "scenario/row.h"
#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/parse.h"
#include "tcpwave/tracker.h"

namespace tcpwave::scenario {
namespace {

struct Case {
  Scenario scenario;
  Variant variant;
};

std::string case_name(const Case& c) {
  return c.scenario.group + "_" + c.scenario.name + "__" + c.variant.name;
}
void PrintTo(const Case& c, std::ostream* out) { *out << case_name(c); }

// The scripts, and those in the documents.
std::vector<Case> all_cases() {
  std::vector<Scenario> scenarios;
  for (const auto& file : scenario_files(TCPWAVE_SOURCE_DIR "/tests/scenarios"))
    scenarios.push_back(read_scenario(file));
  for (const auto& file : documents(TCPWAVE_SOURCE_DIR))
    for (Scenario& scenario : scenarios_in_document(file)) scenarios.push_back(scenario);
  std::vector<Case> cases;
  for (const Scenario& scenario : scenarios)
    for (const Variant& variant : all_variants()) cases.push_back({scenario, variant});
  return cases;
}

// What a capture of the segment would give the engine.
Segment through_bytes(const Segment& segment) {
  Segment parsed;
  parsed.frame = segment.frame;
  parsed.time_ns = segment.time_ns;
  EXPECT_EQ(parse_ip(ip_packet(segment), parsed), ParseResult::Ok);
  EXPECT_EQ(parsed.seq, segment.seq);
  EXPECT_EQ(parsed.payload, segment.payload);
  return parsed;
}

struct Played {
  std::vector<Annotation> one_pass, two_passes;
};

Played run(const Scenario& scenario, const Variant& variant) {
  Tracker tracker;
  Played played;
  std::vector<SegmentId> ids;
  for (const Segment& segment : play(scenario, variant)) {
    ids.push_back(tracker.observe(through_bytes(segment)));
    played.one_pass.push_back(tracker.annotate(ids.back()));
  }
  for (const SegmentId id : ids) played.two_passes.push_back(tracker.annotate(id, Known::Final));
  return played;
}

// Frames of the steps by connection, as the script's steps imply them.
using StepFrames = std::map<std::string, std::uint32_t>;

std::string frame_differences(const Annotation& a, const StepFrames& frames) {
  const auto frame = [&](const std::string& step) {
    const auto found = frames.find(step);
    return found == frames.end() ? kNoFrame : found->second;
  };
  std::string text;
  const auto compare = [&](const std::string& step, std::uint32_t got) {
    if (got != frame(step))
      text += "  - frame of " + step + ": expected " + std::to_string(frame(step)) + ", got " +
              std::to_string(got) + "\n";
  };
  for (std::size_t i = 0; i < a.handshake_frame.size(); ++i)
    compare("h" + std::to_string(i + 1), a.handshake_frame.at(i));
  for (std::size_t i = 0; i < a.wave_frame.size(); ++i)
    compare("w" + std::to_string(i + 1), a.wave_frame.at(i));
  return text;
}

class ScenarioTest : public testing::TestWithParam<Case> {
 protected:
  const Scenario& scenario = GetParam().scenario;
  Played played = run(scenario, GetParam().variant);

  [[nodiscard]] bool exchanged(bool one_pass) const {
    return sides_exchanged(scenario, GetParam().variant, one_pass);
  }
  void check_one_pass();
  void check_two_passes();
  void check_links();
  void check_outcomes();
};

void ScenarioTest::check_one_pass() {
  for (std::size_t i = 0; i < scenario.lines.size(); ++i) {
    const Line& line = scenario.lines[i];
    const Row row = row_of(played.one_pass[i]);
    const auto found = differences(line, line.one_pass, row, exchanged(true));
    if (!found.empty()) ADD_FAILURE() << report(scenario, line, "one pass", found, row);
  }
}

void ScenarioTest::check_two_passes() {
  for (std::size_t i = 0; i < scenario.lines.size(); ++i) {
    const Line& line = scenario.lines[i];
    const Row row = row_of(played.two_passes[i]);
    auto found = differences(line, line.two_pass, row, exchanged(false));
    if (!exchanged(false)) {
      const auto said = said_differences(line, row);
      found.insert(found.end(), said.begin(), said.end());
    }
    if (line.two_pass.tracked && row.role_basis != scenario.role_basis)
      found.push_back("role basis: expected " + scenario.role_basis + ", got " + row.role_basis);
    if (!found.empty()) ADD_FAILURE() << report(scenario, line, "two passes", found, row);
  }
}

void ScenarioTest::check_links() {
  std::map<std::uint32_t, StepFrames> frames;  // by connection
  for (std::size_t i = 0; i < scenario.lines.size(); ++i)
    for (const StepWord& step : scenario.lines[i].two_pass.steps)
      if (!step.again)
        frames[scenario.lines[i].two_pass.connection].try_emplace(
            step.word, static_cast<std::uint32_t>(i + 1));
  for (std::size_t i = 0; i < scenario.lines.size(); ++i) {
    const Line& line = scenario.lines[i];
    if (!line.two_pass.tracked) continue;
    const std::string wrong =
        frame_differences(played.two_passes[i], frames[line.two_pass.connection]);
    if (!wrong.empty()) ADD_FAILURE() << scenario.name << ".tw:" << line.number << "\n" << wrong;
  }
}

void ScenarioTest::check_outcomes() {
  for (const ExpectedOutcome& outcome : scenario.outcomes) {
    const Annotation* last = nullptr;
    for (const Annotation& a : played.two_passes)
      if (a.tracked && a.connection == outcome.connection) last = &a;
    ASSERT_NE(last, nullptr) << "no connection " << outcome.connection;
    for (const std::string& difference :
         outcome_differences(outcome, row_of(*last), exchanged(false)))
      ADD_FAILURE() << scenario.name << ".tw:" << outcome.number << ": " << difference;
  }
}

TEST_P(ScenarioTest, SaysWhatTheScriptSays) {
  check_one_pass();
  check_two_passes();
  check_links();
  check_outcomes();
}

INSTANTIATE_TEST_SUITE_P(Scripts, ScenarioTest, testing::ValuesIn(all_cases()),
                         [](const auto& test) { return case_name(test.param); });

}  // namespace
}  // namespace tcpwave::scenario
