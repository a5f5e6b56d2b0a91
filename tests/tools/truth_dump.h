// A whole capture for reading: one line per segment, with the truth and both passes side by side.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tools/truth_file.h"

namespace tcpwave::tools {

/// Prints to the standard output. Relative numbers are counted here and not by the engine, so that
/// they are right where the engine is wrong. States that differ from the truth are in brackets.
void dump(const JudgedCapture& capture);

}  // namespace tcpwave::tools
