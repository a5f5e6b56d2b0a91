// What is shown of a frame, after everything else has been dissected.
//
// A post-dissector and not the collector, because an error in a protocol above TCP (a frame cut
// short) leaves the collector by longjmp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

namespace tcpwave {

/// Annotates each TCP layer of the frame that the collector met, and names those that it did not.
int annotate_frame(tvbuff_t*, packet_info*, proto_tree*, void*);

}  // namespace tcpwave
