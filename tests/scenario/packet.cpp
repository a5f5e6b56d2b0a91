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

}  // namespace

Bytes ip_packet(const Segment& s) {
  const Bytes tcp = tcp_bytes(s);
  Bytes b;
  if (s.source.v6) {
    put32(b, 0x60000000U);
    put16(b, tcp.size());
    put8(b, kTcp);
    put8(b, s.ttl);
  } else {
    put16(b, 0x4500);
    put16(b, 20 + tcp.size());
    put16(b, s.ip_id);
    put16(b, 0x4000);  // do not fragment
    put8(b, s.ttl);
    put8(b, kTcp);
    put16(b, 0);
  }
  put_address(b, s.source);
  put_address(b, s.destination);
  if (!s.source.v6) set16(b, 10, checksum(b));
  b.insert(b.end(), tcp.begin(), tcp.end());
  return b;
}

Bytes ethernet_frame(const Segment& s) {
  // Locally administered addresses, one per IP address's last octet.
  const std::size_t last = s.source.v6 ? 15 : 3;
  Bytes b;
  for (const Address* a : {&s.destination, &s.source}) {
    put32(b, 0x02000000U);
    put8(b, 0);
    put8(b, a->octets[last]);
  }
  put16(b, s.source.v6 ? 0x86DD : 0x0800);
  const Bytes ip = ip_packet(s);
  b.insert(b.end(), ip.begin(), ip.end());
  return b;
}

}  // namespace tcpwave::scenario
