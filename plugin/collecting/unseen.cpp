// See unseen.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/unseen.h"

#include "self.h"
#include "writing/tcp_subtree.h"
#include "writing/tree_writer.h"

namespace tcpwave {
namespace {

int protocol_of(dissector_handle_t handle) {
  return handle == nullptr ? -1 : dissector_handle_get_protocol_index(handle);
}

/// Whether the IP layer with this number says that TCP follows. IPv6 leaves no such note; there the
/// dissector that follows has to do as evidence.
bool carries_tcp(packet_info* pinfo, int protocol, unsigned layer) {
  const Ids& ids = self().ids;
  if (protocol == ids.ipv6) return true;
  return protocol == ids.ip &&
         GPOINTER_TO_UINT(p_get_proto_data(pinfo->pool, pinfo, protocol, layer)) == IP_PROTO_TCP;
}

}  // namespace

void write_unseen_layers(packet_info* pinfo, proto_tree* tree, const FrameVisit& visit,
                         std::size_t seen) {
  Self& s = self();
  const int taker = s.protocol_6 == s.collector ? -1 : protocol_of(s.protocol_6);
  int outer = -1;
  unsigned layer = 0;
  for (wmem_list_frame_t* at = wmem_list_head(pinfo->layers); at != nullptr;
       at = wmem_list_frame_next(at)) {
    ++layer;
    const int protocol = GPOINTER_TO_INT(wmem_list_frame_data(at));
    if (protocol == s.ids.icmp || protocol == s.ids.icmpv6) return;  // what follows is quoted
    if (protocol == s.ids.tcp) {
      if (seen == 0 || !visit.met(layer))
        write_absence(
            pinfo, tree_of_layer(pinfo, tree, layer),
            "not analyzed: it reached TCP by Decode As or another way that bypasses TCP Wave",
            &s.ids.unseen);
    } else if (taker != -1 && protocol == taker && carries_tcp(pinfo, outer, layer - 1)) {
      write_absence(pinfo, tree, "not analyzed: Decode As gives IP protocol 6 to another dissector",
                    &s.ids.unseen);
    }
    outer = protocol;
  }
}

}  // namespace tcpwave
