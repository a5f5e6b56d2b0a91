// Wireshark's flow graphs, whose header (epan/sequence_analysis.h) no distribution installs.
//
// This file and its .cpp alone know the shape of the two structures and of the functions that we need, as
// that header has them in 4.0, 4.4 and 4.6. Within such a version the shape does not change, and Wireshark
// loads a plugin into no other than the one that it was built for; in a version that is not among them
// there is no flow graph (epan::kFlowGraphsKnown).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

namespace tcpwave {

/// One arrow. In C's layout; strings and addresses are freed by Wireshark with g_free.
struct FlowItem {
  guint32 frame_number;
  address source;
  guint16 source_port;
  address destination;
  guint16 destination_port;
  char* label;  ///< on the arrow
  char* time;
  char* comment;         ///< beside it
  guint16 conversation;  ///< chooses the colour
  unsigned foreground, background;
  epan::Boolean has_color_filter;
  epan::Boolean display;
  guint source_node, destination_node;
  guint16 line_style;
  guint32 info_type;
  void* info;
};

/// A flow graph that is being made.
struct FlowInfo {
  static constexpr std::size_t kNodes = 40;  ///< hosts that Wireshark draws at most
  const char* name;
  epan::Boolean any_address;
  int conversations;
  GQueue* items;
  GHashTable* by_frame;
  address nodes[kNodes];
  [[no_unique_address]] epan::FlowOccurrence occurrence;
  guint32 node_count;
};

/// An item with its time, its addresses not set; null where Wireshark has no addresses for the packet.
[[nodiscard]] FlowItem* new_flow_item(packet_info*, FlowInfo*);

/// `packet` is called for each tapped segment, with the FlowInfo as its first argument.
void register_flow_type(const char* name, const char* title, int protocol, const char* tap,
                        tap_packet_cb packet);

}  // namespace tcpwave
