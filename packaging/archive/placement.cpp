// See placement.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "placement.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <utility>

#include "tcpwave/link.h"

namespace tcpwave::archive {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr unsigned kIcmp = 1, kIpInIp = 4, kTcp = 6, kUdp = 17, kIpv6InIp = 41, kGre = 47,
                   kIcmpv6 = 58;
constexpr unsigned kHopByHop = 0, kRouting = 43, kFragment = 44, kDestinationOptions = 60;
constexpr int kDeepest = 4;  // tunnels within each other
constexpr std::size_t kMostFragments = 1U << 16;

unsigned number16(Octets b, std::size_t at) {
  return at + 2 > b.size() ? 0 : (unsigned{b[at]} << 8) | b[at + 1];
}

Octets from(Octets b, std::size_t at) { return at > b.size() ? Octets{} : b.subspan(at); }

/// FNV-1a, finished so that the low bits depend on all.
class Hash {
 public:
  void add(Octets octets) {
    for (const std::uint8_t octet : octets) value_ = (value_ ^ octet) * 0x100000001b3U;
  }
  void add(std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8)
      value_ = (value_ ^ ((number >> shift) & 0xFFU)) * 0x100000001b3U;
  }
  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t v = value_;
    v = (v ^ (v >> 33)) * 0xff51afd7ed558ccdU;
    return v ^ (v >> 33);
  }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

Address address_at(Octets b, std::size_t at, std::size_t size) {
  Address a;
  a.v6 = size == a.octets.size();
  std::copy_n(b.begin() + static_cast<std::ptrdiff_t>(at), size, a.octets.begin());
  return a;
}

std::uint64_t packet_id(const Address& source, const Address& destination, Octets id) {
  Hash hash;
  hash.add(source.octets);
  hash.add(destination.octets);
  hash.add(id);
  return hash.value() | 1U;
}

}  // namespace

/// The header of IPv4, or of IPv6 with its extensions; nothing where it is cut or is none.
std::optional<Placement::Packet> Placement::read_ip(Octets b) {
  constexpr std::size_t kIpv4 = 20, kIpv6 = 40;
  if (b.empty()) return std::nullopt;
  Packet packet;
  if (b[0] >> 4 == 4 && b.size() >= kIpv4) {
    packet.source = address_at(b, 12, 4);
    packet.destination = address_at(b, 16, 4);
    packet.protocol = b[9];
    packet.payload = from(b, std::size_t{b[0] & 0xFU} * 4);
    const unsigned fragment = number16(b, 6) & 0x3FFFU;
    packet.first = (fragment & 0x1FFFU) == 0;
    if (fragment != 0)
      packet.fragment_of = packet_id(packet.source, packet.destination, b.subspan(4, 2));
    return packet;
  }
  if (b[0] >> 4 != 6 || b.size() < kIpv6) return std::nullopt;
  packet.source = address_at(b, 8, 16);
  packet.destination = address_at(b, 24, 16);
  unsigned next = b[6];
  Octets rest = b.subspan(kIpv6);
  while (rest.size() >= 8 && (next == kHopByHop || next == kRouting ||
                              next == kDestinationOptions || next == kFragment)) {
    std::size_t length = (std::size_t{rest[1]} + 1) * 8;
    if (next == kFragment) {
      length = 8;
      packet.first = (number16(rest, 2) & 0xFFF8U) == 0;
      packet.fragment_of = packet_id(packet.source, packet.destination, rest.subspan(4, 4));
    }
    next = rest[0];
    rest = from(rest, length);
    if (!packet.first) break;
  }
  packet.protocol = next;
  packet.payload = rest;
  return packet;
}

/// The IP packet in a tunnel's packet; empty where it is none.
Octets Placement::inside(const Packet& packet) {
  constexpr unsigned kVxlan = 4789, kGeneve = 6081, kEthernetInGre = 0x6558;
  constexpr int kEthernet = 1;
  const Octets b = packet.payload;
  switch (packet.protocol) {
    case kIpInIp:
    case kIpv6InIp:
      return b;
    case kGre: {
      if (b.size() < 4) return {};
      const std::size_t options = ((b[0] & 0x80U) != 0 ? 4U : 0U) +
                                  ((b[0] & 0x20U) != 0 ? 4U : 0U) + ((b[0] & 0x10U) != 0 ? 4U : 0U);
      const Octets carried = from(b, 4 + options);
      const unsigned type = number16(b, 2);
      if (type == 0x0800 || type == 0x86DD) return carried;
      return type == kEthernetInGre ? ip_packet(kEthernet, carried) : Octets{};
    }
    case kUdp: {
      constexpr std::size_t kHeader = 8;
      if (number16(b, 2) == kVxlan) return ip_packet(kEthernet, from(b, kHeader + 8));
      if (number16(b, 2) != kGeneve || b.size() <= kHeader) return {};
      const std::size_t options = std::size_t{b[kHeader] & 0x3FU} * 4;
      return ip_packet(kEthernet, from(b, kHeader + 8 + options));
    }
    default:
      return {};
  }
}

/// The packet that an ICMP error quotes.
Octets Placement::quoted(const Packet& packet) {
  constexpr std::size_t kHeader = 8;
  if (packet.payload.size() <= kHeader) return {};
  const unsigned type = packet.payload[0];
  const bool error = packet.protocol == kIcmp
                         ? type == 3 || type == 4 || type == 5 || type == 11 || type == 12
                         : packet.protocol == kIcmpv6 && type >= 1 && type <= 4;
  return error ? packet.payload.subspan(kHeader) : Octets{};
}

std::uint64_t Placement::of_ends(const Packet& packet, bool with_ports) {
  struct End {
    std::array<std::uint8_t, 16> address;
    unsigned port;
    auto operator<=>(const End&) const =
        default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 is mistaken here
  };
  End from{packet.source.octets, with_ports ? number16(packet.payload, 0) : 0};
  End to{packet.destination.octets, with_ports ? number16(packet.payload, 2) : 0};
  was_upward_ = from < to;
  if (!was_upward_) std::swap(from, to);
  Hash hash;
  for (const End& end : {from, to}) {
    hash.add(end.address);
    hash.add(by_ == By::Hosts ? 0U : end.port);
  }
  return hash.value();
}

std::uint64_t Placement::place_whole(const Packet& packet, int depth) {
  if (packet.protocol == kTcp) {
    was_tcp_ = true;
    return of_ends(packet, packet.payload.size() >= 4);
  }
  if (depth < kDeepest) {
    if (const auto carried = read_ip(inside(packet))) {
      const std::uint64_t there = place(*carried, depth + 1);
      if (was_tcp_) return there;
    }
    if (const auto error = read_ip(quoted(packet)); error && error->protocol == kTcp)
      return of_ends(*error, error->payload.size() >= 4);
  }
  return of_ends(packet, false);
}

std::uint64_t Placement::place(const Packet& packet, int depth) {
  if (packet.fragment_of == 0) return place_whole(packet, depth);
  if (packet.first) {
    if (fragments_.size() >= kMostFragments) fragments_.clear();
    return fragments_[packet.fragment_of] = place_whole(packet, depth);
  }
  was_tcp_ = packet.protocol == kTcp;
  const auto known = fragments_.find(packet.fragment_of);
  if (known != fragments_.end()) return known->second;
  if (by_ != By::Hosts) ++strays_;
  return of_ends(packet, false);
}

std::uint64_t Placement::of(Octets frame) {
  was_tcp_ = was_upward_ = false;
  const auto packet = read_ip(ip_packet(link_type_, frame));
  return packet ? place(*packet, 0) : 0;
}

}  // namespace tcpwave::archive
