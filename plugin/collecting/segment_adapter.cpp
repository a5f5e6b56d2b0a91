// See segment_adapter.h. Nothing here owns anything: each tvb_* call may longjmp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/segment_adapter.h"

#include <algorithm>
#include <array>

#include "collecting/encapsulation.h"
#include "tcpwave/parse.h"

namespace tcpwave {
namespace {

constexpr guint kLongestHeader = 60;  // data offset 15

/// The sum over pseudo-header and segment, as RFC 9293 section 3.1 has it.
bool checksum_is_wrong(tvbuff_t* tvb, const packet_info& pinfo, guint length) {
  const bool ip = pinfo.src.type == AT_IPv4 || pinfo.src.type == AT_IPv6;
  if (!ip || tvb_captured_length(tvb) < length) return false;
  const std::array<guint32, 2> rest{g_htonl(length), g_htonl(IP_PROTO_TCP)};
  const std::array<vec_t, 4> parts{{
      {static_cast<const guint8*>(pinfo.src.data), pinfo.src.len},
      {static_cast<const guint8*>(pinfo.dst.data), pinfo.dst.len},
      {reinterpret_cast<const guint8*>(rest.data()), sizeof rest},
      {tvb_get_ptr(tvb, 0, static_cast<gint>(length)), static_cast<int>(length)},
  }};
  return in_cksum(parts.data(), static_cast<int>(parts.size())) != 0;
}

void add_ip_header(void* ip_header, Segment& segment) {
  if (const auto* v4 = WS_IP4_PTR(ip_header)) {
    segment.ip_id = v4->ip_id;
    segment.ttl = v4->ip_ttl;
  } else if (const auto* v6 = WS_IP6_PTR(ip_header)) {
    segment.ttl = v6->ip6_hop;
  }
}

}  // namespace

std::int64_t nanoseconds(const nstime_t& t) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMost = INT64_MAX / 2 / kSecond - 3;  // nsecs may be anything, too
  return std::clamp<std::int64_t>(t.secs, -kMost, kMost) * kSecond + t.nsecs;
}

NotFed adapt_segment(tvbuff_t* tvb, packet_info* pinfo, void* ip_header,
                     const AdapterSettings& settings, Segment& segment) {
  if (pinfo->flags.in_error_pkt) return NotFed::ErrorQuote;
  if (pinfo->fragmented) return NotFed::Fragment;

  const guint length = tvb_reported_length(tvb);
  const guint captured = std::min(tvb_captured_length(tvb), kLongestHeader);
  const std::span<const std::uint8_t> header(tvb_get_ptr(tvb, 0, static_cast<gint>(captured)),
                                             captured);
  if (parse_tcp(header, length, segment) != ParseResult::Ok) return NotFed::BadHeader;
  if (settings.check_checksum && checksum_is_wrong(tvb, *pinfo, length)) return NotFed::BadChecksum;

  segment.frame = pinfo->num;
  segment.time_ns = nanoseconds(pinfo->abs_ts);
  segment.source = to_address(pinfo->src);
  segment.destination = to_address(pinfo->dst);
  add_ip_header(ip_header, segment);
  if ((pinfo->rec->presence_flags & WTAP_HAS_INTERFACE_ID) != 0)
    segment.interface = pinfo->rec->rec_header.packet_header.interface_id;
  if (settings.separate_tunnels && !is_plain(*pinfo))
    segment.context = encapsulation_key(tvb, pinfo);
  return NotFed::No;
}

}  // namespace tcpwave
