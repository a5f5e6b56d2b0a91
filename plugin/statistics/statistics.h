// Tells Wireshark which statistics there are: in tshark the `-z tcpwave,...` options, in Wireshark the
// entries of its Statistics menu.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/language.h"

namespace tcpwave {

/// Whether this is Wireshark with its windows; all else writes to a terminal.
[[nodiscard]] bool has_windows();

void register_statistics();

/// What the windows' columns are called, from the next one that is opened.
void name_statistics(Language);

}  // namespace tcpwave
