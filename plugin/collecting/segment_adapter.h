// What Wireshark knows about a TCP segment, as a Segment of the engine.
//
// Lengths come from IP, so a snap length changes nothing. The header is read by the engine's own
// parser, before TCP has seen it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "collecting/frame_index.h"
#include "epan.h"
#include "tcpwave/segment.h"

namespace tcpwave {

struct AdapterSettings {
  bool check_checksum = false;    ///< leave out complete segments whose checksum is wrong
  bool separate_tunnels = false;  ///< fill Segment::context
};

struct Adapted {
  NotFed not_fed = NotFed::No;
  Segment segment;  ///< only where not_fed says No
};

/// `tvb` begins at the TCP header; `ip_header` is what the IP dissectors hand to TCP.
[[nodiscard]] Adapted adapt_segment(tvbuff_t* tvb, packet_info*, void* ip_header,
                                    const AdapterSettings&);

/// Times from 2116 on count as that: two of them can be subtracted.
[[nodiscard]] std::int64_t nanoseconds(const nstime_t&);

[[nodiscard]] Address to_address(const address&);

}  // namespace tcpwave
