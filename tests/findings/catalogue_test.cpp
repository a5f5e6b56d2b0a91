// The table of findings against the scripts: every row is shown by its script and has a near miss that
// does not raise it; every script's finding has a row.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

/// What GoogleTest prints of a row that fails.
void PrintTo(const FindingInfo& row, std::ostream* out) { *out << row.id; }

namespace {

namespace fs = std::filesystem;

const fs::path kScripts = TCPWAVE_SOURCE_DIR "/tests/scenarios";

class CatalogueRow : public testing::TestWithParam<FindingInfo> {};

std::set<Finding> raised_by(const scenario::Scenario& script) {
  Tracker tracker;
  std::set<Finding> raised;
  for (const scenario::Frame& frame : scenario::play_frames(script, {})) {
    if (!frame.error) {
      tracker.observe(frame.segment);
    } else if (const auto told = tracker.observe_unreachable(*frame.error)) {
      raised.insert(told->finding.finding);
    }
  }
  for (SegmentId id = 0; id < tracker.segments(); ++id)
    for (const FindingHit& hit : tracker.annotate(id, Known::Final).findings)
      raised.insert(hit.finding);
  return raised;
}

TEST_P(CatalogueRow, ItsScriptExpectsAndRaisesIt) {
  const FindingInfo& row = GetParam();
  const fs::path script = kScripts / row.scenario;
  ASSERT_TRUE(fs::exists(script)) << row.scenario;
  EXPECT_EQ(script.parent_path().filename(), name(row.group));
  const scenario::Scenario read = scenario::read_scenario(script);
  const auto& lines = read.lines;
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(),
                          [&](const scenario::Line& line) {
                            return std::count(line.two_pass.findings.begin(),
                                              line.two_pass.findings.end(), row.id) > 0;
                          }))
      << row.scenario << " does not expect it";
  EXPECT_TRUE(raised_by(read).contains(row.finding)) << row.scenario << " does not raise it";
}

/// What a script's comment calls it a near miss of: "Near miss of one and another: ...".
std::set<std::string> near_miss_of(const std::string& description) {
  constexpr std::string_view kWords = "ear miss of ";
  std::set<std::string> ids;
  for (auto at = description.find(kWords); at != std::string::npos;
       at = description.find(kWords, at + 1)) {
    const auto from = at + kWords.size();
    std::string names = description.substr(from, description.find_first_of(".:", from) - from);
    std::replace(names.begin(), names.end(), ',', ' ');
    std::istringstream in(names);
    for (std::string word; in >> word;) ids.insert(word);
  }
  return ids;
}

// One as close as possible must not raise it.
TEST_P(CatalogueRow, HasANearMissThatDoesNotRaiseIt) {
  const FindingInfo& row = GetParam();
  if (row.finding == Finding::EphemeralPortsLow) return;  // the next test
  int scripts = 0;
  for (const fs::path& file : scenario::scenario_files(kScripts)) {
    if (!near_miss_of(scenario::read_scenario(file).description).contains(row.id)) continue;
    ++scripts;
    EXPECT_FALSE(raised_by(scenario::read_scenario(file)).contains(row.finding)) << file;
  }
  EXPECT_GT(scripts, 0) << "no script begins with `Near miss of " << row.id << ": ...`";
}

// Its near miss is not committed: it would be as large as its script's capture.
TEST(Catalogue, EphemeralPortsAreNotLowWithOneLess) {
  std::ifstream in(kScripts / info(Finding::EphemeralPortsLow).scenario);
  std::stringstream text;
  text << in.rdbuf();
  std::string script = text.str();
  const std::string_view repeat = "repeat 19899";
  ASSERT_NE(script.find(repeat), std::string::npos);
  script.replace(script.find(repeat), repeat.size(), "repeat 19898");
  EXPECT_FALSE(
      raised_by(scenario::parse_scenario(script, "one_less")).contains(Finding::EphemeralPortsLow));
}

// The text is one line with known placeholders; the explanation is sentences.
TEST_P(CatalogueRow, IsWellWritten) {
  const FindingInfo& row = GetParam();
  std::string text = row.english.text;
  for (const std::string_view placeholder :
       {"{1}", "{2}", "{3}", "{4}", "{sender}", "{receiver}", "{fault}"})
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
      text.erase(at, placeholder.size());
  EXPECT_EQ(text.find_first_of("{}\n"), std::string::npos) << row.english.text;
  const std::string_view explanation = row.english.explanation;
  EXPECT_TRUE(explanation.ends_with('.')) << explanation;
  EXPECT_NE(row.reference.rfc, 0);
  EXPECT_NE(std::string_view(row.reference.section), "");
}

INSTANTIATE_TEST_SUITE_P(Findings, CatalogueRow, testing::ValuesIn(kCatalogue),
                         [](const auto& test) { return std::string(test.param.id); });

TEST(Catalogue, EveryFindingThatAScriptNamesHasARow) {
  std::set<std::string_view> ids{"*"};
  for (const FindingInfo& row : kCatalogue) ids.insert(row.id);
  for (const fs::path& file : scenario::scenario_files(kScripts))
    for (const scenario::Line& line : scenario::read_scenario(file).lines)
      for (const auto* expected : {&line.one_pass, &line.two_pass})
        for (const std::string& id : expected->findings)
          EXPECT_TRUE(ids.contains(id)) << file << ":" << line.number << ": " << id;
}

// What an ordinary open, close, loss or reordering produces is Chat or Note (spec section 5).
TEST(Catalogue, OrdinaryTrafficIsNotWarnedOf) {
  for (const char* id : {"close_initiated", "close_three_segment", "close_simultaneous",
                         "syn_repeated", "fin_repeated", "synack_repeated", "half_close"}) {
    const auto* const row = std::find_if(kCatalogue.begin(), kCatalogue.end(), [&](const auto& r) {
      return std::string_view(r.id) == id;
    });
    ASSERT_NE(row, kCatalogue.end()) << id;
    EXPECT_TRUE(row->severity == Severity::Chat || row->severity == Severity::Note) << id;
  }
}

}  // namespace
}  // namespace tcpwave
