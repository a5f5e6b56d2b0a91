// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>

#include "tcpwave/catalogue.h"
#include "tools/docs/example.h"
#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace tcpwave::docs {
namespace {

constexpr std::string_view kBegin = "<!-- script ";
constexpr std::string_view kBeginEnd = " -->";
constexpr std::string_view kEnd = "<!-- end -->";

constexpr std::size_t kShown = 3;  ///< of the same finding, before the rest is only counted

std::string remark_line(const Remark& remark) {
  const FindingInfo& finding = info(remark.finding);
  return "- frame " + std::to_string(remark.frame) + ", " + std::string(name(finding.severity)) +
         " " + code(finding.id) + ": " + remark.text + "\n";
}

/// How each connection ended; of many, how many ended so.
std::string ends_of(const Example& example) {
  if (example.outcomes.size() == 1) return "- outcome: " + example.outcomes.begin()->second + "\n";
  std::string text;
  std::map<std::string, std::size_t> counts;
  for (const auto& [connection, outcome] : example.outcomes) {
    if (example.outcomes.size() <= kShown)
      text += "- outcome of connection " + std::to_string(connection) + ": " + outcome + "\n";
    ++counts[outcome];
  }
  if (example.outcomes.size() <= kShown) return text;
  for (const auto& [outcome, count] : counts)
    text += "- outcome of " + std::to_string(count) + " connection" + (count == 1 ? "" : "s") +
            ": " + outcome + "\n";
  return text;
}

/// The findings in words, and the ends.
std::string said(const Example& example) {
  std::string text;
  std::map<Finding, std::size_t> counts;
  for (const Remark& remark : example.remarks) ++counts[remark.finding];
  std::map<Finding, std::size_t> shown;
  for (const Remark& remark : example.remarks) {
    const std::size_t before = shown[remark.finding]++;
    const std::size_t all = counts[remark.finding];
    if (all <= kShown + 1 || before < kShown) text += remark_line(remark);
    if (all > kShown + 1 && before == kShown)
      text +=
          "- " + std::to_string(all - kShown) + " more of " + code(info(remark.finding).id) + "\n";
  }
  return text + ends_of(example);
}

std::string block(const std::filesystem::path& project, const std::string& script) {
  const Example example = play_example(project, script + ".tw");
  return "```tcpwave\n" + example.script + "```\n\n" + said(example);
}

}  // namespace

std::string with_scripts(const std::filesystem::path& project, const std::string& page) {
  std::string text;
  bool inside = false;
  for (const std::string& line : lines_of(page)) {
    if (inside && line != kEnd) continue;
    inside = false;
    text += line + "\n";
    if (!line.starts_with(kBegin) || !line.ends_with(kBeginEnd)) continue;
    inside = true;
    const std::size_t length = line.size() - kBegin.size() - kBeginEnd.size();
    text += block(project, line.substr(kBegin.size(), length));
  }
  if (inside) throw std::runtime_error("a script's block without " + std::string(kEnd));
  return text;
}

}  // namespace tcpwave::docs
