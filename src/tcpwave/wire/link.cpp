// See link.h. The numbers of link types are those of https://www.tcpdump.org/linktypes.html; raw IP has
// others in some systems' libpcap.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/link.h"

#include <cstddef>

namespace tcpwave {
namespace {

using Bytes = std::span<const std::uint8_t>;

enum LinkType : int {
  kNull = 0,
  kEthernet = 1,
  kPpp = 9,
  kRaw12 = 12,  // Linux
  kRaw14 = 14,  // OpenBSD
  kRaw = 101,
  kLoop = 108,
  kCooked = 113,
  kIpv4 = 228,
  kIpv6 = 229,
  kCooked2 = 276,
};

enum EtherType : unsigned {
  kIpv4Follows = 0x0800,
  kIpv6Follows = 0x86DD,
  kVlan = 0x8100,
  kProviderVlan = 0x88A8,
  kOldProviderVlan = 0x9100,
  kMpls = 0x8847,
  kPppoe = 0x8864,
};

Bytes behind(Bytes b, std::size_t octets) {
  return b.size() < octets ? Bytes{} : b.subspan(octets);
}

unsigned number16(Bytes b) { return b.size() < 2 ? 0 : (unsigned{b[0]} << 8) | b[1]; }

// A PPP frame from its protocol field on.
Bytes in_ppp(Bytes b) {
  constexpr unsigned kPppIpv4 = 0x0021, kPppIpv6 = 0x0057;
  const unsigned protocol = number16(b);
  return protocol == kPppIpv4 || protocol == kPppIpv6 ? behind(b, 2) : Bytes{};
}

// Labels end with the one that says so; what follows says nothing of itself but IP's version.
Bytes in_mpls(Bytes b) {
  constexpr std::size_t kLabel = 4;
  while (b.size() >= kLabel) {
    const bool last = (b[2] & 1U) != 0;
    b = b.subspan(kLabel);
    if (last) return !b.empty() && (b[0] >> 4 == 4 || b[0] >> 4 == 6) ? b : Bytes{};
  }
  return {};
}

// What follows an EtherType, from that on.
Bytes by_ether_type(Bytes b) {
  constexpr std::size_t kType = 2, kTag = 4, kPppoeHeader = 6;
  while (b.size() >= kType) {
    switch (number16(b)) {
      case kIpv4Follows:
      case kIpv6Follows:
        return b.subspan(kType);
      case kVlan:
      case kProviderVlan:
      case kOldProviderVlan:
        b = behind(b, kTag);
        break;
      case kMpls:
        return in_mpls(b.subspan(kType));
      case kPppoe:
        return in_ppp(behind(b, kType + kPppoeHeader));
      default:
        return {};
    }
  }
  return {};
}

}  // namespace

bool knows_link_type(int link_type) noexcept {
  switch (link_type) {
    case kNull:
    case kEthernet:
    case kPpp:
    case kRaw12:
    case kRaw14:
    case kRaw:
    case kLoop:
    case kCooked:
    case kIpv4:
    case kIpv6:
    case kCooked2:
      return true;
    default:
      return false;
  }
}

std::span<const std::uint8_t> ip_packet(int link_type, Bytes frame) noexcept {
  constexpr std::size_t kEthernetAddresses = 12, kFamily = 4, kCookedType = 14, kCooked2Header = 20;
  switch (link_type) {
    case kEthernet:
      return by_ether_type(behind(frame, kEthernetAddresses));
    case kRaw12:
    case kRaw14:
    case kRaw:
    case kIpv4:
    case kIpv6:
      return frame;
    case kNull:
    case kLoop:
      return behind(frame, kFamily);
    case kCooked:
      return by_ether_type(behind(frame, kCookedType));
    case kCooked2: {  // its EtherType stands in front
      const unsigned type = number16(frame);
      return type == kIpv4Follows || type == kIpv6Follows ? behind(frame, kCooked2Header) : Bytes{};
    }
    case kPpp: {  // with or without HDLC's address and control
      const bool hdlc = number16(frame) == 0xFF03;
      return in_ppp(hdlc ? frame.subspan(2) : frame);
    }
    default:
      return {};
  }
}

}  // namespace tcpwave
