// What makes a shard say of its connections what the whole archive would: its last frames.
//
// Two things that tcpwave says of a connection rest on the whole capture: how long a half-close lasts that never
// ends (until the capture's end), and whether a SYN without an answer means anything (only if the capture shows
// both directions of anything). So each shard ends with a connection between two addresses that nobody has, at the
// time of the archive's last segment and in one direction or both. `gather` takes its row out.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace tcpwave::archive {

/// A SYN from 0.0.0.1 to 0.0.0.2, port 1 both, or the SYN,ACK that answers it, as a frame of the link type.
/// Empty where the link type is not known.
[[nodiscard]] std::vector<std::uint8_t> bookend(int link_type, bool answer);

}  // namespace tcpwave::archive
