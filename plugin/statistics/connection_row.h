// A connection as a row of a table: THE list of columns, for tshark's table, its CSV and JSON and Wireshark's
// window alike.
//
// Column names are public interface: the first line of the CSV, the keys of the JSON. One that says what a
// field says has the field's name. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tcpwave/language.h"
#include "tcpwave/summary.h"

namespace tcpwave {

enum class CellType : std::uint8_t { Number, Seconds, Percent, Words, Set };

/// One of the three, by its column's type; `present` says whether there is anything to say.
struct Cell {
  bool present = false;
  std::uint64_t number = 0;
  double seconds = 0;  ///< or percent
  std::string words;   ///< of a Set: with blanks between
};

[[nodiscard]] inline Cell number(std::uint64_t n) { return {true, n, 0, {}}; }
/// Nothing where the text is empty.
[[nodiscard]] inline Cell some(std::string_view text) {
  return {!text.empty(), 0, 0, std::string(text)};
}

/// What a cell needs beside the connection.
struct RowContext {
  std::int64_t start_ns = 0;  ///< when the capture began
  Language language = Language::English;
};

/// Scripts get every fact and the values that filters compare with; people get words.
enum Where : std::uint8_t {
  kScript = 1,
  kWindow = 2,
  kTerminal = 4,
  kPeople = kWindow | kTerminal
};

struct Column {
  const char* name;                           ///< for scripts
  std::array<const char*, kLanguages> title;  ///< for people
  CellType type;
  std::uint8_t where;
  const char* meaning;  ///< in the help
  Cell (*cell)(const ConnectionSummary&, const RowContext&);
};

inline constexpr std::size_t kColumns = 29;
inline constexpr std::size_t kWindowColumns = 22;  ///< of them those of the window
[[nodiscard]] const std::array<Column, kColumns>& connection_columns();

}  // namespace tcpwave
