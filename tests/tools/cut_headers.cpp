// What a snap length takes away must make tcpwave less sure, and nothing else.
//
//   cut_headers [--every] [--known LIST] FILE|FOLDER ...
//
// Each capture is read whole and again with its frames cut, as `editcap -s` does, at the lengths where the options
// of TCP end (54 to 96 bytes); --every takes all of them, else a sample that ends inside and behind each option.
// Of each segment the two answers with the whole capture in view are compared: no outcome, no state and no Warn
// may differ, but for an outcome of `partial`, a state of UNKNOWN, and a Warn that is not said any more.
// LIST names the captures, each with its reason, of which the cut options were the only witness; a capture that
// stands there and does not differ is an error, too. Exits with 1 where another one differs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
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

#include "tcpwave/annotation.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/tracker.h"
#include "tools/capture.h"

namespace {

namespace fs = std::filesystem;
using namespace tcpwave;

constexpr std::uint32_t kShortest = 54, kLongest = 96;

/// Behind the TCP header without options, inside and behind MSS, SACK permitted, time stamps and window scale, over
/// IPv4, IPv6 and with a VLAN tag.
const std::vector<std::uint32_t> kSample{54, 58, 60, 62, 66, 68, 70, 73,
                                         74, 78, 80, 86, 90, 94, 96};

using Answers = std::map<std::uint32_t, Annotation>;  // by frame

Answers judge(const fs::path& file, std::uint32_t snap_length) {
  Tracker tracker;
  std::vector<std::uint32_t> frames;
  for (const Segment& s : tools::read_capture(file, snap_length)) {
    tracker.observe(s);
    frames.push_back(s.frame);
  }
  Answers answers;
  for (SegmentId id = 0; id < tracker.segments(); ++id)
    answers[frames[id]] = tracker.annotate(id, Known::Final);
  return answers;
}

bool warned(const Annotation& a, Finding finding) {
  return std::any_of(a.findings.begin(), a.findings.end(),
                     [&](const FindingHit& hit) { return hit.finding == finding; });
}

/// What the cut file says and the whole one does not; empty where there is nothing.
std::string difference(const Annotation& whole, const Annotation& cut) {
  if (cut.outcome != whole.outcome && cut.outcome != Outcome::Partial)
    return "outcome " + std::string(name(cut.outcome)) + " for " + std::string(name(whole.outcome));
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    const State is = cut.endpoint.at(side).after, was = whole.endpoint.at(side).after;
    if (is != was && is != State::Unknown)
      return std::string(side == 0 ? "client " : "server ") + std::string(name(is)) + " for " +
             std::string(name(was));
  }
  for (const FindingHit& hit : cut.findings)
    if (info(hit.finding).severity >= Severity::Warn && !warned(whole, hit.finding))
      return std::string("says ") + info(hit.finding).id;
  return {};
}

struct Count {
  std::size_t compared = 0, different = 0;
  std::set<std::string> files;  ///< that differ
};

/// The first word of each line but comments.
std::set<std::string> read_known(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("no such file: " + file.string());
  std::set<std::string> known;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') known.insert(line.substr(0, line.find(' ')));
  return known;
}

void compare(const fs::path& file, const std::vector<std::uint32_t>& lengths, Count& count) {
  const Answers whole = judge(file, UINT32_MAX);
  std::map<std::string, std::vector<std::uint32_t>> found;  // lengths by what differs
  for (const std::uint32_t length : lengths) {
    const Answers cut = judge(file, length);
    if (cut.size() != whole.size()) continue;  // the TCP header itself is cut
    for (const auto& [frame, answer] : cut) {
      ++count.compared;
      const std::string what = difference(whole.at(frame), answer);
      if (what.empty()) continue;
      ++count.different;
      count.files.insert(file.filename().string());
      found["frame " + std::to_string(frame) + ": " + what].push_back(length);
    }
  }
  for (const auto& [what, at] : found)
    std::printf("%s %s (at %u%s%u)\n", file.filename().c_str(), what.c_str(), at.front(),
                at.size() > 1 ? " .. " : ", ", at.back());
}

std::vector<fs::path> captures_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    const auto extension = entry.path().extension();
    if (extension == ".pcapng" || extension == ".pcap") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

int run(const std::vector<std::string>& words) {
  std::vector<std::uint32_t> lengths = kSample;
  std::set<std::string> known;
  Count count;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--known" && i + 1 < words.size()) {
      known = read_known(words[++i]);
      continue;
    }
    if (word == "--every") {
      lengths.clear();
      for (std::uint32_t length = kShortest; length <= kLongest; ++length)
        lengths.push_back(length);
      continue;
    }
    for (const fs::path& file : captures_of(word)) compare(file, lengths, count);
  }
  if (count.compared == 0) {
    std::fputs("usage: cut_headers [--every] FILE|FOLDER ...\n", stderr);
    return 2;
  }
  std::printf("%zu segments compared, %zu differ\n", count.compared, count.different);
  std::vector<std::string> wrong;
  std::set_symmetric_difference(count.files.begin(), count.files.end(), known.begin(), known.end(),
                                std::back_inserter(wrong));
  for (const std::string& file : wrong)
    std::printf("%s: %s\n", file.c_str(), known.contains(file) ? "known, and right" : "differs");
  return wrong.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "cut_headers: %s\n", e.what());
    return 2;
  }
}
