// Takes the kernel's words out of a packet's comments.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"
#include "kernel/witness.h"

namespace tcpwave::kernel {

/// On the first visit of a packet, once the engine has its segment. It costs next to nothing where there
/// is no comment.
void hear(const packet_info&, SegmentId, const Segment&, Witness&);

}  // namespace tcpwave::kernel
