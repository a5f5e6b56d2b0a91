// Where fields are written: TCP's own subtree, or out of sight.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

namespace tcpwave {

/// Where to write about the TCP layer with this number (as pinfo->curr_layer_num counts): TCP's own subtree,
/// or else the frame's, which may be null.
[[nodiscard]] proto_tree* tree_of_layer(packet_info*, proto_tree* frame, unsigned layer);

/// In a tree that nobody sees: below the latest protocol, for what stands beside protocols is counted as one
/// (Protocol Hierarchy). The frame's where there is none; null where that is.
[[nodiscard]] proto_tree* below_latest(proto_tree* frame);

}  // namespace tcpwave
