// See text_table.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/text_table.h"

#include <algorithm>

#include "tcpwave/show/columns.h"

namespace tcpwave {

TextTable::TextTable(std::FILE* out, std::vector<Heading> headings)
    : out_(out), headings_(std::move(headings)) {
  std::vector<std::string> names;
  for (const Heading& heading : headings_) {
    names.push_back(heading.name);
    widths_.push_back(columns_of(heading.name));
  }
  kept_.push_back(std::move(names));
}

void TextTable::row(std::vector<std::string> cells) {
  if (!measuring_) {
    write(cells);
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i)
    widths_[i] = std::max(widths_[i], columns_of(cells[i]));
  kept_.push_back(std::move(cells));
  if (kept_.size() > kMeasured) flush();
}

void TextTable::finish() { flush(); }

void TextTable::flush() {
  measuring_ = false;
  for (const auto& cells : kept_) write(cells);
  kept_.clear();
}

void TextTable::write(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t missing = widths_[i] - std::min(widths_[i], columns_of(cells[i]));
    const std::string space(missing, ' ');
    if (i != 0) line += "  ";
    line += headings_[i].align == Align::Right ? space + cells[i] : cells[i] + space;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  line += '\n';
  std::fputs(line.c_str(), out_);
}

void write_csv(std::FILE* out, const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty() || &cell != cells.data()) line += ',';
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line += c == '"' ? "\"\"" : std::string(1, c);
    line += '"';
  }
  std::fputs((line + "\n").c_str(), out);
}

}  // namespace tcpwave
