// What is shown of one TCP layer: a mark in the Info column before TCP dissects it, all else when TCP and what is
// above it have been dissected.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

namespace tcpwave {

/// Where the segment is a step or a reset, what stands in front of TCP's text in the Info column: that has it in place
/// when TCP begins, for col_prepend_fstr() afterwards costs five times as much.
void mark_info(packet_info*, std::size_t ordinal);

/// `ordinal`: of the layer in its frame, as the session counts; `layer`: its number, as TCP does.
/// Asks the engine for no more than somebody looks at.
void write_layer(packet_info*, proto_tree* tree, std::size_t ordinal, unsigned layer);

}  // namespace tcpwave
