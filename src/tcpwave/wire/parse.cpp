// Bytes to Segment. See parse.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/parse.h"

#include <algorithm>
#include <cstddef>

namespace tcpwave {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::uint8_t kProtocolTcp = 6;

// These two trust their caller: the octets are there.
constexpr std::uint16_t be16(Bytes b, std::size_t at) {
  return static_cast<std::uint16_t>((b[at] << 8) | b[at + 1]);
}
constexpr std::uint32_t be32(Bytes b, std::size_t at) {
  return (std::uint32_t{be16(b, at)} << 16) | be16(b, at + 2);
}

constexpr FastOpen fast_open(std::size_t cookie_octets) {
  return cookie_octets == 0 ? FastOpen::Request : FastOpen::Cookie;
}

void read_sack(Bytes body, Options& options) {
  if (body.empty() || body.size() % 8 != 0) return;
  const std::size_t blocks = std::min(body.size() / 8, options.sack.size());
  options.sack = {};  // of an option that came before nothing stays
  for (std::size_t i = 0; i < blocks; ++i)
    options.sack[i] = {Seq(be32(body, 8 * i)), Seq(be32(body, 8 * i + 4))};
  options.sack_count = static_cast<std::uint8_t>(blocks);
}

// One option whose length field is sound. One that has not its kind's length is passed over, as
// real stacks do; of a kind that comes twice the last counts.
//= rfc9293#3.1 MUST-6
void read_option(std::uint8_t kind, Bytes body, Options& options) {
  constexpr std::uint8_t kMss = 2, kWindowScale = 3, kSackPermitted = 4, kSack = 5, kTimestamps = 8,
                         kFastOpen = 34, kExperiment = 254;
  constexpr std::uint16_t kFastOpenExperiment = 0xF989;  // RFC 7413 appendix: before kind 34
  switch (kind) {
    case kMss:
      if (body.size() == 2) options.mss = be16(body, 0);
      break;
    case kWindowScale:
      if (body.size() == 1) options.window_scale = body[0];
      break;
    case kSackPermitted:
      if (body.empty()) options.sack_permitted = true;
      break;
    case kSack:
      read_sack(body, options);
      break;
    case kTimestamps:
      if (body.size() == 8) options.timestamps = Timestamps{be32(body, 0), be32(body, 4)};
      break;
    case kFastOpen:
      options.fast_open = fast_open(body.size());
      break;
    case kExperiment:
      if (body.size() >= 2 && be16(body, 0) == kFastOpenExperiment)
        options.fast_open = fast_open(body.size() - 2);
      break;
    default:  // any octet can stand here
      break;
  }
}

// As nearly all segments but SYNs have them (RFC 7323 appendix A): two NOPs, then the time stamps.
bool are_timestamps_alone(Bytes area) { return area.size() == 12 && be32(area, 0) == 0x0101080A; }

// `area` is what was captured of the options, `length` what the header says they have. Returns
// whether options were cut off.
//= rfc9293#3.1 MUST-5 MUST-7
//= rfc9293#3.2 MUST-64
bool read_options(Bytes area, std::size_t length, Options& options) {
  constexpr std::uint8_t kEnd = 0, kNop = 1;
  if (are_timestamps_alone(area) && length == area.size()) {
    options.timestamps = Timestamps{be32(area, 4), be32(area, 8)};
    return false;
  }
  std::size_t at = 0;
  while (at < length) {
    if (at >= area.size()) return true;
    const std::uint8_t kind = area[at];
    if (kind == kEnd) return false;
    if (kind == kNop) {
      ++at;
      continue;
    }
    if (at + 1 >= length) return false;  // no room for the length: malformed
    if (at + 1 >= area.size()) return true;
    const std::size_t size = area[at + 1];
    if (size < 2 || at + size > length) return false;  // malformed: what follows means nothing
    if (at + size > area.size()) return true;
    read_option(kind, area.subspan(at + 2, size - 2), options);
    at += size;
  }
  return false;
}

Address ipv4_address(Bytes packet, std::size_t at) {
  Address a;
  std::copy_n(packet.begin() + static_cast<std::ptrdiff_t>(at), 4, a.octets.begin());
  return a;
}
Address ipv6_address(Bytes packet, std::size_t at) {
  Address a;
  std::copy_n(packet.begin() + static_cast<std::ptrdiff_t>(at), 16, a.octets.begin());
  a.v6 = true;
  return a;
}

ParseResult parse_ipv4(Bytes packet, Segment& segment) noexcept {
  if (packet.size() < kIpv4Header) return ParseResult::Truncated;
  const std::size_t header = std::size_t{packet[0] & 0x0FU} * 4;
  // A total length of 0 stands in captures of a sender that leaves segmentation to its device.
  const std::size_t total = be16(packet, 2) == 0 ? packet.size() : be16(packet, 2);
  if (header < kIpv4Header || total < header) return ParseResult::BadHeader;
  constexpr unsigned kMoreFragmentsAndOffset = 0x3FFF;
  if ((be16(packet, 6) & kMoreFragmentsAndOffset) != 0) return ParseResult::Fragment;
  if (packet[9] != kProtocolTcp) return ParseResult::NotTcp;
  if (packet.size() < header) return ParseResult::Truncated;
  const Bytes inside = packet.first(std::min(packet.size(), total)).subspan(header);
  const ParseResult result = parse_tcp(inside, static_cast<std::uint32_t>(total - header), segment);
  if (result != ParseResult::Ok) return result;
  segment.source = ipv4_address(packet, 12);
  segment.destination = ipv4_address(packet, 16);
  segment.ttl = packet[8];
  segment.ip_id = be16(packet, 4);
  return ParseResult::Ok;
}

struct Extension {
  ParseResult result = ParseResult::Ok;  // Ok: skip `size` octets, `next` follows
  std::uint8_t next = 0;
  std::size_t size = 0;
};

// An IPv6 extension header (RFC 8200 section 4, RFC 4302 for AH) at the front of `rest`.
Extension read_extension(std::uint8_t kind, Bytes rest) {
  constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kAuthentication = 51,
                         kDestination = 60, kMobility = 135, kHip = 139, kShim6 = 140;
  switch (kind) {
    case kHopByHop:
    case kRouting:
    case kDestination:
    case kMobility:
    case kHip:
    case kShim6:
      if (rest.size() < 2) return {ParseResult::Truncated};
      return {ParseResult::Ok, rest[0], (std::size_t{rest[1]} + 1) * 8};
    case kAuthentication:
      if (rest.size() < 2) return {ParseResult::Truncated};
      return {ParseResult::Ok, rest[0], (std::size_t{rest[1]} + 2) * 4};
    case kFragment: {
      constexpr unsigned kOffsetAndMore = 0xFFF9;
      if (rest.size() < 4) return {ParseResult::Truncated};
      // RFC 6946: an atomic fragment is the whole packet.
      if ((be16(rest, 2) & kOffsetAndMore) != 0) return {ParseResult::Fragment};
      return {ParseResult::Ok, rest[0], 8};
    }
    default:
      return {ParseResult::NotTcp};
  }
}

ParseResult parse_ipv6(Bytes packet, Segment& segment) noexcept {
  if (packet.size() < kIpv6Header) return ParseResult::Truncated;
  // A payload length of 0: a jumbogram, or segmentation left to the device.
  const std::size_t length = be16(packet, 4) == 0 ? packet.size() - kIpv6Header : be16(packet, 4);
  const Bytes inside = packet.subspan(kIpv6Header, std::min(packet.size() - kIpv6Header, length));
  std::uint8_t next = packet[6];
  std::size_t at = 0;  // each round moves on by 8 or more, so this ends
  while (next != kProtocolTcp) {
    if (at > inside.size()) return ParseResult::Truncated;
    const Extension extension = read_extension(next, inside.subspan(at));
    if (extension.result != ParseResult::Ok) return extension.result;
    at += extension.size;
    if (at > length) return ParseResult::BadHeader;
    next = extension.next;
  }
  if (at > inside.size()) return ParseResult::Truncated;
  const ParseResult result =
      parse_tcp(inside.subspan(at), static_cast<std::uint32_t>(length - at), segment);
  if (result != ParseResult::Ok) return result;
  segment.source = ipv6_address(packet, 8);
  segment.destination = ipv6_address(packet, 24);
  segment.ttl = packet[7];
  segment.ip_id = 0;
  return ParseResult::Ok;
}

}  // namespace

