// See unreachable.h. Wireshark hands over the quoted addresses, but not the error's type: that is read
// back from the octets before the quoted IP header. Nothing here owns anything: each tvb_* call may
// longjmp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/unreachable.h"

#include <type_traits>

#include "collecting/encapsulation.h"
#include "collecting/segment_adapter.h"

namespace tcpwave {
namespace {

static_assert(std::is_trivially_destructible_v<Unreachable>);

constexpr gint kIcmpHeader = 8;

/// Where the quoted IP header begins in the octets that `tvb` was taken from; -1 where it does not
/// show.
gint quoted_ip_header(tvbuff_t* octets, gint tcp, bool v6) {
  if (v6) {
    constexpr gint kHeader = 40;  // with extension headers the error is not judged
    const bool fits =
        tcp >= kHeader + kIcmpHeader && epan::octet_at(octets, tcp - kHeader) >> 4 == 6;
    return fits ? tcp - kHeader : -1;
  }
  for (gint size = 20; size <= 60 && tcp >= size + kIcmpHeader; size += 4) {
    const gint at = tcp - size;
    if (epan::octet_at(octets, at) == (0x40 | size / 4) &&
        epan::octet_at(octets, at + 9) == IP_PROTO_TCP)
      return at;
  }
  return -1;
}

/// Host, network or port unreachable, prohibited, or the time to live was used up.
bool says_unreachable(std::uint8_t type, std::uint8_t code, bool v6) {
  constexpr std::uint8_t kFragmentationNeeded = 4;
  if (v6) return type == 1 || type == 3;
  return (type == 3 && code != kFragmentationNeeded) || type == 11;
}

}  // namespace

std::optional<Unreachable> quoted_segment(tvbuff_t* tvb, packet_info* pinfo,
                                          bool separate_tunnels) {
  constexpr guint kUpToSeq = 8;
  if (tvb_captured_length(tvb) < kUpToSeq) return std::nullopt;
  const bool v6 = pinfo->src.type == AT_IPv6;
  tvbuff_t* octets = tvb_get_ds_tvb(tvb);
  const gint ip = quoted_ip_header(octets, tvb_raw_offset(tvb), v6);
  if (ip < kIcmpHeader) return std::nullopt;

  Unreachable error;
  error.type = epan::octet_at(octets, ip - kIcmpHeader);
  error.code = epan::octet_at(octets, ip - kIcmpHeader + 1);
  if (!says_unreachable(error.type, error.code, v6)) return std::nullopt;
  error.frame = pinfo->num;
  error.source = to_address(pinfo->src);
  error.destination = to_address(pinfo->dst);
  error.source_port = tvb_get_ntohs(tvb, 0);
  error.destination_port = tvb_get_ntohs(tvb, 2);
  error.seq = Seq(tvb_get_ntohl(tvb, 4));
  if (separate_tunnels) error.context = encapsulation_key(tvb, pinfo);
  return error;
}

}  // namespace tcpwave
