// What tells two connections with the same addresses and ports apart: VLAN, VNI and tunnel keys.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "epan.h"

namespace tcpwave {

/// A hash of the VLAN IDs, VXLAN and GENEVE network identifiers and GRE keys around the segment that
/// `tvb` begins with; 0 where there are none. What it does not know ends the look: the key then says
/// what stands outside of it.
[[nodiscard]] std::uint32_t encapsulation_key(tvbuff_t* tvb, packet_info*);

}  // namespace tcpwave
