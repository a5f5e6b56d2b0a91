// "What does tcpwave say when ..." has every case: each finding, outcome, kind of outcome, state and step, first
// and repeated. What docgen wrote there counts, not the prose: a case is covered where a script shows it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/state.h"

namespace tcpwave {
namespace {

/// The pages of all groups.
std::vector<std::string> page() {
  std::vector<std::string> lines;
  for (const auto& file :
       std::filesystem::directory_iterator(TCPWAVE_SOURCE_DIR "/plugin/docs/when")) {
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) lines.push_back(line);
  }
  EXPECT_FALSE(lines.empty());
  return lines;
}

/// Whether a line that begins so has the words, as code.
bool has(const std::vector<std::string>& lines, std::string_view begin, std::string_view words) {
  const std::string wanted = "`" + std::string(words) + "`";
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.starts_with(begin) && line.find(wanted) != std::string::npos;
  });
}

/// The steps that a script's line expects: behind its second bar.
bool has_step(const std::vector<std::string>& lines, const std::string& step, bool again) {
  const std::regex wanted(R"(\|[^|]*\|[^|!]*\b)" + step + (again ? " again\\b" : "(?! again)\\b"));
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.starts_with("+") && std::regex_search(line, wanted);
  });
}

TEST(WhenPage, HasEveryFinding) {
  const auto lines = page();
  for (const FindingInfo& finding : kCatalogue)
    EXPECT_TRUE(has(lines, "- frame ", finding.id))
        << finding.id
        << " has no case in plugin/docs/when/, or its script was not put in: build the target docs";
}

TEST(WhenPage, HasEveryOutcome) {
  const auto lines = page();
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    EXPECT_TRUE(has(lines, "- outcome", name(outcome))) << name(outcome);
  }
}

TEST(WhenPage, HasEveryKindOfOutcome) {
  const auto lines = page();
  for (std::size_t i = 1; i < kOutcomeKinds; ++i) {
    const auto kind = static_cast<OutcomeKind>(i);
    EXPECT_TRUE(has(lines, "- outcome", name(kind))) << name(kind);
  }
}

TEST(WhenPage, HasEveryStepOnceAndAgain) {
  const auto lines = page();
  for (const char* step : {"h1", "h2", "h3", "w1", "w2", "w3", "w4"})
    for (const bool again : {false, true})
      EXPECT_TRUE(has_step(lines, step, again)) << step << (again ? " again" : "");
}

TEST(WhenPage, HasEveryState) {
  const auto lines = page();
  for (std::size_t i = 1; i < kStates; ++i) {  // but UNKNOWN
    const std::string state(name(static_cast<State>(i)));
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.starts_with("+") && line.find(state) != std::string::npos;
    })) << state;
  }
}

TEST(WhenPage, NamesACaptureForEveryCase) {
  const auto lines = page();
  const auto count = [&](std::string_view begin) {
    return std::count_if(lines.begin(), lines.end(),
                         [&](const std::string& line) { return line.starts_with(begin); });
  };
  EXPECT_GT(count("## "), 60);
  EXPECT_EQ(count("## "), count("Capture: "));
  EXPECT_LE(count("## "), count("<!-- script "));
}

// docgen makes the list in front of the pages that it is told of: a page that it does not know has none.
TEST(WhenPage, ListsEveryPage) {
  std::ifstream in(TCPWAVE_SOURCE_DIR "/plugin/docs/when.md");
  const std::string list{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  for (const auto& file :
       std::filesystem::directory_iterator(TCPWAVE_SOURCE_DIR "/plugin/docs/when"))
    EXPECT_NE(list.find("<!-- cases " + file.path().stem().string() + " -->"), std::string::npos)
        << file.path();
}

}  // namespace
}  // namespace tcpwave
