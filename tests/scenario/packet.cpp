// Segment to bytes. See packet.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/packet.h"

#include <span>
#include <string_view>

namespace tcpwave::scenario {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kTcp = 6;

void put8(Bytes& b, std::size_t v) { b.push_back(static_cast<std::uint8_t>(v)); }
void put16(Bytes& b, std::size_t v) {
  put8(b, v >> 8);
  put8(b, v);
}
void put32(Bytes& b, std::uint32_t v) {
  put16(b, v >> 16);
  put16(b, v);
}
void set16(Bytes& b, std::size_t at, std::uint32_t v) {
  b[at] = static_cast<std::uint8_t>(v >> 8);
  b[at + 1] = static_cast<std::uint8_t>(v);
}
void put_address(Bytes& b, const Address& a) {
  b.insert(b.end(), a.octets.begin(), a.octets.begin() + (a.v6 ? 16 : 4));
}

// RFC 1071.
std::uint32_t checksum(std::span<const std::uint8_t> bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return ~sum & 0xFFFF;
}

Bytes option_bytes(const Options& o) {
  Bytes b;
  if (o.mss) {
    put16(b, 0x0204);
    put16(b, *o.mss);
  }
  if (o.sack_permitted) put16(b, 0x0402);
  if (o.timestamps) {
    put16(b, 0x080A);
    put32(b, o.timestamps->value);
    put32(b, o.timestamps->echo);
  }
  if (o.window_scale) {
    put16(b, 0x0303);
    put8(b, *o.window_scale);
  }
  if (o.fast_open == FastOpen::Request) put16(b, 0x2202);
  if (o.fast_open == FastOpen::Cookie) {
    put16(b, 0x220A);
    for (std::size_t i = 0; i < 8; ++i) put8(b, 0xC0 + i);
  }
  if (o.sack_count > 0) {
    put8(b, 5);
    put8(b, 2 + 8 * std::size_t{o.sack_count});
    for (std::size_t i = 0; i < o.sack_count; ++i) {
      put32(b, o.sack[i].left.raw());
      put32(b, o.sack[i].right.raw());
    }
  }
  while (b.size() % 4 != 0) put8(b, 1);
  return b;
}

Bytes tcp_bytes(const Segment& s) {
  const Bytes options = option_bytes(s.options);
  Bytes b;
  put16(b, s.source_port);
  put16(b, s.destination_port);
  put32(b, s.seq.raw());
  put32(b, s.ack.raw());
  put8(b, (20 + options.size()) / 4 * 16);
  put8(b, s.flags.bits);
  put16(b, s.window);
  put16(b, 0);  // checksum
  put16(b, s.urgent);
  b.insert(b.end(), options.begin(), options.end());
  constexpr std::string_view kPayload = "a segment of a tcpwave scenario ";
  for (std::uint32_t i = 0; i < s.payload; ++i)
    put8(b, static_cast<std::uint8_t>(kPayload[i % kPayload.size()]));

  Bytes pseudo;
  put_address(pseudo, s.source);
  put_address(pseudo, s.destination);
  put16(pseudo, kTcp);
  put16(pseudo, b.size());
  set16(b, 16, checksum(b, ~checksum(pseudo) & 0xFFFF));
  return b;
}

Bytes ipv4_header(std::uint8_t protocol, std::uint8_t ttl, std::uint16_t id, std::size_t payload,
                  const Address& source, const Address& destination) {
  Bytes b;
  put16(b, 0x4500);
  put16(b, 20 + payload);
  put16(b, id);
  put16(b, 0x4000);  // do not fragment
  put8(b, ttl);
  put8(b, protocol);
  put16(b, 0);
  put_address(b, source);
  put_address(b, destination);
  set16(b, 10, checksum(b));
  return b;
}

// Locally administered addresses, one per IP address's last octet.
Bytes ethernet_header(const Address& source, const Address& destination) {
  const std::size_t last = source.v6 ? 15 : 3;
  Bytes b;
  for (const Address* a : {&destination, &source}) {
    put32(b, 0x02000000U);
    put8(b, 0);
    put8(b, a->octets[last]);
  }
  put16(b, source.v6 ? 0x86DD : 0x0800);
  return b;
}

Bytes joined(Bytes front, const Bytes& back) {
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

}  // namespace

Bytes ip_packet(const Segment& s) {
  const Bytes tcp = tcp_bytes(s);
  if (!s.source.v6)
    return joined(ipv4_header(kTcp, s.ttl, s.ip_id, tcp.size(), s.source, s.destination), tcp);
  Bytes b;
  put32(b, 0x60000000U);
  put16(b, tcp.size());
  put8(b, kTcp);
  put8(b, s.ttl);
  put_address(b, s.source);
  put_address(b, s.destination);
  return joined(b, tcp);
}

Bytes ethernet_frame(const Segment& s) {
  return joined(ethernet_header(s.source, s.destination), ip_packet(s));
}

Bytes icmp_frame(const Segment& quoted, std::uint8_t type, std::uint8_t code) {
  constexpr std::uint8_t kIcmp = 1;
  constexpr std::uint8_t kTtl = 63;
  constexpr std::size_t kQuoted = 28;  // the IP header and 8 octets, as RFC 792 asks for
  Address router;
  router.octets = {203, 0, 113, 1};
  Bytes icmp;
  put8(icmp, type);
  put8(icmp, code);
  put16(icmp, 0);
  put32(icmp, 0);
  const Bytes packet = ip_packet(quoted);
  icmp.insert(icmp.end(), packet.begin(), packet.begin() + kQuoted);
  set16(icmp, 2, checksum(icmp));
  return joined(ethernet_header(router, quoted.source),
                joined(ipv4_header(kIcmp, kTtl, 1, icmp.size(), router, quoted.source), icmp));
}

}  // namespace tcpwave::scenario
