// Tells Wireshark what there is: the protocol, its fields, expert items and preferences, the
// collector in front of TCP and the post-dissector.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave {

void register_protocol();
void register_handoff();

}  // namespace tcpwave
