// Writes the first inputs of both targets from the scripts: `fuzz_seeds SCRIPTS ENGINE PARSE`.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fuzz/events.h"
#include "scenario/packet.h"
#include "scenario/scenario.h"
#include "scenario/variant.h"

namespace tcpwave::fuzz {
namespace {

namespace fs = std::filesystem;
using Octets = std::vector<std::uint8_t>;

void write(const fs::path& file, const Octets& octets) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(octets.data()),
            static_cast<std::streamsize>(octets.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

/// Two segments of each script are enough for every option that any of them has.
void write_packets(const fs::path& folder, const std::string& name,
                   const std::vector<scenario::Frame>& frames) {
  constexpr std::size_t kEach = 2;
  constexpr std::uint8_t kTcp = 0, kIp = 1, kFrame = 2, kEthernet = 1;
  for (std::size_t i = 0; i < std::min(frames.size(), kEach); ++i) {
    const Segment& s = frames[i].segment;
    const Octets packet = scenario::ip_packet(s);
    const std::size_t ip = s.source.v6 ? 40 : 20, tcp = packet.size() - ip;
    const std::string stem = name + "-" + std::to_string(i);
    Octets octets{kTcp, static_cast<std::uint8_t>(tcp >> 8), static_cast<std::uint8_t>(tcp)};
    octets.insert(octets.end(), packet.begin() + static_cast<std::ptrdiff_t>(ip), packet.end());
    write(folder / (stem + "-tcp"), octets);
    octets = {kIp, 0, 0};
    octets.insert(octets.end(), packet.begin(), packet.end());
    write(folder / (stem + "-ip"), octets);
    const Octets frame = scenario::ethernet_frame(s);
    octets = {kFrame, kEthernet, 0};
    octets.insert(octets.end(), frame.begin(), frame.end());
    write(folder / (stem + "-frame"), octets);
  }
}

void write_seeds(const fs::path& scripts, const fs::path& engine, const fs::path& parse) {
  fs::create_directories(engine);
  fs::create_directories(parse);
  for (const fs::path& file : scenario::scenario_files(scripts)) {
    const scenario::Scenario script = scenario::read_scenario(file);
    const std::string name = script.group + "-" + script.name;
    for (const bool v6 : {false, true}) {
      scenario::Variant variant;
      variant.v6 = v6;
      const auto frames = scenario::play_frames(script, variant);
      if (!v6) write(engine / name, encode(frames));
      write_packets(parse, name + (v6 ? "-v6" : "-v4"), frames);
    }
  }
}

}  // namespace
}  // namespace tcpwave::fuzz

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: fuzz_seeds SCRIPTS ENGINE-FOLDER PARSE-FOLDER\n", stderr);
    return 2;
  }
  try {
    tcpwave::fuzz::write_seeds(argv[1], argv[2], argv[3]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fuzz_seeds: %s\n", e.what());
    return 1;
  }
  return 0;
}
