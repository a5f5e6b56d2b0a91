// See reports.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/reports.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "statistics/connection_row.h"
#include "statistics/text_table.h"
#include "tcpwave/address.h"
#include "tcpwave/show/sockets.h"

namespace tcpwave {
namespace {

std::vector<std::string> cells_of(const ConnectionSummary& summary) {
  std::vector<std::string> cells;
  for (const Column& column : connection_columns())
    cells.push_back(cell_text(column, column.cell(summary)));
  return cells;
}

std::string seconds_text(std::int64_t ns) {
  std::array<char, 64> digits{};
  constexpr double kSecond = 1e9;
  std::snprintf(digits.data(), digits.size(), "%.6f", static_cast<double>(ns) / kSecond);
  return digits.data();
}

}  // namespace

void print_connections(std::FILE* out, const Tracker& tracker, TableForm form) {
  std::vector<TextTable::Heading> headings;
  std::vector<std::string> names;
  for (const Column& column : connection_columns()) {
    const bool words = column.type == CellType::Words;
    headings.push_back({column.name, words ? TextTable::Align::Left : TextTable::Align::Right});
    names.emplace_back(column.name);
  }
  if (form == TableForm::Csv) {
    write_csv(out, names);
    for (std::uint32_t c = 0; c < tracker.connections(); ++c)
      write_csv(out, cells_of(summarize(tracker, c)));
    return;
  }
  TextTable table(out, headings);
  for (std::uint32_t c = 0; c < tracker.connections(); ++c)
    table.row(cells_of(summarize(tracker, c)));
  table.finish();
}

void print_sockets(std::FILE* out, const Tracker& tracker, std::int64_t start_ns,
                   const std::int64_t* at_ns) {
  if (tracker.segments() == 0) {
    std::fputs("Sockets: the capture has no TCP segments\n", out);
    return;
  }
  const bool at_end = at_ns == nullptr || *at_ns > tracker.end_ns();
  const std::int64_t moment = at_end ? tracker.end_ns() : *at_ns;
  std::fprintf(out, "Sockets at %s%s s\n", at_end ? "the end of the capture, " : "",
               seconds_text(moment - start_ns).c_str());
  TextTable table(out, {{"host"},
                        {"state"},
                        {"sockets", TextTable::Align::Right},
                        {"peak", TextTable::Align::Right},
                        {"peak_at", TextTable::Align::Right}});
  for (const SocketCount& count : count_sockets(tracker, moment))
    table.row({std::string(address_text(count.host).view()), std::string(name(count.state)),
               std::to_string(count.now), std::to_string(count.peak),
               seconds_text(count.peak_ns - start_ns)});
  table.finish();
}

}  // namespace tcpwave
