// What an ICMP error says of the TCP header that it quotes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "epan.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

/// `tvb` begins at the quoted TCP header. Nothing where the error is of another kind (the segment was
/// too long, say) or cut before the sequence number.
[[nodiscard]] std::optional<Unreachable> quoted_segment(tvbuff_t* tvb, packet_info*,
                                                        bool separate_tunnels);

}  // namespace tcpwave
