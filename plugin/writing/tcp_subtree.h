// Where TCP's own subtree is.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

namespace tcpwave {

/// Where to write about the TCP layer with this number (as pinfo->curr_layer_num counts): TCP's own subtree,
/// or else the frame's, which may be null.
[[nodiscard]] proto_tree* tree_of_layer(packet_info*, proto_tree* frame, unsigned layer);

}  // namespace tcpwave
