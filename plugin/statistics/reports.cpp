// See reports.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/reports.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "kernel/holders.h"
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

/// After the columns that every capture has.
void add_processes(std::vector<std::string>& cells, const Tracker& tracker,
                   const kernel::Witness& witness, std::uint32_t connection) {
  if (witness.empty()) return;
  for (const Side side : {Side::Client, Side::Server}) {
    const char* const process = witness.process_of(tracker, connection, side);
    cells.emplace_back(process != nullptr ? process : "");
  }
}

std::string seconds_text(std::int64_t ns) {
  std::array<char, 64> digits{};
  constexpr double kSecond = 1e9;
  std::snprintf(digits.data(), digits.size(), "%.6f", static_cast<double>(ns) / kSecond);
  return digits.data();
}

}  // namespace

void print_connections(std::FILE* out, const Tracker& tracker, const kernel::Witness& witness,
                       TableForm form) {
  std::vector<TextTable::Heading> headings;
  std::vector<std::string> names;
  for (const Column& column : connection_columns()) {
    const bool words = column.type == CellType::Words;
    headings.push_back({column.name, words ? TextTable::Align::Left : TextTable::Align::Right});
    names.emplace_back(column.name);
  }
  if (!witness.empty()) {
    for (const char* name : {"client_process", "server_process"}) {
      headings.push_back({name, TextTable::Align::Left});
      names.emplace_back(name);
    }
  }
  TextTable table(out, headings);
  if (form == TableForm::Csv) write_csv(out, names);
  for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
    std::vector<std::string> cells = cells_of(summarize(tracker, c));
    add_processes(cells, tracker, witness, c);
    if (form == TableForm::Csv)
      write_csv(out, cells);
    else
      table.row(std::move(cells));
  }
  if (form == TableForm::Text) table.finish();
}

void print_sockets(std::FILE* out, const Tracker& tracker, const kernel::Witness& witness,
                   std::int64_t start_ns, const std::int64_t* at_ns) {
  if (tracker.segments() == 0) {
    std::fputs("Sockets: the capture has no TCP segment\n", out);
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
  kernel::print_holders(out, tracker, witness, moment);
}

}  // namespace tcpwave
