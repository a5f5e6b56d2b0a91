// How the fields tcpwave.kernel.* read what the kernel said; their rows stand with the others in
// writing/fields.cpp. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "kernel/witness.h"
#include "writing/fields.h"

namespace tcpwave::kernel {

// One value for each end whose state is known, the client's first; below its line what else is said.
void read_state(const View&, ValueSink&);
void read_agrees(const View&, ValueSink&);
void read_process(const View&, ValueSink&);
void read_netns(const View&, ValueSink&);
void read_reset_reason(const View&, ValueSink&);

/// `Kernel: client is in FIN_WAIT_1`, and whether that is what was inferred.
[[nodiscard]] Text state_line(const View&, std::size_t n);

}  // namespace tcpwave::kernel
