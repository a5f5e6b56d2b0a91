// The last block of a file: what was received and lost. libwiretap copies such blocks from one file to
// another, but has no way to add one at the end of a capture.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tcpwave::record {

struct Statistics {
  std::int64_t time_ns = 0;
  std::uint64_t received = 0;
  std::uint64_t dropped_by_interface = 0;
  std::uint64_t dropped_by_system = 0;
  std::string comment;  ///< up to 65,535 bytes
};

/// An Interface Statistics Block for interface 0, whose stamps are in nanoseconds (pcapng, section 4.6).
[[nodiscard]] std::vector<std::uint8_t> statistics_block(const Statistics&);

}  // namespace tcpwave::record
