// Wireshark's text windows of ours: the ladder of a connection, the overview of all.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace tcpwave {

/// Of the connection that this frame's innermost segment belongs to.
void show_ladder(std::uint32_t frame);
void show_overview();

/// Shows only that connection's packets and selects its first; says so where there is no such one.
void go_to_connection(std::uint32_t connection);

}  // namespace tcpwave
