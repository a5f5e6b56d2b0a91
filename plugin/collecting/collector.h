// The wrapper in front of TCP, by which every segment that IP hands to TCP passes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collecting/frame_visit.h"
#include "epan.h"

namespace tcpwave {

/// Notes the segment on the frame's first visit, lets TCP dissect it, and writes about it.
int collect_segment(tvbuff_t*, packet_info*, proto_tree*, void* ip_header);

/// What tells this dissection of a frame from others.
[[nodiscard]] FrameVisit::Key visit_key(const packet_info&);

}  // namespace tcpwave
