// Frames to IP packets: what stands before the IP header in a capture, by link type.
//
// A convenience for users without Wireshark, which has its own dissectors for that. It reads through VLAN
// tags, MPLS labels and PPPoE; tunnels above IP are the caller's. Nothing throws or allocates.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace tcpwave {

/// Whether ip_packet() knows the frames of this link type.
[[nodiscard]] bool knows_link_type(int link_type) noexcept;

/// The IP packet in a frame; empty where it has none. `link_type` is what libpcap's pcap_datalink() says:
/// Ethernet, raw IP, BSD loopback, PPP, or Linux's cooked capture in either version. The packet can be
/// followed by padding: parse_ip() goes by the length in its header.
[[nodiscard]] std::span<const std::uint8_t> ip_packet(int link_type,
                                                      std::span<const std::uint8_t> frame) noexcept;

}  // namespace tcpwave
