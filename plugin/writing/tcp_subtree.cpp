// See tcp_subtree.h. TCP does not tell, so the frame's tree is gone through: layers and items of protocols
// stand in the order in which they were dissected.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "writing/tcp_subtree.h"

#include "self.h"

namespace tcpwave {
namespace {

/// How many TCP layers there are up to the one with this number.
unsigned tcp_layers(const packet_info* pinfo, unsigned layer) {
  unsigned count = 0;
  for (wmem_list_frame_t* at = wmem_list_head(pinfo->layers); at != nullptr && layer > 0;
       at = wmem_list_frame_next(at), --layer)
    if (GPOINTER_TO_INT(wmem_list_frame_data(at)) == self().ids.tcp) ++count;
  return count;
}

/// The item of TCP that brings `left` down to 0. A protocol within another's subtree (what ICMP quotes)
/// makes this go deeper, once per protocol, of which Wireshark allows a frame a bounded number.
proto_node* find_tcp(const proto_node* tree, unsigned& left) {
  for (proto_node* node = tree->first_child; node != nullptr; node = node->next) {
    const field_info* item = node->finfo;
    if (item == nullptr || item->hfinfo->type != FT_PROTOCOL) continue;
    if (item->hfinfo->id == self().ids.tcp && --left == 0) return node;
    if (proto_node* found = find_tcp(node, left)) return found;
  }
  return nullptr;
}

}  // namespace

proto_tree* below_latest(proto_tree* frame) {
  proto_tree* below = frame == nullptr ? nullptr : proto_item_get_subtree(frame->last_child);
  return below != nullptr ? below : frame;
}

proto_tree* tree_of_layer(packet_info* pinfo, proto_tree* frame, unsigned layer) {
  if (frame == nullptr) return nullptr;
  unsigned left = tcp_layers(pinfo, layer);
  proto_node* item = left == 0 ? nullptr : find_tcp(frame, left);
  proto_tree* own = item == nullptr ? nullptr : proto_item_get_subtree(item);
  return own != nullptr ? own : frame;
}

}  // namespace tcpwave
