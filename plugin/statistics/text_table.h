// Columns of text that line up, row by row, without keeping more than the first rows.
//
// The widths come from the first rows; a later cell that is wider pushes the rest of its row. Knows
// nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace tcpwave {

class TextTable {
 public:
  enum class Align : std::uint8_t { Left, Right };
  struct Heading {
    std::string name;
    Align align = Align::Left;
  };

  TextTable(std::FILE* out, std::vector<Heading> headings);

  void row(std::vector<std::string> cells);
  /// To be called after the last row, and no destructor's work: writing needs memory.
  void finish();

 private:
  static constexpr std::size_t kMeasured = 1000;
  void write(const std::vector<std::string>& cells);
  void flush();

  std::FILE* out_;
  std::vector<Heading> headings_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> kept_;
  bool measuring_ = true;
};

/// One line of comma-separated values, quoted as RFC 4180 has it.
void write_csv(std::FILE* out, const std::vector<std::string>& cells);

}  // namespace tcpwave
