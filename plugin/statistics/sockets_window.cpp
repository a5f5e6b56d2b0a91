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

/// The states that a socket can be in, as columns: how many at the end of the capture, and the most at once.
constexpr std::array kStatesShown{
    State::SynSent,   State::SynReceived, State::Established, State::FinWait1, State::FinWait2,
    State::CloseWait, State::Closing,     State::LastAck,     State::TimeWait, State::Unknown};
constexpr std::size_t kHost = 0, kNow = 1, kPeak = kNow + kStatesShown.size(),
                      kShown = kPeak + kStatesShown.size();
using Items = std::array<TableItem, kShown>;

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
  std::deque<std::uint32_t> row_of;  ///< by host
  std::vector<SocketCensus::CellId> news;
};
std::optional<Listing>& listing() {
  static std::optional<Listing> the_listing;
  return the_listing;
}

// --- rows ---------------------------------------------------------------------------------------

void set_numbers(TableItem* items, const SocketCount& count) {
  for (std::size_t i = 0; i < kStatesShown.size(); ++i) {
    if (kStatesShown[i] != count.state) continue;
    items[kNow + i] = number_item(count.now);
    items[kPeak + i] = number_item(count.peak);
  }
}

/// Sorts before all addresses; fits into the columns, which are as wide as the rows above.
void add_note(stat_tap_table* table, const char* what, const char* more) {
  Items items{};
  items[kHost] = words_item((Text(what) << " " << more).c_str());
  stat_tap_init_table_row(table, table->num_elements, items.size(), items.data());
}

/// A host begins with no socket in any state.
void add_host(stat_tap_table* table, std::uint32_t& row, const Address& host) {
  static_assert(kTableRows == 100'000);
  if (table->num_elements == kTableRows) add_note(table, "(cut)", "at 100,000");
  if (table->num_elements > kTableRows) return;
  row = table->num_elements;
  Items items{};
  items[kHost] = words_item(address_text(host).c_str());
  for (std::size_t i = kNow; i < kShown; ++i) items[i] = number_item(0);
  stat_tap_init_table_row(table, row, items.size(), items.data());
}

void show_news(stat_tap_table* table, Listing& list) {
  for (const SocketCensus::CellId cell : list.news) {
    const SocketCount count = list.census.counted(cell);
    std::uint32_t& row = list.row_of[list.census.host_of(cell)];
    if (row == Listing::kNone) add_host(table, row, count.host);
    if (row != Listing::kNone) set_numbers(table->elements[row], count);
  }
  list.news.clear();
}

// --- counting -----------------------------------------------------------------------------------

/// Notes what has changed at hosts that are listed.
void note_changes(Listing& list) {
  for (const SocketCensus::CellId cell : list.census.changed()) {
    const auto host = list.census.host_of(cell);
    if (host >= list.row_of.size()) list.row_of.resize(host + 1, Listing::kNone);
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
  if (*host >= list.row_of.size()) list.row_of.resize(*host + 1, Listing::kNone);
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

std::array<stat_tap_table_item, kShown>& columns() {
  static std::array<stat_tap_table_item, kShown> all;  // Wireshark keeps a pointer
  return all;
}

/// `ESTABLISHED`, `ESTABLISHED, most`
const char* title_of(std::size_t column, Language language) {
  static std::array<std::array<Text, kStatesShown.size()>, kLanguages> most;
  if (column == kHost) return language == Language::English ? "Host" : "主机";
  if (column < kPeak) return name(kStatesShown[column - kNow]).data();
  Text& text = most[static_cast<std::size_t>(language)][column - kPeak];
  if (text.empty())
    text << name(kStatesShown[column - kPeak])
         << (language == Language::English ? ", most" : "，最多");
  return text.c_str();
}

}  // namespace

void name_sockets_window(Language language) {
  for (std::size_t i = 0; i < kShown; ++i)
    columns()[i] =
        table_column(i == kHost ? CellType::Words : CellType::Number, title_of(i, language));
}

void register_sockets_window() {
  name_sockets_window(Language::English);
  stat_tap_table_ui& ui = window();
  ui.title = "TCP Wave: Sockets";
  ui.cli_string = "tcpwave,sockets";
  ui.stat_tap_init_cb = open;
  ui.packet_func = tap_hosts;
  ui.stat_tap_reset_table_cb = start;
  ui.nfields = columns().size();
  ui.fields = columns().data();
  register_table(ui);
}

}  // namespace tcpwave
