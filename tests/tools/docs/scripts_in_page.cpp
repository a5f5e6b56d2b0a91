// SPDX-License-Identifier: GPL-2.0-or-later
#include <map>
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
  std::map<std::uint32_t, std::string> outcomes;
  for (std::size_t i = 0; i < example.annotations.size(); ++i) {
    const Annotation& a = example.annotations[i];
    for (const FindingHit& hit : a.findings)
      text += "- frame " + std::to_string(i + 1) + ", " +
              std::string(name(info(hit.finding).severity)) + " " + code(info(hit.finding).id) +
              ": " + std::string(finding_text(a, hit).view()) + "\n";
    if (!a.tracked) continue;
    std::string& outcome = outcomes[a.connection];
    outcome = code(name(a.outcome));
    if (a.outcome_kind != OutcomeKind::None) outcome += " " + code(name(a.outcome_kind));
    if (a.reset_by != ResetBy::None) outcome += " by " + code(name(a.reset_by));
  }
  for (const auto& [connection, outcome] : outcomes)
    text += outcomes.size() == 1
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
