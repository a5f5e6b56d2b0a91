// What Wireshark asks of an extcap before it captures: which interfaces there are, and what can be set.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace tcpwave::record {

void print_extcap_interfaces();
void print_extcap_link_types();
/// @throws std::runtime_error where the machine's interfaces cannot be listed
void print_extcap_config();

}  // namespace tcpwave::record
