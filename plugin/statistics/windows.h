// Wireshark's windows: Statistics, TCP Wave, Connections, Sockets and Outcomes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/language.h"

namespace tcpwave {

void register_connections_window();
void register_sockets_window();
void register_outcomes_window();

/// Gives their columns names in the language; to be called when a file is opened.
void name_connections_window(Language);
void name_sockets_window(Language);
void name_outcomes_window(Language);

}  // namespace tcpwave
