// The same trace seen differently. See transform.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/transform.h"

#include <algorithm>

namespace tcpwave::scenario {
namespace {

// A number for an endpoint that its address, its port and the seed determine.
std::uint32_t amount(const Address& address, std::uint16_t port, std::uint32_t seed) {
  std::uint32_t hash = seed * 2654435761U + port;
  for (const std::uint8_t octet : address.octets) hash = (hash ^ octet) * 16777619U;
  return hash;
}

template <class Change>
Trace changed(Trace trace, Change change) {
  for (Segment& segment : trace) change(segment);
  return trace;
}

void complement(Address& address) {
  const std::ptrdiff_t size = address.v6 ? 16 : 4;
  std::for_each(address.octets.begin(), address.octets.begin() + size,
                [](std::uint8_t& octet) { octet = static_cast<std::uint8_t>(~octet); });
}

void embed(Address& address) {
  if (address.v6) return;
  std::rotate(address.octets.begin(), address.octets.begin() + 4, address.octets.end());
  address.octets[0] = 0x20;
  address.octets[1] = 0x01;
  address.v6 = true;
}

}  // namespace

Trace with_other_isns(Trace trace, std::uint32_t seed) {
  return changed(std::move(trace), [seed](Segment& s) {
    const std::uint32_t mine = amount(s.source, s.source_port, seed);
    const std::uint32_t peer = amount(s.destination, s.destination_port, seed);
    s.seq = s.seq + mine;
    if (s.flags.ack()) s.ack = s.ack + peer;
    for (std::size_t i = 0; i < s.options.sack_count; ++i) {
      SackBlock& block = s.options.sack.at(i);
      block = {block.left + peer, block.right + peer};
    }
  });
}

Trace with_reversed_order(Trace trace) {
  return changed(std::move(trace), [](Segment& s) {
    s.source_port = static_cast<std::uint16_t>(~s.source_port);
    s.destination_port = static_cast<std::uint16_t>(~s.destination_port);
    complement(s.source);
    complement(s.destination);
  });
}

Trace as_ipv6(Trace trace) {
  return changed(std::move(trace), [](Segment& s) {
    embed(s.source);
    embed(s.destination);
  });
}

Trace later_by(Trace trace, std::int64_t ns) {
  return changed(std::move(trace), [ns](Segment& s) { s.time_ns += ns; });
}

Trace between_other_hosts(Trace trace) {
  constexpr std::uint32_t kSeed = 3;
  return with_other_isns(
      changed(std::move(trace),
              [](Segment& s) {
                s.source.octets[1] = static_cast<std::uint8_t>(s.source.octets[1] ^ 0x55);
                s.destination.octets[1] = static_cast<std::uint8_t>(s.destination.octets[1] ^ 0x55);
              }),
      kSeed);
}

}  // namespace tcpwave::scenario
