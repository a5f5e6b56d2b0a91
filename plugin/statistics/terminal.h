// The `-z tcpwave,...` options of tshark.
//
// Each handler takes what follows its name apart by itself, and answers anything that it does not
// understand with its usage: Wireshark gives `tcpwave,connsX` to the handler of `tcpwave,conns`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave {

void register_terminal_options();

}  // namespace tcpwave
