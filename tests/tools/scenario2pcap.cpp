// Captures from scripts: captures/NAME.pcapng for each tests/scenarios/GROUP/NAME.tw, and the table of
// them in captures/README.md.
//
//   scenario2pcap SCENARIOS CAPTURES           writes what is missing or differs
//   scenario2pcap --check SCENARIOS CAPTURES   changes nothing; fails where something would be written
// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenario/packet.h"
#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tools/pcapng.h"

namespace {

namespace fs = std::filesystem;
using namespace tcpwave;
using namespace tcpwave::scenario;

/// The folders of the scripts: those of the findings.
constexpr std::array kGroups{"opening", "closing", "resets", "segments", "hosts"};

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string capture_name(const Scenario& s) { return s.name + ".pcapng"; }

// The capture as bytes, by way of a file next to where it belongs.
std::string capture_bytes(const Scenario& scenario, const fs::path& folder) {
  std::vector<tools::CapturedFrame> frames;
  for (const Frame& frame : play_frames(scenario, Variant{}))
    frames.push_back({frame.segment.time_ns,
                      frame.error ? icmp_frame(frame.segment, frame.error->type, frame.error->code)
                                  : ethernet_frame(frame.segment)});
  const fs::path file = folder / (capture_name(scenario) + ".tmp");
  tools::write_pcapng(
      file,
      "Written from tests/scenarios/" + scenario.group + "/" + scenario.name + ".tw of tcpwave",
      frames);
  std::string bytes = content(file);
  fs::remove(file);
  return bytes;
}

std::string findings_of(const Scenario& scenario) {
  std::set<std::string> found;
  for (const Line& line : scenario.lines)
    for (const std::string& finding : line.two_pass.findings)
      if (finding != "*") found.insert("`" + finding + "`");
  std::string text;
  for (const std::string& finding : found) text += (text.empty() ? "" : " ") + finding;
  return text;
}

std::string readme(const std::vector<Scenario>& scenarios) {
  std::string text =
      "# Captures\n\n"
      "Each `NAME.pcapng` here is written from `tests/scenarios/GROUP/NAME.tw`, which says beside "
      "each segment\nwhat tcpwave should say about it; `scenario2pcap tests/scenarios captures` "
      "writes them and this table,\nand a test holds them to the scripts. `kernel/` and `lwip/` "
      "have captures "
      "of\nreal systems; `lab/` makes new ones of the kernel that it runs on.\n";
  for (const char* group : kGroups) {
    text += std::string("\n## ") + group + "\n\n| capture | shows | findings |\n|---|---|---|\n";
    for (const Scenario& s : scenarios)
      if (s.group == group)
        text += "| `" + capture_name(s) + "` | " + s.description + " | " + findings_of(s) + " |\n";
  }
  return text;
}

// Everything that should be in the folder, by file name.
std::map<std::string, std::string> wanted_files(const fs::path& scripts, const fs::path& work) {
  std::map<std::string, std::string> files;
  std::vector<Scenario> scenarios;
  for (const fs::path& file : scenario_files(scripts)) {
    scenarios.push_back(read_scenario(file));
    const Scenario& s = scenarios.back();
    if (std::find(kGroups.begin(), kGroups.end(), s.group) == kGroups.end())
      throw std::runtime_error(file.string() + ": its folder is no group of findings");
    if (!files.emplace(capture_name(s), capture_bytes(s, work)).second)
      throw std::runtime_error(file.string() + ": another script has the same name");
  }
  files["README.md"] = readme(scenarios);
  return files;
}

int run(bool check, const fs::path& scripts, const fs::path& captures) {
  const fs::path work = fs::temp_directory_path() / ("tcpwave-" + std::to_string(getpid()));
  fs::create_directory(work);
  const auto files = wanted_files(scripts, work);
  fs::remove_all(work);

  int wrong = 0;
  for (const auto& [name, bytes] : files) {
    const fs::path file = captures / name;
    if (fs::exists(file) && content(file) == bytes) continue;
    ++wrong;
    std::printf("%s %s\n", check ? "differs from its script:" : "wrote", file.c_str());
    if (!check) std::ofstream(file, std::ios::binary) << bytes;
  }
  for (const auto& entry : fs::directory_iterator(captures))
    if (entry.path().extension() == ".pcapng" && !files.contains(entry.path().filename())) {
      ++wrong;
      std::printf("%s has no script\n", entry.path().c_str());
    }
  if (check && wrong > 0) std::puts("run: scenario2pcap tests/scenarios captures");
  return check && wrong > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool check = !words.empty() && words.front() == "--check";
  if (check) words.erase(words.begin());
  if (words.size() != 2) {
    std::fputs("usage: scenario2pcap [--check] SCENARIOS CAPTURES\n", stderr);
    return 2;
  }
  try {
    return run(check, words[0], words[1]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "scenario2pcap: %s\n", e.what());
    return 1;
  }
}
