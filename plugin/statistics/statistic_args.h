// Takes the `-z` arguments apart. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "statistics/reports.h"

namespace tcpwave {

/// What an option asks for. What is no word of its own is a display filter, which Wireshark judges.
struct StatisticArgs {
  TableForm form = TableForm::Text;
  std::optional<std::int64_t> after_ns;     ///< from the start of the capture; absent: at its end
  std::optional<std::uint32_t> connection;  ///< of a ladder; absent: those that the filter chooses
  std::optional<State> state;               ///< that alone
  std::string file;                         ///< of a ladder; empty: as text to standard output
  std::string filter;
};

// `tail` is what follows the option's name: empty, or all from the comma on. Nothing where it is not
// understood.
/// `[,csv|json][,FILTER]`
[[nodiscard]] std::optional<StatisticArgs> parse_table_args(std::string_view tail);
/// `[,TIME][,csv|json][,FILTER]`
[[nodiscard]] std::optional<StatisticArgs> parse_sockets_args(std::string_view tail);
/// `[,STATE][,csv|json][,FILTER]`
[[nodiscard]] std::optional<StatisticArgs> parse_states_args(std::string_view tail);
/// `,CONN[,FILE.svg]` or `,FILTER`
[[nodiscard]] std::optional<StatisticArgs> parse_ladder_args(std::string_view tail);

}  // namespace tcpwave
