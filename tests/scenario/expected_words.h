// The right part of a script's line: `FIN_WAIT_1 = | w1 again, seq retransmission ! fin_repeated`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "scenario/scenario.h"

namespace tcpwave::scenario {

/// `STATE`, `BEFORE>AFTER`, `=` (no change), `*` (any), `?>AFTER` (from any); both `-`: no connection.
/// Without `>` the state before is `same`, that after the connection's row above.
/// @throws std::runtime_error
void read_states(std::string_view text, const std::array<std::string, 2>& same, Expected& expected);

/// Steps, checks and the like, then findings after `!`. `connection` goes on to the lines below.
/// @throws std::runtime_error
void read_remarks(std::string_view text, Expected& expected, std::uint32_t& connection);

}  // namespace tcpwave::scenario
