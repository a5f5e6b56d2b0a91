// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdexcept>

#include "tcpwave/catalogue.h"
#include "tools/docs/example.h"
#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace tcpwave::docs {
namespace {

constexpr std::string_view kBegin = "<!-- script ";
constexpr std::string_view kBeginEnd = " -->";
constexpr std::string_view kEnd = "<!-- end -->";

/// The findings in words, and how each connection ended.
std::string said(const Example& example) {
  std::string text;
  for (const Remark& remark : example.remarks) {
    const FindingInfo& finding = info(remark.finding);
    text += "- frame " + std::to_string(remark.frame) + ", " + std::string(name(finding.severity)) +
            " " + code(finding.id) + ": " + remark.text + "\n";
  }
  for (const auto& [connection, outcome] : example.outcomes)
    text += example.outcomes.size() == 1
                ? "- outcome: " + outcome + "\n"
                : "- outcome of connection " + std::to_string(connection) + ": " + outcome + "\n";
  return text;
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
