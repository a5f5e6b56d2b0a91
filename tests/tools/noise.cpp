// What is warned of on ordinary connections: each such finding is right about its capture, or noise.
//
//   noise [--brief] CAPTURE|FOLDER ...
//
// An ordinary connection has no RST and was answered. Prints every finding above Note on one, with the whole
// capture in view (--brief: only how many there are of each), and how many those are per 1,000 of the segments of
// ordinary connections. Captures that libpcap cannot read are counted.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/tracker.h"
#include "tools/capture.h"

namespace {

namespace fs = std::filesystem;
using namespace tcpwave;

class Noise {
 public:
  explicit Noise(bool brief) : brief_(brief) {}

  void add(const fs::path& file) {
    const std::optional<std::vector<Segment>> segments = read(file);
    if (!segments) {
      ++unreadable_;
      return;
    }
    ++captures_;
    Tracker tracker;
    for (const Segment& segment : *segments) tracker.observe(segment);
    for (std::uint32_t c = 0; c < tracker.connections(); ++c) add(file, tracker, c);
  }

  void print() const {
    std::printf("%zu captures (%zu not readable), %zu segments of %zu ordinary connections\n",
                captures_, unreadable_, segments_, connections_);
    for (const auto& [id, count] : counts_)
      std::printf("%-24s %6zu on %5zu connections, %7.3f per 1000 segments\n", id.c_str(), count,
                  on_.at(id), 1000.0 * static_cast<double>(count) / static_cast<double>(segments_));
  }

 private:
  static std::optional<std::vector<Segment>> read(const fs::path& file) {
    try {
      return tools::read_capture(file);
    } catch (const std::runtime_error&) {
      return std::nullopt;
    }
  }

  void add(const fs::path& file, const Tracker& tracker, std::uint32_t connection) {
    std::vector<Annotation> rows;
    for (std::uint32_t n = 0; n < tracker.segments_of(connection); ++n)
      rows.push_back(tracker.annotate(tracker.segment_of(connection, n), Known::Final));
    const Outcome outcome = rows.back().outcome;
    const bool answered = outcome != Outcome::Refused && outcome != Outcome::Unanswered;
    const bool reset =
        std::any_of(rows.begin(), rows.end(), [](const Annotation& a) { return a.rst; });
    if (!answered || reset) return;
    ++connections_;
    segments_ += rows.size();
    std::set<std::string> here;
    for (std::uint32_t n = 0; n < rows.size(); ++n) {
      for (const FindingHit& hit : rows[n].findings) {
        const FindingInfo& found = info(hit.finding);
        if (found.severity < Severity::Warn) continue;
        ++counts_[found.id];
        if (here.insert(found.id).second) ++on_[found.id];
        if (brief_) continue;
        const std::uint32_t frame = tracker.captured(tracker.segment_of(connection, n)).frame;
        std::printf("%s: connection %u, frame %u: %s: %s\n", file.c_str(), connection, frame,
                    found.id, finding_text(rows[n], hit).c_str());
      }
    }
  }

  bool brief_;
  std::size_t captures_ = 0, unreadable_ = 0, connections_ = 0, segments_ = 0;
  std::map<std::string, std::size_t> counts_, on_;  ///< by finding: how many, and on how many
};

bool is_capture(const fs::path& file) {
  constexpr std::array kEndings{".pcap", ".pcapng", ".cap", ".trace"};
  return std::find(kEndings.begin(), kEndings.end(), file.extension().string()) != kEndings.end();
}

std::vector<fs::path> captures_in(const fs::path& place) {
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(place))
    if (entry.is_regular_file() && is_capture(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string_view> words(argv + 1, argv + argc);
  const bool brief = std::erase(words, "--brief") > 0;
  if (words.empty()) {
    std::fputs("usage: noise [--brief] CAPTURE|FOLDER ...\n", stderr);
    return 2;
  }
  try {
    Noise noise(brief);
    for (const std::string_view place : words)
      for (const fs::path& file : captures_in(place)) noise.add(file);
    noise.print();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "noise: %s\n", e.what());
    return 1;
  }
}
