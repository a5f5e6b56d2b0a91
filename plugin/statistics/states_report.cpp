// `-z tcpwave,states`: how long each end of each connection was in each state. See reports.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <string>
#include <vector>

#include "statistics/report_columns.h"
#include "tcpwave/address.h"
#include "tcpwave/show/state_spans.h"
#include "tcpwave/show/words.h"

namespace tcpwave {
namespace {

struct StateRow {
  std::uint32_t connection = 0;
  const Ends& ends;
  const StateSpan& span;
  const char* process = nullptr;  ///< null where no kernel said
};

Cell seconds(std::int64_t ns) { return {true, 0, static_cast<double>(ns) / 1e9, {}}; }

std::size_t own(const StateRow& r) { return static_cast<std::size_t>(r.span.side); }
std::size_t peer(const StateRow& r) { return 1 - own(r); }

bool for_chinese(const ReportSettings& s) {
  return s.form == TableForm::Text && s.language == Language::Chinese;
}

std::string_view basis_text(Basis basis, const ReportSettings& s) {
  static constexpr std::array<std::string_view, kBases> kChinese{"假定", "推定", "定时器", "已证实",
                                                                 "已发送"};
  return for_chinese(s) ? kChinese[static_cast<std::size_t>(basis)] : name(basis);
}

/// For people since the capture began, for scripts since 1970.
Cell since(const StateRow& r, const ReportSettings& s) {
  return seconds(r.span.since_ns - (s.form == TableForm::Text ? s.start_ns : 0));
}

Cell next(const StateRow& r, const ReportSettings& s) {
  const bool people = s.form == TableForm::Text;
  switch (r.span.end) {
    case SpanEnd::NextState:
      return some(name(r.span.next));
    case SpanEnd::CaptureEnd:
      return some(!people ? "capture_end" : for_chinese(s) ? "抓包结束" : "capture ends");
    case SpanEnd::PortsReused:
      return some(!people ? "ports_reused" : for_chinese(s) ? "端口被重用" : "ports reused");
  }
  return {};
}

// clang-format off
constexpr std::array<ReportColumn<StateRow>, 12> kStateColumns{{
  {"tcpwave.conn", {"Conn", "连接"}, CellType::Number,
   [](const StateRow& r, const ReportSettings&) { return number(r.connection); }},
  {"end", {"End", "端"}, CellType::Words,
   [](const StateRow& r, const ReportSettings& s) {
     return some(for_chinese(s) ? word(words(s.language).side, r.span.side) : name(r.span.side)); }},
  {"host", {"Host", "主机"}, CellType::Words,
   [](const StateRow& r, const ReportSettings&) { return some(address_text(r.ends.address[own(r)]).view()); }},
  {"port", {"Port", "端口"}, CellType::Number,
   [](const StateRow& r, const ReportSettings&) { return number(r.ends.port[own(r)]); }},
  {"peer", {"Peer", "对端"}, CellType::Words,
   [](const StateRow& r, const ReportSettings&) { return some(address_text(r.ends.address[peer(r)]).view()); }},
  {"peer_port", {"Port", "端口"}, CellType::Number,
   [](const StateRow& r, const ReportSettings&) { return number(r.ends.port[peer(r)]); }},
  {"state", {"State", "状态"}, CellType::Words,
   [](const StateRow& r, const ReportSettings&) { return some(name(r.span.state)); }},
  {"basis", {"Basis", "依据"}, CellType::Words,
   [](const StateRow& r, const ReportSettings& s) { return some(basis_text(r.span.basis, s)); }},
  {"frame", {"Frame", "帧"}, CellType::Number,
   [](const StateRow& r, const ReportSettings&) { return number(r.span.frame); }},
  {"start", {"Since (s)", "自（秒）"}, CellType::Seconds, since},
  {"duration", {"For (s)", "历时（秒）"}, CellType::Seconds,
   [](const StateRow& r, const ReportSettings&) { return seconds(r.span.duration_ns); }},
  {"next", {"Then", "之后"}, CellType::Words, next},
}};
// clang-format on

std::vector<Head> heads_of(const ReportSettings& settings) {
  std::vector<Head> heads = report_heads(kStateColumns, settings);
  if (settings.has_processes())
    heads.push_back({settings.form != TableForm::Text ? "process"
                     : for_chinese(settings)          ? "进程"
                                                      : "Process"});
  return heads;
}

std::vector<Cell> cells_of(const StateRow& row, const ReportSettings& settings) {
  std::vector<Cell> cells = report_cells(kStateColumns, row, settings);
  if (settings.has_processes()) cells.push_back(some(row.process != nullptr ? row.process : ""));
  return cells;
}

}  // namespace

void print_states(std::FILE* out, const Tracker& tracker, const Choice& choice,
                  const ReportSettings& settings, std::optional<State> wanted) {
  TableWriter table(out, settings.form, heads_of(settings));
  for (const std::uint32_t connection : choice.connections(tracker)) {
    const Ends ends = tracker.ends(connection);
    for (const StateSpan& span : state_spans(tracker, connection)) {
      if (wanted && span.state != *wanted) continue;
      StateRow row{connection, ends, span};
      if (settings.has_processes())
        row.process = settings.witness->process_of(tracker, connection, span.side);
      table.row(cells_of(row, settings));
    }
  }
  table.finish();
}

}  // namespace tcpwave
