// Every script's capture through the real tshark with the plugin: the fields say what the script
// expects, in two passes, and in one where that says anything else.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scenario/row.h"
#include "scenario/scenario.h"
#include "scenario/tshark_rows.h"

namespace tcpwave::scenario {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> scripts() { return scenario_files(TCPWAVE_SOURCE_DIR "/tests/scenarios"); }

/// Those whose first pass says something else.
std::vector<fs::path> scripts_of_one_pass() {
  std::vector<fs::path> found = scripts();
  std::erase_if(found, [](const fs::path& file) {
    const std::vector<Line> lines = read_scenario(file).lines;
    return std::all_of(lines.begin(), lines.end(),
                       [](const Line& line) { return line.one_pass == line.two_pass; });
  });
  return found;
}

fs::path capture_of(const fs::path& script) {
  return fs::path(TCPWAVE_CAPTURES) / script.stem().concat(".pcapng");
}

class TsharkScenarioTest : public testing::TestWithParam<fs::path> {
 protected:
  Scenario scenario = read_scenario(GetParam());

  /// tshark is asked for all scripts of the group when the first of them is looked at.
  [[nodiscard]] std::vector<Row> rows(bool two_passes) const {
    static std::map<std::pair<fs::path, bool>, std::map<fs::path, std::vector<Row>>> asked;
    const fs::path group = GetParam().parent_path();
    auto& rows = asked[{group, two_passes}];
    if (rows.empty()) {
      std::vector<fs::path> captures;
      for (const fs::path& script : two_passes ? scripts() : scripts_of_one_pass())
        if (script.parent_path() == group) captures.push_back(capture_of(script));
      rows = tshark_rows(TCPWAVE_TSHARK, TCPWAVE_MANY, captures, two_passes);
    }
    return rows.at(capture_of(GetParam()));
  }
  void check_outcomes(const std::vector<Row>& rows) const;
};

void TsharkScenarioTest::check_outcomes(const std::vector<Row>& rows) const {
  for (const ExpectedOutcome& outcome : scenario.outcomes) {
    const Row* last = nullptr;
    for (const Row& row : rows)
      if (row.tracked && row.connection == outcome.connection) last = &row;
    ASSERT_NE(last, nullptr) << "no connection " << outcome.connection;
    for (const std::string& difference : outcome_differences(outcome, *last, false))
      ADD_FAILURE() << scenario.name << ".tw:" << outcome.number << ": " << difference;
  }
}

class TsharkOnePassTest : public TsharkScenarioTest {};

TEST_P(TsharkOnePassTest, SaysWhatTheScriptSaysInOnePass) {
  const std::vector<Row> actual = rows(false);
  ASSERT_EQ(actual.size(), scenario.lines.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const Line& line = scenario.lines[i];
    const auto found = differences(line, line.one_pass, actual[i], false);
    if (!found.empty()) ADD_FAILURE() << report(scenario, line, "tshark", found, actual[i]);
  }
}

TEST_P(TsharkScenarioTest, SaysWhatTheScriptSaysInTwoPasses) {
  const std::vector<Row> actual = rows(true);
  ASSERT_EQ(actual.size(), scenario.lines.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    Line line = scenario.lines[i];
    std::erase_if(line.said, [](const std::string& said) {  // the others have no field
      return !said.starts_with("rule ") && !said.starts_with("waiting ");
    });
    auto found = differences(line, line.two_pass, actual[i], false);
    const auto said = said_differences(line, actual[i]);
    found.insert(found.end(), said.begin(), said.end());
    if (!found.empty()) ADD_FAILURE() << report(scenario, line, "tshark -2", found, actual[i]);
  }
  check_outcomes(actual);
}

std::string name_of(const testing::TestParamInfo<fs::path>& test) {
  return test.param.parent_path().filename().string() + "_" + test.param.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Captures, TsharkScenarioTest, testing::ValuesIn(scripts()), name_of);
INSTANTIATE_TEST_SUITE_P(Captures, TsharkOnePassTest, testing::ValuesIn(scripts_of_one_pass()),
                         name_of);

}  // namespace
}  // namespace tcpwave::scenario
