// Wireshark's menu Statistics, TCP Wave: everything of ours that has a window.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave {

void register_menu(int protocol);

}  // namespace tcpwave
