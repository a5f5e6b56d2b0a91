// Capture files to Segments, for tests and tools: libpcap reads the file, `parse_ip` the packets.
//
// libpcap reads pcap and pcapng, but only files whose interfaces have one link type; the captures
// of this project do. Frames without TCP are counted and passed over.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "tcpwave/segment.h"

namespace tcpwave::tools {

/// All TCP segments of a capture in order, with frame numbers as Wireshark counts them.
/// `snap_length`: bytes of each frame that are looked at, as if the capture had been made with it.
/// @throws std::runtime_error with the file's name where it cannot be read.
[[nodiscard]] std::vector<Segment> read_capture(const std::filesystem::path& file,
                                                std::uint32_t snap_length = UINT32_MAX);

}  // namespace tcpwave::tools
