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
  if (proto_is_protocol_enabled(s.protocol))
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

void register_postdissector_of_unseen() {
  Ids& ids = self().ids;
  ids.unseen_watch = proto_register_protocol("TCP that TCP Wave did not get", "TCP Wave, unseen",
                                             "tcpwave_unseen");
  proto_disable_by_default(ids.unseen_watch);
  register_postdissector(create_dissector_handle(name_unseen, ids.unseen_watch));
}

void wake_postdissector() {
  const Self& s = self();
  bool other_ways = s.protocol_6 != s.collector;
  if (!other_ways) dissector_all_tables_foreach_changed(note_way_to_tcp, &other_ways);
  proto_set_decoding(s.ids.unseen_watch, other_ways);
}

}  // namespace tcpwave
