// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/docs/example.h"

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"
#include "tools/docs/markdown.h"

namespace tcpwave::docs {

namespace fs = std::filesystem;

Example play_example(const fs::path& project, std::string_view script) {
  const fs::path file = project / "tests/scenarios" / script;
  Example example;
  for (const std::string& line : lines_of(read_file(file)))
    if (!line.starts_with("# SPDX")) example.script += line + "\n";
  Tracker tracker;
  for (const Segment& s : scenario::play(scenario::read_scenario(file), scenario::Variant{}))
    tracker.observe(s);
  for (SegmentId id = 0; id < tracker.segments(); ++id)
    example.annotations.push_back(tracker.annotate(id, Known::Final));
  return example;
}

std::string capture_link(std::string_view script) {
  const std::string name = fs::path(script).stem().string() + ".pcapng";
  return link(name, "../../captures/" + name);
}

}  // namespace tcpwave::docs
