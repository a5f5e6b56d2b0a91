// The accuracy of the engine against kernel truth: the table for the README, and a floor under it.
//
//   accuracy [--write] FLOORS README FOLDER ...
//
// Fails where a share is below its line in FLOORS (`FOLDER PASSES GROUP PERCENT`; they only go up), or
// where README's table, between `<!-- accuracy -->` and `<!-- /accuracy -->`, is not the one that this
// run makes. --write puts it there.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/truth_file.h"
#include "tools/truth_score.h"

namespace {

namespace fs = std::filesystem;
using namespace tcpwave::tools;

struct Measured {
  std::string folder;
  std::vector<JudgedCapture> captures;
  std::array<std::vector<EndpointFrame>, 3> frames;  // by Answer

  [[nodiscard]] Share share(Answer answer, const Group& group) const {
    return score(frames.at(static_cast<std::size_t>(answer)), group.holds);
  }
};

const char* name_of(Answer answer) {
  switch (answer) {
    case Answer::OnePass:
      return "one-pass";
    case Answer::TwoPasses:
      return "two-pass";
    case Answer::Textbook:
      return "textbook";
  }
  return "";
}

const Group& group_named(const std::string& name) {
  for (const auto* list : {&groups(), &basis_groups()})
    for (const Group& group : *list)
      if (group.name == name) return group;
  throw std::runtime_error("no group '" + name + "'");
}

std::string percent(const Share& share) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f %%", share.percent());
  return share.all == 0 ? "" : text.data();
}

void add_table(std::string& text, const std::vector<Measured>& all) {
  text += "| states that are the kernel's |";
  for (const Measured& m : all) text += " " + m.folder + ": two passes | one pass | textbook |";
  text += "\n|---|";
  for (std::size_t i = 0; i < all.size(); ++i) text += "---:|---:|---:|";
  for (const char* name : {"clean+visible", "visible", "cut+visible", "total"}) {
    text += std::string("\n| ") + name + " |";
    for (const Measured& m : all)
      for (const Answer answer : {Answer::TwoPasses, Answer::OnePass, Answer::Textbook})
        text += " " + percent(m.share(answer, group_named(name))) + " |";
  }
  text += "\n";
}

void add_calibration(std::string& text, const std::vector<Measured>& all) {
  text += "\n| basis (two passes, visible) |";
  for (const Measured& m : all) text += " " + m.folder + ": right | of |";
  text += "\n|---|";
  for (std::size_t i = 0; i < all.size(); ++i) text += "---:|---:|";
  for (const Group& basis : basis_groups()) {
    text += "\n| `" + basis.name + "` |";
    for (const Measured& m : all) {
      const Share share = m.share(Answer::TwoPasses, basis);
      text += " " + percent(share) + " | " + std::to_string(share.all) + " |";
    }
  }
  text += "\n";
}

int below_floor(const fs::path& floors, const std::vector<Measured>& all) {
  std::ifstream in(floors);
  if (!in) throw std::runtime_error(floors.string() + ": cannot be opened");
  int below = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string folder, passes, group;
    double least = 0;
    if (!(words >> folder >> passes >> group >> least))
      throw std::runtime_error(floors.string() + ": " + line);
    bool measured = false;
    for (const Measured& m : all)
      for (const Answer answer : {Answer::OnePass, Answer::TwoPasses}) {
        if (m.folder != folder || passes != name_of(answer)) continue;
        measured = true;
        const double share = m.share(answer, group_named(group)).percent();
        if (share < least) ++below;
        std::printf("%s %-8s %-14s %8.3f, floor %.3f%s\n", folder.c_str(), passes.c_str(),
                    group.c_str(), share, least, share < least ? "  BELOW" : "");
      }
    if (!measured) throw std::runtime_error(floors.string() + ": not measured: " + line);
  }
  return below;
}

// Whether the table stands in the file; with `write`, puts it there. A file without the marks has none.
bool table_stands(const fs::path& file, const std::string& table, bool write) {
  const std::string begin = "<!-- accuracy -->\n", end = "<!-- /accuracy -->";
  std::ifstream in(file);
  std::stringstream content;
  content << in.rdbuf();
  std::string text = content.str();
  const auto from = text.find(begin);
  const auto to = text.find(end);
  if (from == std::string::npos || to == std::string::npos) return true;
  const auto at = from + begin.size();
  if (text.substr(at, to - at) == table) return true;
  if (write) std::ofstream(file) << text.replace(at, to - at, table);
  return write;
}

int run(bool write, const std::vector<std::string>& words) {
  std::vector<Measured> all;
  for (std::size_t i = 2; i < words.size(); ++i) {
    Measured& m = all.emplace_back();
    m.folder = fs::path(words[i]).filename();
    for (const fs::path& capture : captures_with_truth(words[i]))
      m.captures.push_back(judge(capture));
    if (m.captures.empty()) throw std::runtime_error(words[i] + ": no captures with truth");
  }
  for (Measured& m : all)  // after the last push: the frames point into the captures
    for (const Answer answer : {Answer::OnePass, Answer::TwoPasses, Answer::Textbook})
      m.frames.at(static_cast<std::size_t>(answer)) = endpoint_frames(m.captures, answer);
  std::string table;
  add_table(table, all);
  add_calibration(table, all);
  std::fputs(table.c_str(), stdout);
  const int below = below_floor(words[0], all);
  const bool stands = table_stands(words[1], table, write);
  if (!stands) std::printf("%s has another table: run accuracy --write\n", words[1].c_str());
  return below > 0 || !stands ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool write = !words.empty() && words.front() == "--write";
  if (write) words.erase(words.begin());
  if (words.size() < 3) {
    std::fputs("usage: accuracy [--write] FLOORS README FOLDER ...\n", stderr);
    return 2;
  }
  try {
    return run(write, words);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "accuracy: %s\n", e.what());
    return 1;
  }
}
