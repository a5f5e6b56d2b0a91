// See overview.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/overview.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <tuple>

#include "statistics/report_columns.h"
#include "tcpwave/address.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/show/finding_titles.h"
#include "writing/labels.h"

namespace tcpwave {
namespace {

using Key = std::tuple<std::array<std::uint8_t, 16>, std::array<std::uint8_t, 16>, Outcome,
                       OutcomeKind, ResetBy, std::optional<Finding>>;

Key key_of(const ConnectionSummary& s) {
  return {s.ends.address[0].octets,
          s.ends.address[1].octets,
          s.outcome,
          s.outcome_kind,
          s.reset_by,
          s.reset_cause};
}

void sort_ports(std::vector<std::uint16_t>& ports) {
  std::sort(ports.begin(), ports.end());
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
}

/// For people since the capture began, for scripts since 1970.
Cell at(std::int64_t ns, const ReportSettings& settings) {
  const std::int64_t from = settings.form == TableForm::Text ? settings.start_ns : 0;
  return {true, 0, static_cast<double>(ns - from) / 1e9, {}};
}

// clang-format off
constexpr std::array<ReportColumn<OverviewRow>, 12> kOverviewColumns{{
  {"connections", {"Connections", "连接数"}, CellType::Number,
   [](const OverviewRow& r, const ReportSettings&) { return number(r.connections); }},
  {"client", {"Client", "客户端"}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings&) { return some(address_text(r.first.ends.address[0]).view()); }},
  {"server", {"Server", "服务器"}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings&) { return some(address_text(r.first.ends.address[1]).view()); }},
  {"server_ports", {"Server's ports", "服务器端口"}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings& s) {
     constexpr std::size_t kForPeople = 40, kAll = 600'000;  // 65,536 ports and what is between them
     return some(ports_text(r.ports, s.form == TableForm::Text ? kForPeople : kAll)); }},
  {"tcpwave.outcome", {nullptr, nullptr}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings&) { return some(name(r.first.outcome)); }},
  {"tcpwave.outcome.kind", {nullptr, nullptr}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings&) { return some(name(r.first.outcome_kind)); }},
  {nullptr, {"Outcome", "结局"}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings& s) { return some(outcome_text(r.first.outcome, r.first.outcome_kind, s.language).view()); }},
  {"tcpwave.reset_by", {"Reset by", "重置方"}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings& s) {
     return some(s.form == TableForm::Text ? reset_by_text(r.first.reset_by, s.language) : name(r.first.reset_by)); }},
  {"tcpwave.reset_cause", {"Cause of the reset", "重置原因"}, CellType::Words,
   [](const OverviewRow& r, const ReportSettings& s) {
     if (!r.first.reset_cause) return Cell{};
     return some(s.form == TableForm::Text ? title(*r.first.reset_cause, s.language) : info(*r.first.reset_cause).id); }},
  {"first_conn", {"First conn", "首个连接"}, CellType::Number,
   [](const OverviewRow& r, const ReportSettings&) { return number(r.first.number); }},
  {"start", {"From (s)", "自（秒）"}, CellType::Seconds,
   [](const OverviewRow& r, const ReportSettings& s) { return at(r.first.start_ns, s); }},
  {"end", {"To (s)", "至（秒）"}, CellType::Seconds,
   [](const OverviewRow& r, const ReportSettings& s) { return at(r.end_ns, s); }},
}};
// clang-format on

}  // namespace

std::vector<OverviewRow> overview(const Tracker& tracker,
                                  const std::vector<std::uint32_t>& connections) {
  std::map<Key, OverviewRow> groups;
  for (const std::uint32_t connection : connections) {
    const ConnectionSummary s = summarize_briefly(tracker, connection);
    OverviewRow& row = groups[key_of(s)];
    if (row.connections++ == 0) row.first = s;
    row.ports.push_back(s.ends.port[1]);
    if (row.ports.size() > 200'000) sort_ports(row.ports);  // there are 65,536 different ones
    row.end_ns = row.connections == 1 ? s.start_ns + s.duration_ns
                                      : std::max(row.end_ns, s.start_ns + s.duration_ns);
  }
  std::vector<OverviewRow> rows;
  for (auto& [key, row] : groups) {
    sort_ports(row.ports);
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const OverviewRow& a, const OverviewRow& b) {
    return a.connections != b.connections ? a.connections > b.connections
                                          : a.first.number < b.first.number;
  });
  return rows;
}

std::string ports_text(const std::vector<std::uint16_t>& ports, std::size_t longest) {
  std::string text;
  for (std::size_t i = 0; i < ports.size();) {
    std::size_t end = i + 1;
    while (end < ports.size() && ports[end] == ports[end - 1] + 1) ++end;
    std::string part = std::to_string(ports[i]);
    if (end - i > 2) part += "-" + std::to_string(ports[end - 1]);
    if (end - i == 2) end = i + 1;
    if (text.size() + part.size() + 1 > longest)
      return text + " ... (" + std::to_string(ports.size()) + ")";
    text += (text.empty() ? "" : " ") + part;
    i = end;
  }
  return text;
}

void print_overview(std::FILE* out, const Tracker& tracker, const Choice& choice,
                    const ReportSettings& settings) {
  TableWriter table(out, settings.form, report_heads(kOverviewColumns, settings));
  for (const OverviewRow& row : overview(tracker, choice.connections(tracker)))
    table.row(report_cells(kOverviewColumns, row, settings));
  table.finish();
}

std::string overview_text(const Tracker& tracker, const Choice& choice, Language language) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&text, &size);
  if (out == nullptr) return {};
  ReportSettings settings;
  settings.start_ns = tracker.start_ns();
  settings.language = language;
  print_overview(out, tracker, choice, settings);
  std::fclose(out);
  std::string all(text, size);
  std::free(text);
  return all;
}

}  // namespace tcpwave
