// Segment to bytes: the opposite of `parse_ip`, for captures written from scripts.
//
// The engine's scenario tests send each segment through here and back through `parse_ip`, so that
// what they judge is what a capture of the script holds.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "tcpwave/segment.h"

namespace tcpwave::scenario {

/// An IPv4 or IPv6 packet with right checksums; the payload is a fixed text of the right length.
/// `segment.checksum` is not used.
[[nodiscard]] std::vector<std::uint8_t> ip_packet(const Segment& segment);

/// The same in an Ethernet frame.
[[nodiscard]] std::vector<std::uint8_t> ethernet_frame(const Segment& segment);

/// An ICMP error from a router to the sender of `quoted`, IPv4, in an Ethernet frame.
[[nodiscard]] std::vector<std::uint8_t> icmp_frame(const Segment& quoted, std::uint8_t type,
                                                   std::uint8_t code);

}  // namespace tcpwave::scenario
