// Statistics, TCP Wave: Connections. See windows.h and stat_table.h.
//
// A display filter chooses connections: each that has a segment which passes is listed, with all that is
// known of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <bitset>
#include <deque>
#include <optional>

#include "guarded.h"
#include "self.h"
#include "statistics/connection_row.h"
#include "statistics/stat_table.h"
#include "statistics/tap.h"
#include "statistics/windows.h"

namespace tcpwave {
namespace {

using Items = std::array<TableItem, kColumns>;
constexpr std::size_t kClientColumn = 2, kFindingsColumn = kColumns - 1;

stat_tap_table_ui& window() {
  static stat_tap_table_ui ui{};  // Wireshark keeps a pointer
  return ui;
}

/// While the window is filled.
struct Listing {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  struct Connection {
    std::uint32_t row = kNone;
    std::bitset<kFindings> findings;  ///< so far
  };
  std::deque<Connection> connections;  ///< by number; grows in small steps
};
std::optional<Listing>& listing() {
  static std::optional<Listing> the_listing;
  return the_listing;
}

/// Null where no window is filled, and for a segment of no known connection.
Listing::Connection* listed(SegmentId id) {
  Listing::Connection* found = nullptr;
  guarded("a connection is not listed", [&] {
    const auto connection = self().session->tracker().connection_of(id);
    if (!listing() || !connection) return;
    auto& all = listing()->connections;
    if (*connection >= all.size()) all.resize(*connection + 1);
    found = &all[*connection];
  });
  return found;
}

TableItem item_of(const Column& column, const ConnectionSummary& summary) {
  TableItem item{};  // TABLE_ITEM_NONE: nothing to say
  guarded("a cell is empty", [&] {
    const Cell cell = column.cell(summary);
    if (!cell.present) return;
    switch (column.type) {
      case CellType::Number:
        item = number_item(cell.number);
        break;
      case CellType::Seconds:
        item = seconds_item(cell.seconds);
        break;
      case CellType::Words:
        item = words_item(cell.words.c_str());
        break;
    }
  });
  return item;
}

void add_row(stat_tap_table* table, const ConnectionSummary& summary) {
  Items items{};
  for (std::size_t i = 0; i < kColumns; ++i) items[i] = item_of(connection_columns()[i], summary);
  stat_tap_init_table_row(table, table->num_elements, kColumns, items.data());
}

/// A row without a number, which Wireshark sorts before all others; words that fit into the columns, which
/// are as wide as the rows above.
void add_note(stat_tap_table* table, const char* what, const char* remedy) {
  Items items{};
  items[kClientColumn] = words_item(what);
  items[kClientColumn + 1] = words_item(remedy);
  stat_tap_init_table_row(table, table->num_elements, kColumns, items.data());
}

/// A segment that passes the filter: its connection is listed.
tap_packet_status tap_connection(void* data, packet_info*, epan_dissect_t*, const void* tapped,
                                 tap_flags_t) {
  if (!self().session) return TAP_PACKET_DONT_REDRAW;
  const SegmentId id = static_cast<const Tapped*>(tapped)->id;
  stat_tap_table* table = table_of(data);
  if (static_cast<const Tapped*>(tapped)->known != Known::Final) {
    if (table->num_elements > 0) return TAP_PACKET_DONT_REDRAW;
    add_note(table, kNotFinal, kNotFinalRemedy);
    return TAP_PACKET_REDRAW;
  }
  Listing::Connection* connection = listed(id);
  const bool news = connection != nullptr && connection->row == Listing::kNone;
  if (!news || table->num_elements > kTableRows) return TAP_PACKET_DONT_REDRAW;
  const Tracker& tracker = self().session->tracker();
  if (table->num_elements == kTableRows) {
    static_assert(kTableRows == 100'000);
    add_note(table, "(cut at 100,000)", "tshark has all");
    return TAP_PACKET_REDRAW;
  }
  ConnectionSummary summary;
  if (!guarded("a connection is not listed",
               [&] { summary = summarize_briefly(tracker, *tracker.connection_of(id)); }))
    return TAP_PACKET_DONT_REDRAW;
  summary.findings = connection->findings;
  connection->row = table->num_elements;
  add_row(table, summary);
  return TAP_PACKET_REDRAW;
}

/// Every segment: its findings are its connection's.
void hear(const Tapped& segment) {
  if (segment.known != Known::Final) listing().reset();  // another file
  Listing::Connection* connection = listed(segment.id);
  const Tracker& tracker = self().session->tracker();
  if (connection != nullptr) {
    ConnectionSummary summary;
    summary.findings = connection->findings;
    guarded("a finding is not listed", [&] {
      for (const FindingHit& hit : tracker.annotate(segment.id, Known::Final).findings)
        connection->findings.set(static_cast<std::size_t>(hit.finding));
    });
    stat_tap_table* table = table_of(window());
    const bool news = summary.findings != connection->findings;
    if (news && table != nullptr && connection->row < table->num_elements) {
      summary.findings = connection->findings;
      TableItem& cell = table->elements[connection->row][kFindingsColumn];
      free_item(table, connection->row, kFindingsColumn, &cell);
      cell = item_of(connection_columns()[kFindingsColumn], summary);
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
  guarded("connections are not listed", [] { listing().emplace(); });
}

}  // namespace

void register_connections_window() {
  static std::array<stat_tap_table_item, kColumns> columns;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const Column& column = connection_columns()[i];
    const bool words = column.type == CellType::Words;
    const bool seconds = column.type == CellType::Seconds;
    // Later versions print by this format.
    columns[i] = {words     ? TABLE_ITEM_STRING
                  : seconds ? TABLE_ITEM_FLOAT
                            : TABLE_ITEM_UINT,
                  words ? TAP_ALIGN_LEFT : TAP_ALIGN_RIGHT, column.title,
                  words     ? "%s"
                  : seconds ? "%f"
                            : "%u"};
  }
  stat_tap_table_ui& ui = window();
  ui.title = "TCP Wave: Connections";
  ui.cli_string = "tcpwave,conns";
  ui.stat_tap_init_cb = open;
  ui.packet_func = tap_connection;
  ui.stat_tap_reset_table_cb = start;
  ui.nfields = columns.size();
  ui.fields = columns.data();
  register_table(ui);
}

}  // namespace tcpwave
