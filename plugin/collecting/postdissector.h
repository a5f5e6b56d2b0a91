// Looks at each frame when it has been dissected, where TCP may have passed the collector by.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"

namespace tcpwave {

void register_postdissector_of_unseen();

/// Has Wireshark call it for this file only where the user's Decode As makes that possible: a call for
/// each frame is dear.
void wake_postdissector();

}  // namespace tcpwave
