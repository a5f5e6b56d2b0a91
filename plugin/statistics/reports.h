// What the `-z tcpwave,...` options print, from the engine's final knowledge.
//
// Knows nothing of Wireshark: a tracker in, text out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>

#include "kernel/witness.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

enum class TableForm : std::uint8_t { Text, Csv };

/// One row per connection, by number; with the processes of both ends, where a kernel said anything.
void print_connections(std::FILE*, const Tracker&, const kernel::Witness&, TableForm);

/// Sockets per host and state: with `at_ns`, at that capture time, else at the end of the capture.
/// Times are shown relative to `start_ns`. Where a kernel said so, whose they are.
void print_sockets(std::FILE*, const Tracker&, const kernel::Witness&, std::int64_t start_ns,
                   const std::int64_t* at_ns);

}  // namespace tcpwave
