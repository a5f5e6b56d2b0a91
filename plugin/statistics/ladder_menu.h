// Wireshark's menu "TCP Wave": the ladder of the selected packet's connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave {

void register_ladder_menu(int protocol);

}  // namespace tcpwave
