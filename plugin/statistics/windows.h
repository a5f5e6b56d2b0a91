// Wireshark's windows: Statistics, TCP Wave: Connections and TCP Wave: Sockets.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave {

void register_connections_window();
void register_sockets_window();

}  // namespace tcpwave
