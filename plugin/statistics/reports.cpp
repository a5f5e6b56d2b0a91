// See reports.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/reports.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "kernel/holders.h"
#include "statistics/connection_row.h"
#include "statistics/overview.h"
#include "statistics/table_writer.h"
#include "tcpwave/address.h"
#include "tcpwave/show/decimal.h"
#include "tcpwave/show/sockets.h"

namespace tcpwave {
namespace {

constexpr double kSecond = 1e9;

double seconds(std::int64_t ns) { return static_cast<double>(ns) / kSecond; }

/// A title that other columns have too says whose it is: `Port` of the client.
Head head_of(const Column& column, const ReportSettings& settings) {
  if (settings.form != TableForm::Text) return {column.name, column.type};
  return {column.title[static_cast<std::size_t>(settings.language)], column.type};
}

void add_process_heads(std::vector<Head>& heads, const ReportSettings& settings) {
  const bool people = settings.form == TableForm::Text;
  const bool is_english = settings.language == Language::English;
  heads.push_back({people ? (is_english ? "Client's process" : "客户端进程") : "client_process"});
  heads.push_back({people ? (is_english ? "Server's process" : "服务器进程") : "server_process"});
}

void add_processes(std::vector<Cell>& cells, const Tracker& tracker, const kernel::Witness& witness,
                   std::uint32_t connection) {
  for (const Side side : {Side::Client, Side::Server}) {
    const char* const process = witness.process_of(tracker, connection, side);
    cells.push_back({process != nullptr, 0, 0, process != nullptr ? process : ""});
  }
}

bool english(const ReportSettings& settings) { return settings.language == Language::English; }

// --- sockets ------------------------------------------------------------------------------------

std::vector<SocketCount> chosen_sockets(const Tracker& tracker, const Choice& choice,
                                        std::int64_t moment) {
  std::vector<SocketCount> counts = count_sockets(tracker, moment);
  if (!choice.filtered()) return counts;
  const auto hosts = choice.hosts(tracker);
  std::erase_if(counts, [&](const SocketCount& count) { return !hosts.contains(count.host); });
  return counts;
}

/// A fact a row: for scripts.
void print_socket_list(std::FILE* out, const std::vector<SocketCount>& counts,
                       const ReportSettings& settings) {
  TableWriter table(out, settings.form,
                    {{"host", CellType::Words},
                     {"state", CellType::Words},
                     {"sockets", CellType::Number},
                     {"peak", CellType::Number},
                     {"peak_at", CellType::Seconds}});
  for (const SocketCount& count : counts)
    table.row({{true, 0, 0, std::string(address_text(count.host).view())},
               {true, 0, 0, std::string(name(count.state))},
               {true, count.now, 0, {}},
               {true, count.peak, 0, {}},
               {true, 0, seconds(count.peak_ns - settings.start_ns), {}}});
  table.finish();
}

/// A row per host, a column per state that occurs: for people.
void print_socket_table(std::FILE* out, const std::vector<SocketCount>& counts,
                        const ReportSettings& settings, std::uint32_t SocketCount::*number) {
  std::vector<State> states;
  for (const SocketCount& count : counts)
    if (std::find(states.begin(), states.end(), count.state) == states.end())
      states.push_back(count.state);
  std::sort(states.begin(), states.end());
  std::vector<Head> heads{{english(settings) ? "Host" : "主机", CellType::Words}};
  for (const State state : states) heads.push_back({std::string(name(state)), CellType::Number});
  TableWriter table(out, TableForm::Text, heads);
  for (std::size_t i = 0; i < counts.size();) {  // counts stand by host
    std::vector<Cell> cells(heads.size(), Cell{true, 0, 0, {}});
    const Address& host = counts[i].host;
    cells[0] = {true, 0, 0, std::string(address_text(host).view())};
    for (; i < counts.size() && counts[i].host == host; ++i) {
      const auto at = std::find(states.begin(), states.end(), counts[i].state) - states.begin();
      cells[static_cast<std::size_t>(at) + 1] = {true, counts[i].*number, 0, {}};
    }
    table.row(cells);
  }
  table.finish();
}

std::string sockets_heading(const ReportSettings& settings, bool at_end, std::int64_t moment) {
  const std::string at = fixed(seconds(moment - settings.start_ns), 6);
  if (!english(settings))
    return "套接字，" + std::string(at_end ? "抓包结束时，" : "") + at + " 秒\n";
  return "Sockets at " + std::string(at_end ? "the end of the capture, " : "") + at + " s\n";
}

}  // namespace

void print_connections(std::FILE* out, const Tracker& tracker, const Choice& choice,
                       const ReportSettings& settings) {
  const bool people = settings.form == TableForm::Text;
  const RowContext context{settings.start_ns, people ? settings.language : Language::English};
  std::vector<const Column*> columns;
  std::vector<Head> heads;
  for (const Column& column : connection_columns()) {
    if ((column.where & (people ? kTerminal : kScript)) == 0) continue;
    columns.push_back(&column);
    heads.push_back(head_of(column, settings));
  }
  if (settings.has_processes()) add_process_heads(heads, settings);
  TableWriter table(out, settings.form, heads);
  for (const std::uint32_t connection : choice.connections(tracker)) {
    const ConnectionSummary summary = summarize(tracker, connection);
    std::vector<Cell> cells;
    for (const Column* column : columns) cells.push_back(column->cell(summary, context));
    if (settings.has_processes()) add_processes(cells, tracker, *settings.witness, connection);
    table.row(cells);
  }
  table.finish();
}

void print_sockets(std::FILE* out, const Tracker& tracker, const Choice& choice,
                   const ReportSettings& settings, const std::int64_t* at_ns) {
  const std::int64_t moment = at_ns == nullptr ? tracker.end_ns() : *at_ns;
  const bool none = tracker.segments() == 0;
  const auto counts = none ? std::vector<SocketCount>{} : chosen_sockets(tracker, choice, moment);
  if (settings.form != TableForm::Text) {
    print_socket_list(out, counts, settings);
    return;
  }
  if (none) {
    std::fputs(english(settings) ? "Sockets: the capture has no TCP segment\n"
                                 : "套接字：抓包中没有 TCP 报文段\n",
               out);
    return;
  }
  std::fputs(sockets_heading(settings, at_ns == nullptr, moment).c_str(), out);
  print_socket_table(out, counts, settings, &SocketCount::now);
  std::fputs(english(settings) ? "\nMost at once\n" : "\n同时最多\n", out);
  print_socket_table(out, counts, settings, &SocketCount::peak);
  if (settings.has_processes()) kernel::print_holders(out, tracker, *settings.witness, moment);
}

}  // namespace tcpwave
