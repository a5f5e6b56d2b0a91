// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/docs/markdown.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tcpwave::docs {

namespace fs = std::filesystem;

std::string code(std::string_view word) { return "`" + std::string(word) + "`"; }

std::string link(std::string_view text, std::string_view target) {
  return "[" + std::string(text) + "](" + std::string(target) + ")";
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) {
    text += ' ';
    for (const char c : cell) {
      if (c == '|') text += '\\';
      text += c;
    }
    text += " |";
  }
  return text + "\n";
}

std::string heading(const std::vector<std::string>& cells) {
  std::string rule = "|";
  for (std::size_t i = 0; i < cells.size(); ++i) rule += "---|";
  return row(cells) + rule + "\n";
}

std::string made_from(std::string_view sources) {
  return "<!-- Made by docgen from " + std::string(sources) +
         "; to change it, change that and run `docgen --write`. -->\n\n";
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::vector<std::string>> read_table(const fs::path& file, std::size_t columns) {
  std::vector<std::vector<std::string>> rows;
  bool below_heading = false;
  int number = 0;
  for (const std::string& line : lines_of(read_file(file))) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\t')
        cells.emplace_back();
      else
        cells.back() += c;
    }
    if (cells.size() != columns)
      throw std::runtime_error(file.filename().string() + ":" + std::to_string(number) + ": " +
                               std::to_string(cells.size()) + " cells, not " +
                               std::to_string(columns));
    if (below_heading) rows.push_back(cells);
    below_heading = true;
  }
  return rows;
}

}  // namespace tcpwave::docs
