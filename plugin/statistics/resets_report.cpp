// `-z tcpwave,resets`: which service's connections end by a RST, by whose and why. See reports.h.
//
// A service is a server's address and port. Refused connections count: a RST ended them, too.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "statistics/report_columns.h"
#include "tcpwave/address.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/show/finding_titles.h"
#include "tcpwave/show/sockets.h"
#include "tcpwave/summary.h"
#include "writing/labels.h"

namespace tcpwave {
namespace {

struct Service {
  Address host;
  std::uint16_t port = 0;
  bool operator<(const Service& other) const {
    return host == other.host ? port < other.port : ByAddress{}(host, other.host);
  }
};

struct ResetRow {
  Service service;
  ResetBy by = ResetBy::None;
  std::optional<Finding> cause;
  std::uint32_t resets = 0;
  std::uint32_t connections = 0;  ///< of the service, however they ended
  std::uint32_t first = 0;        ///< the first connection that was reset so
};

Cell by(const ResetRow& r, const ReportSettings& s) {
  return some(s.form == TableForm::Text ? reset_by_text(r.by, s.language) : name(r.by));
}

Cell cause(const ResetRow& r, const ReportSettings& s) {
  if (!r.cause) return {};
  return some(s.form == TableForm::Text ? title(*r.cause, s.language) : info(*r.cause).id);
}

Cell share(const ResetRow& r, const ReportSettings&) {
  constexpr double kPercent = 100;
  return {true, 0, kPercent * r.resets / r.connections, {}};
}

// clang-format off
constexpr std::array<ReportColumn<ResetRow>, 8> kResetColumns{{
  {"server", {"Server", "服务器"}, CellType::Words,
   [](const ResetRow& r, const ReportSettings&) { return some(address_text(r.service.host).view()); }},
  {"server_port", {"Port", "端口"}, CellType::Number,
   [](const ResetRow& r, const ReportSettings&) { return number(r.service.port); }},
  {"connections", {"Connections", "连接数"}, CellType::Number,
   [](const ResetRow& r, const ReportSettings&) { return number(r.connections); }},
  {"resets", {"Reset", "被重置"}, CellType::Number,
   [](const ResetRow& r, const ReportSettings&) { return number(r.resets); }},
  {"percent", {"%", "%"}, CellType::Percent, share},
  {"tcpwave.reset_by", {"Reset by", "重置方"}, CellType::Words, by},
  {"tcpwave.reset_cause", {"Cause of the reset", "重置原因"}, CellType::Words, cause},
  {"first_conn", {"First conn", "首个连接"}, CellType::Number,
   [](const ResetRow& r, const ReportSettings&) { return number(r.first); }},
}};
// clang-format on

/// The most first; at most as many rows as connections.
std::vector<ResetRow> reset_rows(const Tracker& tracker, const Choice& choice) {
  std::map<Service, std::uint32_t> services;
  std::map<std::tuple<Service, ResetBy, std::optional<Finding>>, ResetRow> resets;
  for (const std::uint32_t connection : choice.connections(tracker)) {
    const ConnectionSummary s = summarize_briefly(tracker, connection);
    const Service service{s.ends.address[1], s.ends.port[1]};
    ++services[service];
    if (s.reset_by == ResetBy::None) continue;
    ResetRow& row = resets[{service, s.reset_by, s.reset_cause}];
    if (row.resets++ == 0)
      row = {.service = service,
             .by = s.reset_by,
             .cause = s.reset_cause,
             .resets = 1,
             .first = connection};
  }
  std::vector<ResetRow> rows;
  for (auto& [key, row] : resets) {
    row.connections = services[row.service];
    rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const ResetRow& a, const ResetRow& b) { return a.resets > b.resets; });
  return rows;
}

}  // namespace

void print_resets(std::FILE* out, const Tracker& tracker, const Choice& choice,
                  const ReportSettings& settings) {
  TableWriter table(out, settings.form, report_heads(kResetColumns, settings));
  for (const ResetRow& row : reset_rows(tracker, choice))
    table.row(report_cells(kResetColumns, row, settings));
  table.finish();
}

}  // namespace tcpwave
