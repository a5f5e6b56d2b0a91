// Bytes to Segment: the only place of the engine that sees raw bytes.
//
// Every read is checked against what was captured; nothing throws or allocates, whatever the bytes
// are. Lengths come from the IP header, so a snap length that cut the frame changes nothing but the
// options that it cut off. What the options *mean* (only on a SYN, only if both offer it) is not
// decided here. The plugin uses `parse_tcp`; users of the library without Wireshark `parse_ip`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "tcpwave/segment.h"

namespace tcpwave {

enum class ParseResult : std::uint8_t {
  Ok,
  Truncated,  // less was captured than the fixed headers
  BadHeader,  // a header that contradicts itself (version, lengths)
  NotTcp,     // an IP packet with something else in it
  Fragment,   // part of a fragmented IP packet; needs reassembly first
};

/// Reads a TCP header and its options from `captured`, which begins at the source port.
/// `reported_length` is the length of the TCP segment by the IP header, header included.
/// Fills ports, numbers, flags, window, payload length, options and checksum; the rest of the
/// segment (time, frame, addresses) is the caller's. Anything but Ok leaves the segment alone.
[[nodiscard]] ParseResult parse_tcp(std::span<const std::uint8_t> captured,
                                    std::uint32_t reported_length, Segment& segment) noexcept;

/// Reads an IPv4 or IPv6 packet from its first byte, extension headers included; fills addresses,
/// TTL and IP ID besides what `parse_tcp` does. Anything but Ok leaves the segment alone.
[[nodiscard]] ParseResult parse_ip(std::span<const std::uint8_t> packet, Segment& segment) noexcept;

}  // namespace tcpwave
