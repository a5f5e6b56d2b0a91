// Statistics, TCP Wave, Outcomes. See windows.h and stat_table.h.
//
// The first segment of a connection that passes the window's filter brings its outcome, and every segment
// its findings.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <bitset>
#include <deque>
#include <optional>
#include <utility>

#include "guarded.h"
#include "self.h"
#include "statistics/outcome_count.h"
#include "statistics/stat_table.h"
#include "statistics/tap.h"
#include "statistics/windows.h"

namespace tcpwave {
namespace {

constexpr std::size_t kShown = 4;  // columns for people
using Findings = std::bitset<kFindings>;

stat_tap_table_ui& window() {
  static stat_tap_table_ui ui{};  // Wireshark keeps a pointer
  return ui;
}

/// While the window is filled.
struct Listing {
  struct Connection {
    bool counted = false;
    Findings findings;  ///< so far
  };
  OutcomeCount count;
  std::deque<Connection> connections;  ///< by number; grows in small steps
};
std::optional<Listing>& listing() {
  static std::optional<Listing> the_listing;
  return the_listing;
}

/// Null where no window is filled, and for a segment of no known connection.
Listing::Connection* known(SegmentId id) {
  Listing::Connection* found = nullptr;
  guarded("a connection is not counted", [&] {
    const auto connection = self().session->tracker().connection_of(id);
    if (!listing() || !connection) return;
    auto& all = listing()->connections;
    if (*connection >= all.size()) all.resize(*connection + 1);
    found = &all[*connection];
  });
  return found;
}

using Items = std::array<TableItem, kShown>;

Items items_of(const OutcomeRow& row, std::uint32_t all) {
  Items items{};
  std::size_t n = 0;
  for (const OutcomeColumn& column : outcome_columns()) {
    if (column.title[0] == nullptr) continue;
    guarded("a cell is empty", [&] {
      items[n++] = item_of(column.type, column.cell(row, all, self().preferences.shown_language()));
    });
  }
  return items;
}

/// There are few rows, so all are written again: the shares change with each connection.
void show(stat_tap_table* table) {
  const OutcomeCount& count = listing()->count;
  for (guint row = 0; row < count.rows().size(); ++row) {
    Items items = items_of(count.rows()[row], count.connections());
    if (row >= table->num_elements) {
      stat_tap_init_table_row(table, row, items.size(), items.data());
      continue;
    }
    for (guint i = 0; i < items.size(); ++i) {
      free_item(table, row, i, &table->elements[row][i]);
      table->elements[row][i] = items[i];
    }
  }
}

/// False where the table has rows.
bool note_not_final(stat_tap_table* table) {
  if (table->num_elements > 0) return false;
  Items items{};
  items[0] = words_item(kNotFinal);
  items[1] = words_item(kNotFinalRemedy);
  stat_tap_init_table_row(table, 0, items.size(), items.data());
  return true;
}

void count_findings(const Findings& findings) {
  guarded("a finding is not counted", [&] {
    for (std::size_t i = 0; i < kFindings; ++i)
      if (findings[i]) listing()->count.add(static_cast<Finding>(i));
  });
}

tap_packet_status tap_connection(void* data, packet_info*, epan_dissect_t*, const void* tapped,
                                 tap_flags_t) {
  if (!self().session) return TAP_PACKET_DONT_REDRAW;
  stat_tap_table* table = table_of(data);
  if (static_cast<const Tapped*>(tapped)->known != Known::Final)
    return note_not_final(table) ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
  const SegmentId id = static_cast<const Tapped*>(tapped)->id;
  Listing::Connection* connection = known(id);
  if (connection == nullptr || std::exchange(connection->counted, true))
    return TAP_PACKET_DONT_REDRAW;
  const Tracker& tracker = self().session->tracker();
  guarded("a connection is not counted", [&] {
    const ConnectionSummary s = summarize_briefly(tracker, *tracker.connection_of(id));
    listing()->count.set_captured(tracker.connections());
    listing()->count.add(s.outcome, s.outcome_kind);
  });
  count_findings(connection->findings);
  show(table);
  return TAP_PACKET_REDRAW;
}

/// Every segment: its findings are its connection's.
void hear(const Tapped& segment) {
  const Tracker& tracker = self().session->tracker();
  stat_tap_table* table = table_of(window());
  if (segment.known != Known::Final || table == nullptr) listing().reset();  // another file
  if (Listing::Connection* connection = known(segment.id)) {
    Findings news;
    guarded("a finding is not counted", [&] {
      for (const FindingHit& hit : tracker.annotate(segment.id, Known::Final).findings)
        news.set(static_cast<std::size_t>(hit.finding));
    });
    news &= ~connection->findings;
    connection->findings |= news;
    if (connection->counted && news.any()) {
      count_findings(news);
      show(table);
    }
  }
  if (segment.id + 1 == tracker.segments()) listing().reset();
}

void open(stat_tap_table_ui* ui) {
  make_table(ui);
  hear_every_segment(hear);
}

void start(stat_tap_table* table) {
  empty_table(window(), table);
  listing().reset();
  guarded("outcomes are not counted", [] { listing().emplace(); });
}

std::array<stat_tap_table_item, kShown>& columns() {
  static std::array<stat_tap_table_item, kShown> all;  // Wireshark keeps a pointer
  return all;
}

}  // namespace

void name_outcomes_window(Language language) {
  std::size_t n = 0;
  for (const OutcomeColumn& column : outcome_columns()) {
    const char* title = column.title[static_cast<std::size_t>(language)];
    if (title != nullptr) columns()[n++] = table_column(column.type, title);
  }
}

void register_outcomes_window() {
  name_outcomes_window(Language::English);
  stat_tap_table_ui& ui = window();
  ui.title = "TCP Wave: Outcomes";
  ui.cli_string = "tcpwave,tree";
  ui.stat_tap_init_cb = open;
  ui.packet_func = tap_connection;
  ui.stat_tap_reset_table_cb = start;
  ui.nfields = columns().size();
  ui.fields = columns().data();
  register_table(ui);
}

}  // namespace tcpwave
