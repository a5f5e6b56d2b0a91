// See bookend.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bookend.h"

#include <algorithm>
#include <array>
#include <span>

#include "tcpwave/link.h"

namespace tcpwave::archive {
namespace {

using Octets = std::vector<std::uint8_t>;

void add_checksum(Octets& packet, std::size_t begin, std::size_t end, std::uint32_t sum,
                  std::size_t at) {
  for (std::size_t i = begin; i < end; i += 2)
    sum += (std::uint32_t{packet[i]} << 8) | packet[i + 1];
  while (sum >> 16 != 0) sum = (sum & 0xFFFFU) + (sum >> 16);
  packet[at] = static_cast<std::uint8_t>(~sum >> 8);
  packet[at + 1] = static_cast<std::uint8_t>(~sum);
}

Octets packet(bool answer) {
  constexpr std::size_t kIp = 20, kLength = 40;
  constexpr std::uint8_t kSyn = 0x02, kAck = 0x10, kTcp = 6;
  Octets b(kLength, 0);
  b[0] = 0x45;
  b[3] = kLength;
  b[8] = 64;
  b[9] = kTcp;
  b[15] = answer ? 2 : 1;  // 0.0.0.1 and 0.0.0.2
  b[19] = answer ? 1 : 2;
  b[kIp + 1] = b[kIp + 3] = 1;  // ports
  b[kIp + 7] = answer ? 7 : 1;  // seq
  if (answer) b[kIp + 11] = 2;  // ack
  b[kIp + 12] = 0x50;
  b[kIp + 13] = answer ? kSyn | kAck : kSyn;
  b[kIp + 14] = 0xFF;
  add_checksum(b, 0, kIp, 0, 10);
  add_checksum(b, 12, kLength, kTcp + (kLength - kIp), kIp + 16);
  return b;
}

/// What stands before an IPv4 packet; tried on ip_packet(), which knows the link types.
Octets link_header(int link_type) {
  Octets ethernet(12, 0), cooked(14, 0), cooked2(20, 0);
  ethernet.insert(ethernet.end(), {0x08, 0});
  cooked.insert(cooked.end(), {0x08, 0});
  cooked2[0] = 0x08;
  const std::array<Octets, 6> candidates{Octets{}, {2, 0, 0, 0}, {0, 0x21},
                                         ethernet, cooked,       cooked2};
  const Octets carried = packet(false);
  for (const Octets& header : candidates) {
    Octets frame = header;
    frame.insert(frame.end(), carried.begin(), carried.end());
    const auto found = ip_packet(link_type, frame);
    if (std::equal(found.begin(), found.end(), carried.begin(), carried.end())) return header;
  }
  return {};
}

}  // namespace

Octets bookend(int link_type, bool answer) {
  if (!knows_link_type(link_type)) return {};
  Octets frame = link_header(link_type);
  const Octets carried = packet(answer);
  frame.insert(frame.end(), carried.begin(), carried.end());
  return frame;
}

}  // namespace tcpwave::archive
