// Puts an annotation into the tree and the expert info.
//
// Nothing here decides what to say: that is the annotation's.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collecting/audience.h"
#include "epan.h"
#include "writing/fields.h"

namespace tcpwave {

/// `tree` is TCP's own subtree, or the frame's, or null. Writes for those who look.
void write_annotation(packet_info*, proto_tree* tree, const View&, const Audience&);

/// On an ICMP error: the SYN that could not be delivered.
void write_unreachable(packet_info*, proto_tree* tree, const UnreachableSyn&);

/// A line where a segment has no annotation: why, and an expert item where one is given.
void write_absence(packet_info*, proto_tree* tree, const char* why, expert_field* expert);

}  // namespace tcpwave
