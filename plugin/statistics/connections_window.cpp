// Statistics, TCP Wave: Connections. See windows.h and stat_table.h.
//
// A display filter chooses connections: each that has a segment which passes is listed, with all that is
// known of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <bitset>
#include <deque>
#include <optional>
#include <string_view>

#include "guarded.h"
#include "self.h"
#include "statistics/connection_row.h"
#include "statistics/stat_table.h"
#include "statistics/tap.h"
#include "statistics/windows.h"

namespace tcpwave {
namespace {

constexpr std::size_t kShown = kWindowColumns;
using Items = std::array<TableItem, kShown>;

/// The list's rows that the window shows.
const std::array<const Column*, kShown>& shown() {
  static const auto all = [] {
    std::array<const Column*, kShown> some{};
    std::size_t n = 0;
    for (const Column& column : connection_columns())
      if ((column.where & kWindow) != 0) some[n++] = &column;
    return some;
  }();
  return all;
}

std::size_t place_of(std::string_view name) {
  std::size_t i = 0;
  while (i + 1 < kShown && shown()[i]->name != name) ++i;
  return i;
}

/// What the segments bring one by one.
constexpr std::array<std::string_view, 3> kGrowing{"client_bytes", "server_bytes", "findings"};

stat_tap_table_ui& window() {
  static stat_tap_table_ui ui{};  // Wireshark keeps a pointer
  return ui;
}

/// While the window is filled.
struct Listing {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  struct Connection {
    std::uint32_t row = kNone;
    std::bitset<kFindings> findings;  ///< so far, as are the bytes
    std::array<std::uint64_t, 2> bytes{};
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
    const RowContext context{self().session->tracker().start_ns(),
                             self().preferences.shown_language()};
    item = item_of(column.type, column.cell(summary, context));
  });
  return item;
}

void add_row(stat_tap_table* table, const ConnectionSummary& summary) {
  Items items{};
  for (std::size_t i = 0; i < kShown; ++i) items[i] = item_of(*shown()[i], summary);
  stat_tap_init_table_row(table, table->num_elements, kShown, items.data());
}

/// A row without a number, which Wireshark sorts before all others; words that fit into the columns, which
/// are as wide as the rows above.
void add_note(stat_tap_table* table, const char* what, const char* remedy) {
  Items items{};
  items[place_of("client")] = words_item(what);
  items[place_of("server")] = words_item(remedy);
  stat_tap_init_table_row(table, table->num_elements, kShown, items.data());
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
  summary.bytes = connection->bytes;
  connection->row = table->num_elements;
  add_row(table, summary);
  return TAP_PACKET_REDRAW;
}

/// Writes what has grown.
void update(stat_tap_table* table, guint row, const ConnectionSummary& summary) {
  for (const std::string_view name : kGrowing) {
    const std::size_t i = place_of(name);
    TableItem& cell = table->elements[row][i];
    free_item(table, row, static_cast<guint>(i), &cell);
    cell = item_of(*shown()[i], summary);
  }
}

/// Every segment: its findings are its connection's, and so is its payload.
void hear(const Tapped& segment) {
  if (segment.known != Known::Final) listing().reset();  // another file
  Listing::Connection* connection = listed(segment.id);
  const Tracker& tracker = self().session->tracker();
  if (connection != nullptr) {
    ConnectionSummary summary;
    summary.findings = connection->findings;
    summary.bytes = connection->bytes;
    guarded("a finding is not listed",
            [&] { add_segment(summary, tracker.annotate(segment.id, Known::Final)); });
    const bool news =
        summary.findings != connection->findings || summary.bytes != connection->bytes;
    connection->findings = summary.findings;
    connection->bytes = summary.bytes;
    stat_tap_table* table = table_of(window());
    if (news && table != nullptr && connection->row < table->num_elements)
      update(table, connection->row, summary);
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

std::array<stat_tap_table_item, kShown>& columns() {
  static std::array<stat_tap_table_item, kShown> all;  // Wireshark keeps a pointer
  return all;
}

}  // namespace

void name_connections_window(Language language) {
  for (std::size_t i = 0; i < kShown; ++i)
    columns()[i] =
        table_column(shown()[i]->type, shown()[i]->title[static_cast<std::size_t>(language)]);
}

void register_connections_window() {
  name_connections_window(Language::English);
  stat_tap_table_ui& ui = window();
  ui.title = "TCP Wave: Connections";
  ui.cli_string = "tcpwave,conns";
  ui.stat_tap_init_cb = open;
  ui.packet_func = tap_connection;
  ui.stat_tap_reset_table_cb = start;
  ui.nfields = columns().size();
  ui.fields = columns().data();
  register_table(ui);
}

}  // namespace tcpwave
