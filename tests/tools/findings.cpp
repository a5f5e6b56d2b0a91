// What is found in the captures of real systems: the page that lists it, and that none of it is noise.
//
//   findings [--write] PAGE FOLDER ...
//
// Fails where PAGE is not the one that this run makes (--write puts it there), and where
//   - a capture without a loss or a forgery and without a RST has a finding above Note that its .expect
//     does not name as the cause,
//   - a random batch has a finding above Note on a connection without a RST that went through in order,
//     or about a segment that makes no sense,
//   - a cause that an .expect names is not found.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tcpwave/catalogue.h"
#include "tools/truth_file.h"

namespace {

namespace fs = std::filesystem;
using namespace tcpwave;
using namespace tcpwave::tools;

struct Found {
  std::string id;
  std::uint32_t frame = 0, connection = 0;
  bool loud = false;  ///< above Note
  bool odd = false;   ///< about a segment that makes no sense: no reset explains that
};

/// A SYN on an open connection is what a crashed client comes back with.
bool is_odd(Finding f) { return info(f).group == Group::Segments && f != Finding::SynInConnection; }

std::vector<Found> found_in(const JudgedCapture& capture, std::size_t pass) {
  std::vector<Found> all;
  for (const Judged& f : capture.frames)
    for (const FindingHit& hit : f.pass.at(pass).findings)
      all.push_back({info(hit.finding).id, f.segment.frame, f.pass.at(pass).connection,
                     info(hit.finding).severity >= Severity::Warn, is_odd(hit.finding)});
  return all;
}

/// The words behind `cause` in the capture's .expect: ID or ID@FRAME.
std::vector<std::string> causes(fs::path capture) {
  std::vector<std::string> all;
  std::ifstream in(capture.replace_extension(".expect"));
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word;
    if (!(words >> word) || word != "cause") continue;
    while (words >> word)
      if (word != "-") all.push_back(word);
  }
  return all;
}

bool names(const std::string& cause, const Found& f) {
  return cause == f.id || cause == f.id + "@" + std::to_string(f.frame);
}

/// Connections that did not go through in order: a RST was captured, or the end is no normal close.
std::set<std::uint32_t> troubled(const JudgedCapture& capture) {
  std::set<std::uint32_t> all;
  for (const Judged& f : capture.frames) {
    const Annotation& a = f.pass[1];
    const bool in_order = a.outcome == Outcome::NormalClose || a.outcome == Outcome::Open;
    if (f.segment.flags.rst() || !in_order) all.insert(a.connection);
  }
  return all;
}

class Report {
 public:
  void add(const fs::path& path) {
    const JudgedCapture capture = judge(path);
    const std::vector<std::string> expected = causes(path);
    for (std::size_t pass = 0; pass < 2; ++pass) check_noise(capture, expected, pass);
    const std::vector<Found> found = found_in(capture, 1);
    for (const std::string& cause : expected)
      if (std::none_of(found.begin(), found.end(), [&](const Found& f) { return names(cause, f); }))
        fail(capture, 1, cause + " is not found");
    add_row(capture, found);
  }

  [[nodiscard]] int failures() const { return failures_; }
  [[nodiscard]] const std::string& rows() const { return rows_; }
  void heading(const std::string& folder) {
    rows_ += "\n## " + folder + "\n\n| capture | what it is | findings |\n|---|---|---|\n";
  }

 private:
  void fail(const JudgedCapture& capture, std::size_t pass, const std::string& text) {
    ++failures_;
    std::printf("%s (pass %zu): %s\n", capture.name.c_str(), pass + 1, text.c_str());
  }

  void check_noise(const JudgedCapture& capture, const std::vector<std::string>& expected,
                   std::size_t pass) {
    const auto& frames = capture.frames;
    const bool clean = std::all_of(frames.begin(), frames.end(), [](const Judged& f) {
      return f.truth.clean && !f.segment.flags.rst();
    });
    const bool random = capture.name.starts_with("random");
    if (!clean && !random) return;
    const std::set<std::uint32_t> bad = troubled(capture);
    for (const Found& f : found_in(capture, pass)) {
      const bool named = std::any_of(expected.begin(), expected.end(),
                                     [&](const std::string& cause) { return names(cause, f); });
      if (!f.loud || named || (!clean && !f.odd && bad.contains(f.connection))) continue;
      if (clean && bad.contains(f.connection) && f.id == "syn_unanswered") continue;
      fail(capture, pass, f.id + " on frame " + std::to_string(f.frame) + " is noise");
    }
  }

  /// Each finding with how often, those above Note in bold; what every close has is left out.
  void add_row(const JudgedCapture& capture, const std::vector<Found>& found) {
    std::map<std::string, std::pair<bool, int>> counts;
    for (const Found& f : found) {
      auto& [loud, count] = counts[f.id];
      loud = f.loud;
      ++count;
    }
    std::string text;
    for (const auto& [id, count] : counts) {
      if (id == "close_initiated") continue;
      const std::string name = count.first ? "**" + id + "**" : id;
      text += (text.empty() ? "" : ", ") + name;
      if (count.second > 1) text += " (" + std::to_string(count.second) + ")";
    }
    rows_ += "| `" + capture.name + "` | " + capture.truth.description + " | " + text + " |\n";
  }

  std::string rows_;
  int failures_ = 0;
};

std::string content(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

int run(bool write, const std::vector<std::string>& words) {
  Report report;
  for (std::size_t i = 1; i < words.size(); ++i) {
    report.heading("captures/" + fs::path(words[i]).filename().string());
    for (const fs::path& capture : captures_with_truth(words[i])) report.add(capture);
  }
  const std::string page =
      "# Findings in the captures of real systems\n\n"
      "What tcpwave finds with the whole capture in view (two passes). Above Note: in bold. What\n"
      "every close has (`close_initiated`) is left out. Written by `tests/tools/findings "
      "--write`;\n"
      "a test holds this page to it, and the captures without an accident to silence.\n" +
      report.rows();
  if (write) {
    std::ofstream(words[0]) << page;
  } else if (content(words[0]) != page) {
    std::printf("%s is not what is found now; findings --write puts that there\n",
                words[0].c_str());
    return 1;
  }
  return report.failures() > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool write = !words.empty() && words.front() == "--write";
  if (write) words.erase(words.begin());
  if (words.size() < 2) {
    std::fputs("usage: findings [--write] PAGE FOLDER ...\n", stderr);
    return 2;
  }
  try {
    return run(write, words);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "findings: %s\n", e.what());
    return 1;
  }
}
