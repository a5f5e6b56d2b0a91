// What is said of the RSTs of a capture, with the whole of it in view: a line for each, tabs between.
//
//   resets [--text] CAPTURE ...
//
// The columns: frame, connection, findings, outcome, reset_by, reset_cause, reset_confidence, the
// client's and the server's state before, role basis; names as the fields `tcpwave.*` have them. With
// --text the texts of its findings follow, one a line.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "tcpwave/catalogue.h"
#include "tcpwave/tracker.h"
#include "tools/capture.h"

namespace {

using namespace tcpwave;

std::string findings(const Annotation& a) {
  std::string all;
  for (const FindingHit& hit : a.findings)
    all += (all.empty() ? "" : ",") + std::string(info(hit.finding).id);
  return all;
}

void print(std::uint32_t frame, const Annotation& a, bool text) {
  const std::string cause = a.reset_cause ? info(*a.reset_cause).id : "";
  std::printf(
      "%u\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", frame,
      a.tracked ? std::to_string(a.connection).c_str() : "", findings(a).c_str(),
      std::string(name(a.outcome)).c_str(), std::string(name(a.reset_by)).c_str(), cause.c_str(),
      std::string(name(a.reset_confidence)).c_str(), std::string(name(a.client().before)).c_str(),
      std::string(name(a.server().before)).c_str(), std::string(name(a.role_basis)).c_str());
  if (!text) return;
  for (const FindingHit& hit : a.findings) std::printf("\t\t%s\n", finding_text(a, hit).c_str());
}

void report(const char* capture, bool text) {
  Tracker tracker;
  std::vector<std::uint32_t> frames;
  std::vector<SegmentId> resets;
  for (const Segment& segment : tools::read_capture(capture)) {
    const SegmentId id = tracker.observe(segment);
    if (!segment.flags.rst()) continue;
    frames.push_back(segment.frame);
    resets.push_back(id);
  }
  for (std::size_t i = 0; i < resets.size(); ++i)
    print(frames[i], tracker.annotate(resets[i], Known::Final), text);
}

}  // namespace

int main(int argc, char** argv) {
  bool text = false;
  try {
    for (int i = 1; i < argc; ++i) {
      if (std::strcmp(argv[i], "--text") == 0)
        text = true;
      else
        report(argv[i], text);
    }
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "resets: %s\n", e.what());
    return 1;
  }
}
