// A connection as a row of a table: THE list of columns, for tshark's table, its CSV and Wireshark's
// window alike.
//
// Column names are public interface: they are the first line of the CSV. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>

#include "tcpwave/summary.h"

namespace tcpwave {

enum class CellType : std::uint8_t { Number, Seconds, Words };

/// One of the three, by its column's type; `present` says whether there is anything to say.
struct Cell {
  bool present = false;
  std::uint32_t number = 0;
  double seconds = 0;
  std::string words;
};

struct Column {
  const char* name;   ///< in the CSV and above tshark's table
  const char* title;  ///< in Wireshark's window
  CellType type;
  const char* meaning;  ///< in the help
  Cell (*cell)(const ConnectionSummary&);
};

inline constexpr std::size_t kColumns = 15;
[[nodiscard]] const std::array<Column, kColumns>& connection_columns();

/// `0.020000`, `17`, or the words; empty where there is nothing to say.
[[nodiscard]] std::string cell_text(const Column&, const Cell&);

}  // namespace tcpwave
