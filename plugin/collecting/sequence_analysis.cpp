// See sequence_analysis.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/sequence_analysis.h"

// NOLINTBEGIN(readability-identifier-naming): the names are Wireshark's.
extern "C" {
void register_seq_analysis(const char*, const char*, int, const char*, guint, tap_packet_cb);
tcpwave::FlowItem* sequence_analysis_create_sai_with_addresses(packet_info*, tcpwave::FlowInfo*);
}
// NOLINTEND(readability-identifier-naming)

namespace tcpwave {

FlowItem* new_flow_item(packet_info* pinfo, FlowInfo* info) {
  FlowItem* item = sequence_analysis_create_sai_with_addresses(pinfo, info);
  if (item == nullptr) return nullptr;
  free_address(&item->source);
  free_address(&item->destination);
  return item;
}

void register_flow_type(const char* name, const char* title, int protocol, const char* tap,
                        tap_packet_cb packet) {
  register_seq_analysis(name, title, protocol, tap, TL_REQUIRES_NOTHING, packet);
}

}  // namespace tcpwave
