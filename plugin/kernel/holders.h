// Whose the sockets are: by host, state and process, as the kernel said.
//
// Knows nothing of Wireshark: a tracker and a witness in, text out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>

#include "kernel/witness.h"
#include "tcpwave/tracker.h"

namespace tcpwave::kernel {

/// A table below that of the sockets, of what was said up to that capture time; nothing where no kernel
/// said of any. Sockets in TIME_WAIT are no process's.
void print_holders(std::FILE*, const Tracker&, const Witness&, std::int64_t at_ns);

}  // namespace tcpwave::kernel
