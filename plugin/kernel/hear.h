// Takes the kernel's words out of a packet's comments.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"
#include "kernel/witness.h"

namespace tcpwave::kernel {

[[nodiscard]] bool has_comment(const packet_info&);

/// On the first visit of a packet that has a comment, once the engine has its segment.
void hear(const packet_info&, SegmentId, const Segment&, Witness&);

}  // namespace tcpwave::kernel
