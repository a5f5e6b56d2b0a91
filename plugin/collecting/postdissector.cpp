// See postdissector.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/postdissector.h"

#include "collecting/collector.h"
#include "collecting/unseen.h"
#include "self.h"

namespace tcpwave {
namespace {

int name_unseen(tvbuff_t*, packet_info* pinfo, proto_tree* tree, void*) {
  const Self& s = self();
  if (s.unseen_possible && !s.disabled)
    write_unseen_layers(pinfo, tree, s.visit, s.visit.count(visit_key(*pinfo)));
  return 0;
}

/// Some table's entry was changed to TCP itself.
void note_way_to_tcp(const gchar*, ftenum_t, gpointer, gpointer entry, gpointer found) {
  const auto handle = dtbl_entry_get_handle(static_cast<dtbl_entry_t*>(entry));
  if (handle != nullptr && dissector_handle_get_protocol_index(handle) == self().ids.tcp)
    *static_cast<bool*>(found) = true;
}

}  // namespace

void watch_for_unseen() {
  static bool registered = false;  // Wireshark has no way back
  Self& s = self();
  s.unseen_possible = s.protocol_6 != s.collector;
  if (!s.unseen_possible) dissector_all_tables_foreach_changed(note_way_to_tcp, &s.unseen_possible);
  if (!s.unseen_possible || registered) return;
  registered = true;
  register_postdissector(create_dissector_handle(name_unseen, s.ids.tcpwave));
}

}  // namespace tcpwave
