// SPDX-License-Identifier: GPL-2.0-or-later
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tcpwave/catalogue.h"
#include "tools/docs/example.h"
#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace tcpwave::docs {
namespace {

std::string reference(const Reference& r) {
  std::string text = "RFC " + std::to_string(r.rfc) + " section " + r.section;
  if (*r.requirement != '\0') text += ", " + std::string(r.requirement);
  return text;
}

/// Where the finding's script shows it, and in which words.
std::string shown(const FindingInfo& finding, const Example& example) {
  std::vector<std::string> frames;
  std::string words;
  for (const Remark& remark : example.remarks) {
    if (remark.finding != finding.finding) continue;
    if (frames.empty()) words = remark.text;
    frames.push_back(std::to_string(remark.frame));
  }
  std::string text = "Shown in " + capture_link(finding.scenario);
  if (!frames.empty())
    text += (frames.size() == 1 ? ", frame " : ", frames ") + joined(frames, ", ") + ": \"" +
            words + "\"";
  return text + "\n(" + link("script", std::string("../../tests/scenarios/") + finding.scenario) +
         ").\n";
}

/// How often the cause was right against the kernels' own reasons, from the table that the test writes.
std::string measured(const std::vector<std::string>& table, const FindingInfo& finding) {
  const std::string begin = "| `" + std::string(finding.id) + "` | ";
  for (const std::string& line : table) {
    if (!line.starts_with(begin)) continue;
    std::istringstream cells(line.substr(begin.size()));
    std::string all, right, near, bar;
    cells >> all >> bar >> right >> bar >> near;
    return "Against the kernel's own reasons (" +
           link("captures/causes", "../../captures/causes/README.md") + "): right for " + right +
           " of " + all + " RSTs, near for " + near + ".\n\n";
  }
  return "";
}

}  // namespace

std::string findings_page(const std::filesystem::path& project) {
  std::string text =
      "# Findings\n\n" + made_from("src/tcpwave/findings/GROUP.h and tests/scenarios");
  text +=
      "What tcpwave reports about a segment. `tcpwave.finding == \"syn_repeated\"` finds the "
      "segments, and so does\nthe expert item's own field, `tcpwave.finding.syn_repeated`. The "
      "severity is Wireshark's: Chat and Note are\nwhat ordinary loss, an ordinary open or close "
      "produces; Warn and Error are for what somebody should look at.\n\n"
      "In the texts, `{1}` to `{4}` stand for numbers of the segment, `{sender}` and `{receiver}` "
      "for client or\nserver, `{fault}` for the number that is not acceptable and why. Each "
      "finding names a capture of this repository that shows it and "
      "the "
      "frames to look at; what other\ntools call it stands in "
      "[peers-findings.md](peers-findings.md)."
      "\n\n";
  text += heading({"finding", "severity", "group", "says"});
  for (const FindingInfo& f : kCatalogue)
    text += row({link(f.id, std::string("#") + f.id), std::string(name(f.severity)),
                 std::string(name(f.group)), f.english.text});
  const std::vector<std::string> causes =
      lines_of(read_file(project / "captures/causes/README.md"));
  std::optional<Group> group;
  for (const FindingInfo& f : kCatalogue) {
    if (group != f.group) text += "\n## Group: " + std::string(name(f.group)) + "\n";
    group = f.group;
    text += "\n### " + std::string(f.id) + "\n\n";
    text += std::string(name(f.severity)) + " · " + reference(f.reference) + "\n\n";
    text +=
        "> " + std::string(f.english.text) + "\n\n" + std::string(f.english.explanation) + "\n\n";
    text += measured(causes, f);
    const bool has_script = std::filesystem::exists(project / "tests/scenarios" / f.scenario);
    text += has_script ? shown(f, play_example(project, f.scenario)) : "No script shows it yet.\n";
  }
  return text;
}

}  // namespace tcpwave::docs
