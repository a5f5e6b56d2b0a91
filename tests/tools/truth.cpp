// How often the engine shows the state that the endpoint's own kernel was in.
//
//   truth [--pass 1|2|both] [--list N] [--only REGEX] [--per-file] [--dump NAME] FOLDER|CAPTURE ...
//
// An endpoint-frame is one endpoint's state on one frame. The groups are those of the truth folder's
// own `score` script, which asks the plugin through tshark; this asks the engine, in milliseconds.
//   --list N      mismatches to list, clean and visible ones first (20)
//   --only REGEX  only captures whose name matches
//   --per-file    one line per capture
//   --dump NAME   one line per segment of that capture: truth, one pass, two passes
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "tools/truth_dump.h"
#include "tools/truth_file.h"
#include "tools/truth_score.h"

namespace {

using namespace tcpwave::tools;

struct Arguments {
  std::vector<Answer> passes{Answer::OnePass, Answer::TwoPasses};
  std::size_t list = 20;
  std::regex only{""};
  bool per_file = false;
  std::string dump;
  std::vector<std::filesystem::path> captures;
};

[[noreturn]] void usage() {
  std::fputs(
      "usage: truth [--pass 1|2|both] [--list N] [--only REGEX] [--per-file] [--dump NAME] "
      "FOLDER|CAPTURE ...\n",
      stderr);
  std::exit(2);
}

Arguments read_arguments(const std::vector<std::string>& words) {
  Arguments a;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto value = [&]() -> const std::string& {
      if (i + 1 == words.size()) usage();
      return words[++i];
    };
    const std::string& word = words[i];
    if (word == "--pass") {
      const std::string& which = value();
      if (which == "1") a.passes = {Answer::OnePass};
      if (which == "2") a.passes = {Answer::TwoPasses};
    } else if (word == "--list") {
      a.list = std::stoul(value());
    } else if (word == "--only") {
      a.only = std::regex(value());
    } else if (word == "--per-file") {
      a.per_file = true;
    } else if (word == "--dump") {
      a.dump = value();
    } else if (word.starts_with("-")) {
      usage();
    } else {
      for (auto& capture : captures_with_truth(word)) a.captures.push_back(capture);
    }
  }
  if (a.captures.empty()) usage();
  return a;
}

bool wanted(const Arguments& a, const std::filesystem::path& capture) {
  return a.dump.empty() ? std::regex_search(capture.filename().string(), a.only)
                        : capture.stem() == a.dump;
}

void print_mismatches(const std::vector<EndpointFrame>& all, std::size_t limit) {
  std::vector<const EndpointFrame*> wrong;
  for (const EndpointFrame& e : all)
    if (!e.right()) wrong.push_back(&e);
  std::stable_sort(wrong.begin(), wrong.end(), [](auto* a, auto* b) {
    return std::pair(a->hidden(), !a->clean()) < std::pair(b->hidden(), !b->clean());
  });
  for (std::size_t i = 0; i < wrong.size() && i < limit; ++i)
    std::printf("   %s\n", mismatch_text(*wrong[i]).c_str());
  if (wrong.size() > limit) std::printf("   ... %zu more\n", wrong.size() - limit);
}

void print_pass(const Arguments& a, const std::vector<JudgedCapture>& captures, Answer pass) {
  const std::vector<EndpointFrame> all = endpoint_frames(captures, pass);
  std::printf("== %s: %zu capture(s)\n", pass == Answer::OnePass ? "single-pass" : "two-pass",
              captures.size());
  if (a.per_file)
    for (const JudgedCapture& capture : captures) {
      const Share share = score(endpoint_frames({&capture, 1}, pass), is_visible);
      std::printf("   %-34s visible %s\n", capture.name.c_str(), share.text().c_str());
    }
  for (const Group& group : groups())
    if (const Share share = score(all, group.holds); share.all > 0)
      std::printf("   %-18s %s\n", group.name.c_str(), share.text().c_str());
  print_mismatches(all, a.list);
  if (pass == a.passes.back()) {
    std::puts("   right by basis (visible):");
    for (const Group& group : basis_groups())
      if (const Share share = score(all, group.holds); share.all > 0)
        std::printf("   %-22s %s, %zu wrong\n", group.name.c_str(), share.text().c_str(),
                    share.all - share.right);
    const Share late = score(all, proven_later().holds), visible = score(all, is_visible);
    std::printf("   %-22s %zu of %zu visible\n", proven_later().name.c_str(), late.all,
                visible.all);
  }
}

int run(const Arguments& a) {
  std::vector<JudgedCapture> captures;
  for (const auto& path : a.captures)
    if (wanted(a, path)) captures.push_back(judge(path));
  if (captures.empty()) {
    std::fputs("truth: no such capture\n", stderr);
    return 1;
  }
  if (!a.dump.empty()) {
    for (const JudgedCapture& capture : captures) dump(capture);
    return 0;
  }
  for (const Answer pass : a.passes) print_pass(a, captures, pass);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(read_arguments({argv + 1, argv + argc}));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "truth: %s\n", e.what());
    return 1;
  }
}
