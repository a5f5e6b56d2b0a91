// Says so where TCP passed the collector by, instead of staying silent.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collecting/frame_visit.h"
#include "epan.h"

namespace tcpwave {

/// Names each TCP layer of the frame that `visit` has not met (`seen` layers of it are this frame's),
/// and IP protocol 6 where the user has it decoded as something else.
void write_unseen_layers(packet_info*, proto_tree*, const FrameVisit& visit, std::size_t seen);

}  // namespace tcpwave
