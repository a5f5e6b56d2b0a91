// Many connections at a glance: those that went the same way between the same hosts are one row, with a
// count. What a scan's hundred connections have in common shows here, and what one of them has not.
//
// Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "statistics/choice.h"
#include "tcpwave/summary.h"

namespace tcpwave {

struct OverviewRow {
  ConnectionSummary first;  ///< of the earliest connection; stands for the others
  std::uint32_t connections = 0;
  std::vector<std::uint16_t> ports;  ///< the servers', rising, each once
  std::int64_t end_ns = 0;           ///< of the last segment of any
};

/// The largest first, then by the number of the first connection. As many rows as there are connections
/// at most.
[[nodiscard]] std::vector<OverviewRow> overview(const Tracker&, const std::vector<std::uint32_t>&);

/// `22, 80, 1000-1024`; cut where it becomes longer than `longest` characters.
[[nodiscard]] std::string ports_text(const std::vector<std::uint16_t>&, std::size_t longest);

}  // namespace tcpwave
