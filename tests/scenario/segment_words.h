// The left part of a script's line: `C> F. 1:1(0) ack 1 win 8192 <TS val 100 ecr 0> ttl 64`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "scenario/scenario.h"
#include "scenario/words.h"

namespace tcpwave::scenario {

/// Reads sender, flags, numbers, window, options and what follows them.
/// @throws std::runtime_error
void read_segment(Words& words, Line& line);

}  // namespace tcpwave::scenario
