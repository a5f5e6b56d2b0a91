// Outcomes and findings counted, each connection once: Wireshark's statistics tree "TCP Wave/Outcomes
// and Findings", and `-z tcpwave,tree`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/tracker.h"

namespace tcpwave {

void register_outcome_tree();

/// The same tree on standard output, in Wireshark's layout.
void print_outcome_tree(const Tracker&);

}  // namespace tcpwave
