// The documents that are made from the tables of the sources.
//
//   docgen --check PROJECT   fails where a committed page differs from what would be written
//   docgen --write PROJECT   writes them
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace {

namespace fs = std::filesystem;
using namespace tcpwave::docs;

struct Page {
  const char* file;
  std::function<std::string()> text;
};

/// The first line that differs, both ways.
void print_difference(const fs::path& file, const std::string& is, const std::string& should_be) {
  const auto old_lines = lines_of(is), new_lines = lines_of(should_be);
  std::size_t i = 0;
  while (i < old_lines.size() && i < new_lines.size() && old_lines[i] == new_lines[i]) ++i;
  std::printf("%s:%zu differs from what it is made from\n", file.c_str(), i + 1);
  if (i < old_lines.size()) std::printf("  - %s\n", old_lines[i].c_str());
  if (i < new_lines.size()) std::printf("  + %s\n", new_lines[i].c_str());
}

int run(bool check, const fs::path& project) {
  const auto by_hand = [&](const char* file) {
    return Page{file, [=] { return with_scripts(project, read_file(project / file)); }};
  };
  const std::vector<Page> pages{
      {"src/docs/states.md", states_page},
      {"plugin/docs/fields.md", fields_page},
      {"plugin/docs/statistics.md", statistics_page},
      {"plugin/docs/findings.md", [&] { return findings_page(project); }},
      {"plugin/docs/peers-findings.md", [&] { return peers_page(project); }},
      by_hand("plugin/docs/when/opening.md"),
      by_hand("plugin/docs/when/closing.md"),
      by_hand("plugin/docs/when/resets.md"),
      by_hand("plugin/docs/when/segments.md"),
      by_hand("plugin/docs/when/hosts.md"),
      by_hand("plugin/docs/when/captures.md"),
      by_hand("plugin/docs/when.md"),
      by_hand("src/docs/how-it-decides.md"),
  };
  bool differs = false;
  for (const Page& page : pages) {
    const fs::path file = project / page.file;
    const std::string text = page.text();
    const std::string committed = fs::exists(file) ? read_file(file) : std::string();
    if (committed == text) continue;
    differs = true;
    if (check) {
      print_difference(page.file, committed, text);
    } else {
      std::ofstream(file, std::ios::binary) << text;
      std::printf("wrote %s\n", page.file);
    }
  }
  if (check && differs) std::printf("run docgen --write %s\n", project.c_str());
  return check && differs ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 2 || (words[0] != "--check" && words[0] != "--write")) {
    std::fputs("usage: docgen --check|--write PROJECT\n", stderr);
    return 2;
  }
  try {
    return run(words[0] == "--check", words[1]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "docgen: %s\n", e.what());
    return 1;
  }
}
