// See menu.h.
//
// Wireshark puts tables flat into its Statistics menu. So ours are registered for no menu
// (stat_table.cpp), and the entries here ask for them as `-z` on the command line would.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/menu.h"

#include <charconv>
#include <cstring>

#include "epan.h"
#include "statistics/ladder_window.h"

namespace tcpwave {
namespace {

std::uint32_t selected_frame() {
  ws_info_t* info = nullptr;
  plugin_if_get_ws_info(&info);
  return info != nullptr && info->ws_info_supported ? info->cf_framenr : 0;
}

void open_table(ext_menubar_gui_type, gpointer, gpointer option) {
  if (process_stat_cmd_arg(static_cast<const char*>(option))) start_requested_stats();
}

void open_ladder(ext_menubar_gui_type, gpointer, gpointer) { show_ladder(selected_frame()); }

void open_overview(ext_menubar_gui_type, gpointer, gpointer) { show_overview(); }

void number_given(gchar** input, void*) {
  std::uint32_t connection = 0;
  const char* end = input[0] + std::strlen(input[0]);
  const auto [at, error] = std::from_chars(input[0], end, connection);
  if (error == std::errc{} && at == end) go_to_connection(connection);
}

void ask_for_connection(ext_menubar_gui_type, gpointer, gpointer) {
  const funnel_ops_t* ops = funnel_get_funnel_ops();
  if (ops == nullptr || ops->new_dialog == nullptr) return;
  static const char* names[] = {"Number of the connection", nullptr};
  static const char* values[] = {"", nullptr};
  ops->new_dialog(ops->ops_id, "TCP Wave: Go to Connection", names, values, number_given, nullptr,
                  [](void*) {});
}

gpointer option(const char* text) { return const_cast<char*>(text); }

}  // namespace

void register_menu(int protocol) {
  ext_menu_t* menu = ext_menubar_register_menu(protocol, "TCP Wave", TRUE);
  ext_menubar_set_parentmenu(menu, "Statistics");
  ext_menubar_add_entry(menu, "Connections", "A row per connection", open_table,
                        option("tcpwave,conns"));
  ext_menubar_add_entry(menu, "Sockets", "How many sockets each host has in each state", open_table,
                        option("tcpwave,sockets"));
  ext_menubar_add_entry(menu, "Outcomes", "Outcomes and findings, counted", open_table,
                        option("tcpwave,tree"));
  ext_menubar_add_entry(menu, "Overview", "Connections that went the same way, counted",
                        open_overview, nullptr);
  ext_menubar_add_separator(menu);
  ext_menubar_add_entry(menu, "Ladder of This Connection",
                        "Draws the connection of the selected packet as textbooks do", open_ladder,
                        nullptr);
  ext_menubar_add_entry(menu, "Go to Connection...",
                        "Shows the packets of a connection by its number", ask_for_connection,
                        nullptr);
}

}  // namespace tcpwave
