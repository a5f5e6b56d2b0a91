// What tells two connections with the same addresses and ports apart: VLAN, VNI and tunnel keys.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "epan.h"

namespace tcpwave {

/// Ethernet and IP alone, so there is no key. The frame itself counts as a layer.
[[nodiscard]] inline bool is_plain(const packet_info& pinfo) {
  constexpr int kFrameEthernetTypeIp = 4;
  return pinfo.vlan_id == 0 && pinfo.curr_layer_num <= kFrameEthernetTypeIp;
}

/// A hash of the VLAN IDs, VXLAN and GENEVE network identifiers and GRE keys around the segment that
/// `tvb` begins with; 0 where there are none. What it does not know ends the look: the key then says
/// what stands outside of it.
[[nodiscard]] std::uint32_t encapsulation_key(tvbuff_t* tvb, packet_info*);

}  // namespace tcpwave
