// See outcome_count.h, and reports.h for what prints it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/outcome_count.h"

#include <algorithm>

#include "statistics/reports.h"
#include "statistics/table_writer.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/show/finding_titles.h"
#include "writing/labels.h"

namespace tcpwave {
namespace {

Cell what(const OutcomeRow& row, std::uint32_t, Language language) {
  // Wireshark's window sorts by it: all come first, then outcomes.
  const bool english = language == Language::English;
  if (row.all) return some(english ? "Connections" : "连接");
  if (english) return some(row.finding ? "With finding" : "Outcome");
  return some(row.finding ? "附带发现" : "结局");
}

/// `in the capture`, or `counted, of 57 in the capture` where a filter leaves some out.
std::string all_text(const OutcomeRow& row, Language language) {
  const bool english = language == Language::English;
  if (row.connections == row.captured) return english ? "in the capture" : "抓包中";
  const std::string captured = std::to_string(row.captured);
  return english ? "counted, of " + captured + " in the capture"
                 : "计入的，抓包中共 " + captured + " 个";
}

Cell text(const OutcomeRow& row, std::uint32_t, Language language) {
  if (row.all) return some(all_text(row, language));
  if (row.finding) return some(title(*row.finding, language));
  return some(outcome_text(row.outcome, row.kind, language).view());
}

Cell share(const OutcomeRow& row, std::uint32_t all, Language) {
  constexpr double kPercent = 100;
  if (all == 0) return {};
  return {true, 0, kPercent * row.connections / all, {}};
}

// clang-format off
constexpr std::array<OutcomeColumn, kOutcomeColumns> kRows{{
  {nullptr, {"What", "类别"}, CellType::Words, what},
  {nullptr, {"Name", "名称"}, CellType::Words, text},
  {"tcpwave.outcome", {nullptr, nullptr}, CellType::Words,
   [](const OutcomeRow& r, std::uint32_t, Language) { return r.finding ? Cell{} : some(name(r.outcome)); }},
  {"tcpwave.outcome.kind", {nullptr, nullptr}, CellType::Words,
   [](const OutcomeRow& r, std::uint32_t, Language) { return r.finding ? Cell{} : some(name(r.kind)); }},
  {"tcpwave.finding", {nullptr, nullptr}, CellType::Words,
   [](const OutcomeRow& r, std::uint32_t, Language) { return r.finding ? some(info(*r.finding).id) : Cell{}; }},
  {"connections", {"Connections", "连接数"}, CellType::Number,
   [](const OutcomeRow& r, std::uint32_t, Language) { return Cell{true, r.connections, 0, {}}; }},
  {"percent", {"% of connections", "占连接的百分比"}, CellType::Percent, share},
}};
// clang-format on

}  // namespace

std::size_t OutcomeCount::count(const OutcomeRow& wanted) {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const OutcomeRow& row) {
    return row.finding == wanted.finding && row.outcome == wanted.outcome &&
           row.kind == wanted.kind && !row.all;
  });
  const auto at = static_cast<std::size_t>(found - rows_.begin());
  if (found == rows_.end()) rows_.push_back(wanted);
  ++rows_[at].connections;
  return at;
}

std::size_t OutcomeCount::add(Outcome outcome, OutcomeKind kind) {
  ++rows_.front().connections;
  return count({.outcome = outcome, .kind = kind});
}

std::size_t OutcomeCount::add(Finding finding) { return count({.finding = finding}); }

const std::array<OutcomeColumn, kOutcomeColumns>& outcome_columns() { return kRows; }

void print_outcomes(std::FILE* out, const Tracker& tracker, const Choice& choice,
                    const ReportSettings& settings) {
  OutcomeCount count;
  count.set_captured(tracker.connections());
  for (const std::uint32_t connection : choice.connections(tracker)) {
    const ConnectionSummary s = summarize(tracker, connection);
    count.add(s.outcome, s.outcome_kind);
    for (std::size_t i = 0; i < kFindings; ++i)
      if (s.findings[i]) count.add(static_cast<Finding>(i));
  }
  std::vector<OutcomeRow> rows = count.rows();
  std::stable_sort(rows.begin() + 1, rows.end(), [](const OutcomeRow& a, const OutcomeRow& b) {
    const bool findings = a.finding.has_value(), others = b.finding.has_value();
    return findings != others ? others : a.connections > b.connections;
  });
  const bool people = settings.form == TableForm::Text;
  if (!people) rows.erase(rows.begin());  // for scripts: the sum of the outcomes
  std::vector<Head> heads;
  std::vector<const OutcomeColumn*> columns;
  for (const OutcomeColumn& column : kRows) {
    const char* head =
        people ? column.title[static_cast<std::size_t>(settings.language)] : column.name;
    if (head == nullptr) continue;
    heads.push_back({head, column.type});
    columns.push_back(&column);
  }
  TableWriter table(out, settings.form, heads);
  for (const OutcomeRow& row : rows) {
    std::vector<Cell> cells;
    for (const OutcomeColumn* column : columns)
      cells.push_back(column->cell(row, count.connections(), settings.language));
    table.row(cells);
  }
  table.finish();
}

}  // namespace tcpwave
