// Statistics, TCP Wave: Sockets. See windows.h and stat_table.h.
//
// All sockets of the capture are counted; a display filter chooses the hosts that are listed, those with a
// segment which passes.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "guarded.h"
#include "self.h"
#include "statistics/stat_table.h"
#include "statistics/tap.h"
#include "statistics/windows.h"
#include "tcpwave/address.h"
#include "tcpwave/show/sockets.h"

namespace tcpwave {
namespace {

using Items = std::array<TableItem, 5>;

stat_tap_table_ui& window() {
  static stat_tap_table_ui ui{};  // Wireshark keeps a pointer
  return ui;
}

/// While the window is filled.
struct Listing {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  explicit Listing(const Tracker& tracker) : census(tracker) {}
  SocketCensus census;
  std::deque<bool> shown;            ///< by host
  std::deque<std::uint32_t> row_of;  ///< by cell of the census
  std::vector<SocketCensus::CellId> news;
};
std::optional<Listing>& listing() {
  static std::optional<Listing> the_listing;
  return the_listing;
}

// --- rows ---------------------------------------------------------------------------------------

void set_numbers(TableItem* items, const SocketCount& count) {
  constexpr double kSecond = 1e9;
  const std::int64_t start_ns = self().session->tracker().start_ns();
  items[2] = number_item(count.now);
  items[3] = number_item(count.peak);
  items[4] = seconds_item(static_cast<double>(count.peak_ns - start_ns) / kSecond);
}

/// Sorts before all addresses; fits into the columns, which are as wide as the rows above.
void add_note(stat_tap_table* table, const char* what, const char* more) {
  Items items{};
  items[0] = words_item(what);
  items[1] = words_item(more);
  stat_tap_init_table_row(table, table->num_elements, items.size(), items.data());
}

void show(stat_tap_table* table, std::uint32_t& row, const SocketCount& count) {
  if (row != Listing::kNone) {
    set_numbers(table->elements[row], count);
    return;
  }
  static_assert(kTableRows == 100'000);
  if (table->num_elements == kTableRows) add_note(table, "(cut)", "at 100,000");
  if (table->num_elements > kTableRows) return;
  row = table->num_elements;
  Items items{words_item(address_text(count.host).c_str()), words_item(name(count.state).data())};
  set_numbers(items.data(), count);
  stat_tap_init_table_row(table, row, items.size(), items.data());
}

void show_news(stat_tap_table* table, Listing& list) {
  for (const SocketCensus::CellId cell : list.news)
    show(table, list.row_of[cell], list.census.counted(cell));
  list.news.clear();
}

// --- counting -----------------------------------------------------------------------------------

/// Notes what has changed at hosts that are listed.
void note_changes(Listing& list) {
  list.row_of.resize(list.census.cells(), Listing::kNone);
  for (const SocketCensus::CellId cell : list.census.changed()) {
    const auto host = list.census.host_of(cell);
    if (host < list.shown.size() && list.shown[host]) list.news.push_back(cell);
  }
}

void count_to(Listing& list, SegmentId id) {
  list.census.go_to(id);
  note_changes(list);
  if (id + 1 < self().session->tracker().segments()) return;
  list.census.finish();
  note_changes(list);
}

void list_host(Listing& list, const Address& address) {
  const auto host = list.census.find(address);
  if (!host) return;
  if (*host >= list.shown.size()) list.shown.resize(*host + 1);
  if (std::exchange(list.shown[*host], true)) return;
  for (const SocketCensus::CellId cell : list.census.cells_of(*host))
    if (list.census.counted(cell).peak > 0) list.news.push_back(cell);
}

/// A segment that passes the filter: its hosts are listed.
tap_packet_status tap_hosts(void* data, packet_info*, epan_dissect_t*, const void* tapped,
                            tap_flags_t) {
  const SegmentId id = static_cast<const Tapped*>(tapped)->id;
  if (static_cast<const Tapped*>(tapped)->known != Known::Final) {
    listing().reset();  // what it counts is gone
    stat_tap_table* table = table_of(data);
    if (table->num_elements > 0) return TAP_PACKET_DONT_REDRAW;
    add_note(table, kNotFinal, kNotFinalRemedy);
    return TAP_PACKET_REDRAW;
  }
  if (!self().session || !listing()) return TAP_PACKET_DONT_REDRAW;
  guarded("sockets are not listed", [&] {
    const Route route = self().session->tracker().route(id);
    count_to(*listing(), id);
    list_host(*listing(), route.source);
    list_host(*listing(), route.destination);
  });
  show_news(table_of(data), *listing());
  return TAP_PACKET_REDRAW;
}

/// Every segment is counted.
void hear(const Tapped& segment) {
  stat_tap_table* table = table_of(window());
  // Another file, or a window that was closed before it was filled.
  if (segment.known != Known::Final || table == nullptr) listing().reset();
  if (!listing()) return;
  guarded("sockets are not counted", [&] { count_to(*listing(), segment.id); });
  show_news(table, *listing());
  if (segment.id + 1 == self().session->tracker().segments()) listing().reset();
}

void open(stat_tap_table_ui* ui) {
  make_table(ui);
  hear_every_segment(hear);
}

void start(stat_tap_table* table) {
  empty_table(window(), table);
  listing().reset();
  if (!self().session) return;
  guarded("sockets are not counted", [] { listing().emplace(self().session->tracker()); });
}

}  // namespace

void register_sockets_window() {
  static std::array<stat_tap_table_item, 5> columns{{
      {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Host", "%s"},
      {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "State", "%s"},
      {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Sockets at the end", "%u"},
      {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Peak", "%u"},
      {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Peak at (s)", "%f"},
  }};
  stat_tap_table_ui& ui = window();
  ui.title = "TCP Wave: Sockets";
  ui.cli_string = "tcpwave,sockets";
  ui.stat_tap_init_cb = open;
  ui.packet_func = tap_hosts;
  ui.stat_tap_reset_table_cb = start;
  ui.nfields = columns.size();
  ui.fields = columns.data();
  register_table(ui);
}

}  // namespace tcpwave
