// What the `-z tcpwave,...` options print, from the engine's final knowledge.
//
// Knows nothing of Wireshark: a tracker in, text out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>

#include "tcpwave/tracker.h"

namespace tcpwave {

enum class TableForm : std::uint8_t { Text, Csv };

/// One row per connection, by number.
void print_connections(std::FILE*, const Tracker&, TableForm);

/// Sockets per host and state: with `at_ns`, at that capture time, else at the end of the capture.
/// Times are shown relative to `start_ns`.
void print_sockets(std::FILE*, const Tracker&, std::int64_t start_ns, const std::int64_t* at_ns);

}  // namespace tcpwave
