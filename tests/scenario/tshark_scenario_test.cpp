// Every script's capture through the real tshark with the plugin: the fields say what the script
// expects, in one pass and in two.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "scenario/row.h"
#include "scenario/scenario.h"
#include "scenario/tshark_rows.h"

namespace tcpwave::scenario {
namespace {

class TsharkScenarioTest : public testing::TestWithParam<std::filesystem::path> {
 protected:
  Scenario scenario = read_scenario(GetParam());

  [[nodiscard]] std::vector<Row> rows(bool two_passes) const {
    return tshark_rows(TCPWAVE_TSHARK,
                       std::filesystem::path(TCPWAVE_CAPTURES) / (scenario.name + ".pcapng"),
                       two_passes);
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

TEST_P(TsharkScenarioTest, SaysWhatTheScriptSaysInOnePass) {
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

INSTANTIATE_TEST_SUITE_P(Captures, TsharkScenarioTest,
                         testing::ValuesIn(scenario_files(TCPWAVE_SOURCE_DIR "/tests/scenarios")),
                         [](const auto& test) {
                           return test.param.parent_path().filename().string() + "_" +
                                  test.param.stem().string();
                         });

}  // namespace
}  // namespace tcpwave::scenario
