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

constexpr std::string_view kScript = "<!-- script ";
constexpr std::string_view kCases = "<!-- cases ";
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

/// As GitHub names a heading: lower case, blanks to hyphens, other signs dropped.
std::string anchor(std::string_view heading) {
  std::string text;
  for (const char c : heading) {
    if (c >= 'A' && c <= 'Z')
      text += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')
      text += c;
    else if (c == ' ')
      text += '-';
  }
  return text;
}

/// The cases of a group's page: its headings of the second level, linked.
std::string cases(const std::filesystem::path& project, const std::string& group) {
  constexpr std::string_view kHeading = "## ";
  std::string text;
  for (const std::string& line :
       lines_of(read_file(project / "plugin/docs/when" / (group + ".md"))))
    if (line.starts_with(kHeading)) {
      const std::string title = line.substr(kHeading.size());
      text += "- " + link(title, "when/" + group + ".md#" + anchor(title)) + "\n";
    }
  return text;
}

/// What a line says between `begin` and the end of the comment; nothing where it does not begin so.
std::string named(std::string_view line, std::string_view begin) {
  if (!line.starts_with(begin) || !line.ends_with(kBeginEnd)) return {};
  return std::string(line.substr(begin.size(), line.size() - begin.size() - kBeginEnd.size()));
}

}  // namespace

std::string with_scripts(const std::filesystem::path& project, const std::string& page) {
  std::string text;
  bool inside = false;
  for (const std::string& line : lines_of(page)) {
    if (inside && line != kEnd) continue;
    inside = false;
    text += line + "\n";
    if (const std::string script = named(line, kScript); !script.empty()) {
      inside = true;
      text += block(project, script);
    } else if (const std::string group = named(line, kCases); !group.empty()) {
      inside = true;
      text += cases(project, group);
    }
  }
  if (inside) throw std::runtime_error("a block without " + std::string(kEnd));
  return text;
}

}  // namespace tcpwave::docs
