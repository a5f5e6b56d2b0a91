// What is shown of one TCP layer: a mark in the Info column before TCP dissects it, all else when TCP and what is
// above it have been dissected.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collecting/audience.h"
#include "collecting/frame_index.h"
#include "epan.h"

namespace tcpwave {

/// Where the segment is a step or a reset, what stands in front of TCP's text in the Info column: that has it in place
/// when TCP begins, for col_prepend_fstr() afterwards costs five times as much.
void mark_info(packet_info*, const Slot&);

/// `layer`: its number in the frame, as TCP counts. Asks the engine for no more than somebody looks at.
void write_layer(packet_info*, proto_tree* tree, const Audience&, unsigned layer, const Slot&);

}  // namespace tcpwave
