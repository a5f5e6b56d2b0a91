// See windows.h.
//
// Wireshark asks for a table's rows by one call per segment and shows them when it has gone through all
// of them. Each call looks at its own segment only, so none takes long, and a display filter leaves the
// connections that have a segment which passes, with the findings on those segments. Sockets alone are
// counted in one go.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "windows.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <vector>

#include "connection_row.h"
#include "guarded.h"
#include "self.h"
#include "tap.h"
#include "tcpwave/address.h"
#include "tcpwave/sockets.h"

namespace tcpwave {
namespace {

// More rows hold the window up for longer than anybody waits.
constexpr guint kRows = 100'000;

using Item = stat_tap_table_item_type;

// Wireshark keeps pointers to these.
stat_tap_table_ui& connections_window() {
  static stat_tap_table_ui ui{};
  return ui;
}
stat_tap_table_ui& sockets_window() {
  static stat_tap_table_ui ui{};
  return ui;
}

Item number_item(guint number) {
  Item item{};
  item.type = TABLE_ITEM_UINT;
  item.value.uint_value = number;
  return item;
}
Item seconds_item(double seconds) {
  Item item{};
  item.type = TABLE_ITEM_FLOAT;
  item.value.float_value = seconds;
  return item;
}
/// Freed with its row.
Item words_item(const char* words) {
  Item item{};
  item.type = TABLE_ITEM_STRING;
  item.value.string_value = g_strdup(words);
  return item;
}

void free_item(stat_tap_table*, guint, guint, Item* item) {
  if (item->type == TABLE_ITEM_STRING) g_free(const_cast<char*>(item->value.string_value));
}

stat_tap_table* table_of(void* data) {
  const auto* stat = static_cast<stat_data_t*>(data)->stat_tap_data;
  return g_array_index(stat->tables, stat_tap_table*, 0);
}

void make_table(stat_tap_table_ui* ui) {
  if (ui->tables != nullptr && ui->tables->len > 0) return;  // emptied before it is filled again
  stat_tap_add_table(ui, stat_tap_init_table(ui->title, static_cast<int>(ui->nfields), 0, nullptr));
}

/// Takes the rows out. Another window on the same table may still show them: then they stay in memory.
void empty_table(const stat_tap_table_ui& ui, stat_tap_table* table) {
  if (ui.refcount <= 1) {
    for (guint row = 0; row < table->num_elements; ++row) {
      for (guint i = 0; i < table->num_fields; ++i)
        free_item(table, row, i, &table->elements[row][i]);
      g_free(table->elements[row]);
    }
    g_free(table->elements);
  }
  table->elements = nullptr;
  table->num_elements = 0;
}

// --- connections --------------------------------------------------------------------------------

/// What the window shows so far.
struct Listing {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  std::vector<std::uint32_t> row_of;             ///< by connection
  std::vector<std::bitset<kFindings>> findings;  ///< by row
};
Listing& listing() {
  static Listing the_listing;
  return the_listing;
}

Item item_of(const Column& column, const ConnectionSummary& summary) {
  Item item{};  // TABLE_ITEM_NONE: nothing to say
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

using ConnectionItems = std::array<Item, kColumns>;

void add_connection(stat_tap_table* table, const ConnectionSummary& summary) {
  ConnectionItems items{};
  for (std::size_t i = 0; i < kColumns; ++i) items[i] = item_of(connection_columns()[i], summary);
  stat_tap_init_table_row(table, table->num_elements, kColumns, items.data());
}

/// The last row of a table that was cut says so.
void note_cut(stat_tap_table* table, std::uint32_t connections) {
  constexpr std::size_t kClient = 2;
  ConnectionItems items{};
  items[0] = number_item(connections);
  const Text note = Text("cut: the capture has ")
                    << connections << " connections; -z tcpwave,conns "
                    << "of tshark lists all";
  items[kClient] = words_item(note.c_str());
  stat_tap_init_table_row(table, table->num_elements, kColumns, items.data());
}

/// What a segment brings to the window.
struct News {
  enum class Kind : std::uint8_t { Nothing, Connection, Findings } kind = Kind::Nothing;
  ConnectionSummary summary;  ///< of a connection that has no row; else only its findings
  std::uint32_t row = 0;
};

News news_of(SegmentId id, std::uint32_t rows) {
  const Tracker& tracker = self().session->tracker();
  const Annotation a = tracker.annotate(id, Known::Final);
  if (!a.tracked) return {};
  Listing& list = listing();
  if (a.connection >= list.row_of.size()) list.row_of.resize(tracker.connections(), Listing::kNone);
  std::uint32_t& row = list.row_of[a.connection];
  std::bitset<kFindings> found;
  for (const FindingHit& hit : a.findings) found.set(static_cast<std::size_t>(hit.finding));
  if (row == Listing::kNone) {
    row = rows;
    list.findings.push_back(found);
    News news{News::Kind::Connection, summarize_briefly(tracker, a.connection), row};
    news.summary.findings = found;
    return news;
  }
  if (row >= list.findings.size() || (found & ~list.findings[row]).none()) return {};
  News news{News::Kind::Findings, {}, row};
  news.summary.findings = list.findings[row] |= found;
  return news;
}

tap_packet_status tap_connections(void* data, packet_info*, epan_dissect_t*, const void* tapped,
                                  tap_flags_t) {
  constexpr std::size_t kFindingsColumn = kColumns - 1;
  stat_tap_table* table = table_of(data);
  if (!self().session) return TAP_PACKET_DONT_REDRAW;
  News news;
  if (listing().findings.size() <= kRows)
    guarded("a connection is not listed",
            [&] { news = news_of(static_cast<const Tapped*>(tapped)->id, table->num_elements); });
  if (news.kind == News::Kind::Nothing) return TAP_PACKET_DONT_REDRAW;
  if (news.row >= kRows) {
    if (table->num_elements == kRows) note_cut(table, self().session->tracker().connections());
  } else if (news.kind == News::Kind::Connection) {
    add_connection(table, news.summary);
  } else {
    Item& cell = table->elements[news.row][kFindingsColumn];
    free_item(table, news.row, kFindingsColumn, &cell);
    cell = item_of(connection_columns()[kFindingsColumn], news.summary);
  }
  return TAP_PACKET_REDRAW;
}

void define_connections(stat_tap_table_ui& ui) {
  static std::array<stat_tap_table_item, kColumns> columns;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const Column& column = connection_columns()[i];
    const bool words = column.type == CellType::Words;
    const auto number = column.type == CellType::Seconds ? TABLE_ITEM_FLOAT : TABLE_ITEM_UINT;
    columns[i] = {words ? TABLE_ITEM_STRING : number, words ? TAP_ALIGN_LEFT : TAP_ALIGN_RIGHT,
                  column.title, "%s"};
  }
  ui.title = "TCP Wave: Connections";
  ui.cli_string = "tcpwave,conns";
  ui.packet_func = tap_connections;
  ui.stat_tap_reset_table_cb = [](stat_tap_table* table) {
    empty_table(connections_window(), table);
    listing() = Listing{};
  };
  ui.nfields = columns.size();
  ui.fields = columns.data();
}

// --- sockets ------------------------------------------------------------------------------------

/// The census of the whole capture, taken at the first segment; its rows are shown when a segment of
/// their host passes.
struct Census {
  std::vector<SocketCount> counts;
  std::vector<bool> shown;
};
Census& census() {
  static Census the_census;
  return the_census;
}

void show_host(stat_tap_table* table, const Address& host) {
  constexpr double kSecond = 1e9;
  const std::int64_t start_ns = self().session->tracker().start_ns();
  Census& c = census();
  const auto first = std::lower_bound(
      c.counts.begin(), c.counts.end(), host,
      [](const SocketCount& count, const Address& a) { return ByAddress{}(count.host, a); });
  for (auto i = static_cast<std::size_t>(first - c.counts.begin()); i < c.counts.size(); ++i) {
    const SocketCount& count = c.counts[i];
    if (!(count.host == host) || c.shown[i] || table->num_elements >= kRows) return;
    c.shown[i] = true;
    const std::array<Item, 5> items{
        words_item(address_text(count.host).c_str()), words_item(name(count.state).data()),
        number_item(count.now), number_item(count.peak),
        seconds_item(static_cast<double>(count.peak_ns - start_ns) / kSecond)};
    stat_tap_init_table_row(table, table->num_elements, items.size(), items.data());
  }
}

tap_packet_status tap_sockets(void* data, packet_info*, epan_dissect_t*, const void* tapped,
                              tap_flags_t) {
  stat_tap_table* table = table_of(data);
  if (!self().session || table->num_elements > kRows) return TAP_PACKET_DONT_REDRAW;
  const Tracker& tracker = self().session->tracker();
  Census& c = census();
  if (c.counts.empty()) {
    guarded("sockets are not counted", [&] {
      c.counts = count_sockets(tracker, tracker.end_ns());
      c.shown.assign(c.counts.size(), false);
    });
  }
  Route route;
  if (!guarded("a host is not listed",
               [&] { route = tracker.route(static_cast<const Tapped*>(tapped)->id); }))
    return TAP_PACKET_DONT_REDRAW;
  show_host(table, route.source);
  show_host(table, route.destination);
  return TAP_PACKET_REDRAW;
}

void define_sockets(stat_tap_table_ui& ui) {
  static std::array<stat_tap_table_item, 5> columns{{
      {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Host", "%s"},
      {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "State", "%s"},
      {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Sockets at the end", "%u"},
      {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Peak", "%u"},
      {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Peak at (s)", "%f"},
  }};
  ui.title = "TCP Wave: Sockets";
  ui.cli_string = "tcpwave,sockets";
  ui.packet_func = tap_sockets;
  ui.stat_tap_reset_table_cb = [](stat_tap_table* table) {
    empty_table(sockets_window(), table);
    census() = Census{};
  };
  ui.nfields = columns.size();
  ui.fields = columns.data();
}

}  // namespace

void register_windows() {
  define_connections(connections_window());
  define_sockets(sockets_window());
  for (stat_tap_table_ui* ui : {&connections_window(), &sockets_window()}) {
    ui->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    ui->tap_name = kTapName;
    ui->stat_tap_init_cb = make_table;
    ui->stat_tap_free_table_item_cb = free_item;
    register_stat_tap_table_ui(ui);
  }
}

}  // namespace tcpwave
