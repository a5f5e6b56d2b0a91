// Right click on a packet, Conversation Filter: "TCP Wave", the segments of this connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave {

void register_connection_filter();

}  // namespace tcpwave
