// `-z tcpwave,accuracy`: how often what was inferred is what the kernel said, in this capture.
//
// Knows nothing of Wireshark: a tracker and a witness in, text out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>

#include "kernel/witness.h"
#include "tcpwave/tracker.h"

namespace tcpwave::kernel {

/// Goes through every segment, with the whole capture in view.
void print_accuracy(std::FILE*, const Tracker&, const Witness&);

}  // namespace tcpwave::kernel
