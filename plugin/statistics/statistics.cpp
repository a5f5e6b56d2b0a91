// See statistics.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "statistics/statistics.h"

#include <string_view>

#include "epan.h"
#include "statistics/flow_graph.h"
#include "statistics/terminal.h"
#include "statistics/windows.h"

namespace tcpwave {

bool has_windows() {
  const char* program = g_get_prgname();
  return program != nullptr && std::string_view(program) == "wireshark";
}

void register_statistics() {
  // One string registered by both ways would silently be the first one's alone.
  if (!has_windows()) {
    register_terminal_options();
    return;
  }
  register_connections_window();
  register_sockets_window();
  register_outcomes_window();
}

void name_statistics(Language language) {
  name_connections_window(language);
  name_sockets_window(language);
  name_outcomes_window(language);
}

}  // namespace tcpwave
