// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/docs/example.h"

#include <algorithm>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"
#include "tools/docs/markdown.h"

namespace tcpwave::docs {

namespace fs = std::filesystem;

namespace {

std::string outcome_of(const Annotation& a) {
  std::string text = code(name(a.outcome));
  if (a.outcome_kind != OutcomeKind::None) text += " " + code(name(a.outcome_kind));
  if (a.reset_by != ResetBy::None) text += " by " + code(name(a.reset_by));
  return text;
}

}  // namespace

Example play_example(const fs::path& project, std::string_view script) {
  const fs::path file = project / "tests/scenarios" / script;
  Example example;
  for (const std::string& line : lines_of(read_file(file)))
    if (!line.starts_with("# SPDX")) example.script += line + "\n";
  Tracker tracker;
  std::vector<std::uint32_t> frames;  // by SegmentId
  const auto remark = [&](std::uint32_t frame, const Annotation& a, const FindingHit& hit) {
    example.remarks.push_back({frame, hit.finding, std::string(finding_text(a, hit).view())});
  };
  std::uint32_t number = 0;
  for (const scenario::Frame& frame :
       scenario::play_frames(scenario::read_scenario(file), scenario::Variant{})) {
    ++number;
    if (!frame.error) {
      tracker.observe(frame.segment);
      frames.push_back(number);
    } else if (const auto told = tracker.observe_unreachable(*frame.error)) {
      remark(number, Annotation{}, told->finding);
    }
  }
  for (SegmentId id = 0; id < tracker.segments(); ++id) {
    const Annotation a = tracker.annotate(id, Known::Final);
    for (const FindingHit& hit : a.findings) remark(frames[id], a, hit);
    if (a.tracked) example.outcomes[a.connection] = outcome_of(a);
  }
  std::stable_sort(example.remarks.begin(), example.remarks.end(),
                   [](const Remark& a, const Remark& b) { return a.frame < b.frame; });
  return example;
}

std::string capture_link(std::string_view script) {
  const std::string name = fs::path(script).stem().string() + ".pcapng";
  return link(name, "../../captures/" + name);
}

}  // namespace tcpwave::docs
