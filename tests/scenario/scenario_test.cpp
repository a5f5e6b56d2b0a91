// Every script in every variant: the engine says what the script expects, in one pass and in two.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "scenario/document.h"
#include "scenario/packet.h"
#include "scenario/row.h"
#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/parse.h"
#include "tcpwave/tracker.h"

namespace tcpwave::scenario {
namespace {

struct Case {
  std::shared_ptr<const Scenario> scenario;
  Variant variant;
};

std::string case_name(const Case& c) {
  return c.scenario->group + "_" + c.scenario->name + "__" + c.variant.name;
}
void PrintTo(const Case& c, std::ostream* out) { *out << case_name(c); }

struct Scripts {
  std::vector<Scenario> read;
  std::vector<std::string> not_read;  ///< what is wrong, and where
};

// The scripts, and those in the documents.
Scripts all_scripts() {
  Scripts scripts;
  const auto read = [&](auto&& some) {
    try {
      some();
    } catch (const std::exception& e) {
      scripts.not_read.emplace_back(e.what());
    }
  };
  for (const auto& file : scenario_files(TCPWAVE_SOURCE_DIR "/tests/scenarios"))
    read([&] { scripts.read.push_back(read_scenario(file)); });
  for (const auto& file : documents(TCPWAVE_SOURCE_DIR))
    read([&] {
      for (Scenario& scenario : scenarios_in_document(file)) scripts.read.push_back(scenario);
    });
  return scripts;
}

std::vector<Case> all_cases() {
  Scripts scripts = all_scripts();
  std::vector<Case> cases;
  for (Scenario& scenario : scripts.read) {
    const auto shared = std::make_shared<const Scenario>(std::move(scenario));
    for (const Variant& variant : variants_of(*shared)) cases.push_back({shared, variant});
  }
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

// What was said, by frame. An ICMP error has findings and nothing else.
struct Played {
  std::vector<Row> one_pass, two_passes;
  std::vector<std::optional<Annotation>> final;
};

Row row_of(const std::optional<UnreachableSyn>& told) {
  Row row;
  if (told) row.findings = {info(told->finding.finding).id};
  return row;
}

Played run(const Scenario& scenario, const Variant& variant) {
  Tracker tracker;
  Played played;
  std::vector<std::optional<SegmentId>> ids;
  for (const Frame& frame : play_frames(scenario, variant)) {
    if (frame.error) {
      ids.emplace_back();
      played.one_pass.push_back(row_of(tracker.observe_unreachable(*frame.error)));
      continue;
    }
    ids.emplace_back(tracker.observe(through_bytes(frame.segment)));
    played.one_pass.push_back(scenario::row_of(tracker.annotate(*ids.back())));
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::optional<Annotation> a;
    if (ids[i]) a = tracker.annotate(*ids[i], Known::Final);
    played.two_passes.push_back(a ? scenario::row_of(*a) : played.one_pass[i]);
    played.final.push_back(a);
  }
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
  const Scenario& scenario = *GetParam().scenario;
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
    const Row& row = played.one_pass[i];
    const auto found = differences(line, line.one_pass, row, exchanged(true));
    if (!found.empty()) ADD_FAILURE() << report(scenario, line, "one pass", found, row);
  }
}

void ScenarioTest::check_two_passes() {
  for (std::size_t i = 0; i < scenario.lines.size(); ++i) {
    const Line& line = scenario.lines[i];
    const Row& row = played.two_passes[i];
    auto found = differences(line, line.two_pass, row, exchanged(false));
    if (!exchanged(false)) {
      const auto said = said_differences(line, row);
      found.insert(found.end(), said.begin(), said.end());
    }
    if (line.two_pass.tracked && row.role_basis != line.role_basis)
      found.push_back("role basis: expected " + line.role_basis + ", got " + row.role_basis);
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
    const std::string wrong = frame_differences(*played.final[i], frames[line.two_pass.connection]);
    if (!wrong.empty()) ADD_FAILURE() << scenario.name << ".tw:" << line.number << "\n" << wrong;
  }
}

void ScenarioTest::check_outcomes() {
  for (const ExpectedOutcome& outcome : scenario.outcomes) {
    const Row* last = nullptr;
    for (const Row& row : played.two_passes)
      if (row.tracked && row.connection == outcome.connection) last = &row;
    ASSERT_NE(last, nullptr) << "no connection " << outcome.connection;
    for (const std::string& difference : outcome_differences(outcome, *last, exchanged(false)))
      ADD_FAILURE() << scenario.name << ".tw:" << outcome.number << ": " << difference;
  }
}

TEST(Scripts, AreAllRead) {
  for (const std::string& wrong : all_scripts().not_read) ADD_FAILURE() << wrong;
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