ParseResult parse_tcp(Bytes captured, std::uint32_t reported_length, Segment& segment) noexcept {
  if (reported_length < kTcpHeader) return ParseResult::BadHeader;
  if (captured.size() < kTcpHeader) return ParseResult::Truncated;
  const std::size_t header = std::size_t{captured[12]} / 16 * 4;
  if (header < kTcpHeader || header > reported_length) return ParseResult::BadHeader;

  segment.source_port = be16(captured, 0);
  segment.destination_port = be16(captured, 2);
  segment.seq = Seq(be32(captured, 4));
  segment.ack = Seq(be32(captured, 8));
  segment.flags = Flags{captured[13]};
  segment.window = be16(captured, 14);
  segment.checksum = be16(captured, 16);
  segment.urgent = be16(captured, 18);
  segment.payload = reported_length - static_cast<std::uint32_t>(header);
  segment.options = Options{};
  const Bytes area = captured.first(std::min(captured.size(), header)).subspan(kTcpHeader);
  segment.options_cut = read_options(area, header - kTcpHeader, segment.options);
  return ParseResult::Ok;
}

ParseResult parse_ip(Bytes packet, Segment& segment) noexcept {
  if (packet.empty()) return ParseResult::Truncated;
  switch (packet[0] >> 4) {
    case 4:
      return parse_ipv4(packet, segment);
    case 6:
      return parse_ipv6(packet, segment);
    default:
      return ParseResult::BadHeader;
  }
}

}  // namespace tcpwave
