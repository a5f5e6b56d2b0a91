// What Wireshark knows about a TCP segment, as a Segment of the engine.
//
// Lengths come from IP, so a snap length changes nothing. The header is read by the engine's own
// parser, before TCP has seen it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstring>

#include "collecting/frame_index.h"
#include "epan.h"
#include "tcpwave/segment.h"

namespace tcpwave {

struct AdapterSettings {
  bool check_checksum = false;    ///< leave out complete segments whose checksum is wrong
  bool separate_tunnels = false;  ///< fill Segment::context
};

/// Fills a fresh segment, or says why there is none. `tvb` begins at the TCP header; `ip_header` is what the IP dissectors
/// hand to TCP.
[[nodiscard]] NotFed adapt_segment(tvbuff_t* tvb, packet_info*, void* ip_header,
                                   const AdapterSettings&, Segment&);

/// Times from 2116 on count as that: two of them can be subtracted.
[[nodiscard]] std::int64_t nanoseconds(const nstime_t&);

[[nodiscard]] inline Address to_address(const address& from) {
  constexpr std::size_t kV4 = 4;
  Address to;
  to.v6 = from.type == AT_IPv6;
  const auto length = std::min(static_cast<std::size_t>(from.len), to.octets.size());
  if (from.data == nullptr) return to;
  if (length == kV4)  // a length that the compiler knows costs a move
    std::memcpy(to.octets.data(), from.data, kV4);
  else
    std::memcpy(to.octets.data(), from.data, length);
  return to;
}

}  // namespace tcpwave
