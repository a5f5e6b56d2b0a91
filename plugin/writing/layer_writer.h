// What is shown of one TCP layer, when TCP and all above it have been dissected.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

namespace tcpwave {

/// `ordinal`: of the layer in its frame, as the session counts; `layer`: its number, as TCP does.
/// Asks the engine for no more than somebody looks at.
void write_layer(packet_info*, proto_tree* tree, std::size_t ordinal, unsigned layer);

}  // namespace tcpwave
