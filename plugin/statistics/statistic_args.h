// Takes the `-z` arguments apart. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "statistics/reports.h"

namespace tcpwave {

struct SocketsArgs {
  std::optional<std::int64_t> after_ns;  ///< from the start of the capture; absent: at its end
};
struct LadderArgs {
  std::uint32_t connection = 0;
  std::string file;  ///< empty: as text to standard output
};

// `tail` is what follows the option's name: empty, or all from the comma on. Nothing where it is not
// understood.
[[nodiscard]] std::optional<TableForm> parse_connections_args(std::string_view tail);
[[nodiscard]] std::optional<SocketsArgs> parse_sockets_args(std::string_view tail);
[[nodiscard]] std::optional<LadderArgs> parse_ladder_args(std::string_view tail);

}  // namespace tcpwave
