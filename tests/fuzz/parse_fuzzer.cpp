// Arbitrary octets for the parsers: TCP headers, IP packets, frames of every known link layer.
// - they are read from a block of exactly their size, so that the sanitizer sees one octet too far;
// - what is not Ok leaves the segment alone, and what is Ok contradicts no length;
// - a segment that was read, written again by the tests' own writer, is read as the same.
//
// Octet 0 chooses the entrance, octets 1 and 2 are the length by IP or the link type; the rest is read.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/parse.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/require.h"
#include "fuzz/said.h"
#include "scenario/packet.h"
#include "tcpwave/link.h"

namespace tcpwave::fuzz {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kChoice = 3, kHeader = 20, kLongestOptions = 40;
constexpr std::array kLinkTypes{0, 1, 9, 12, 14, 101, 108, 113, 228, 229, 276};

/// A segment that is like no other, to see whether it is left alone.
Segment untouched() {
  Segment s;
  s.seq = Seq(0x5A5A5A5A);
  s.payload = 0x5A5A5A5A;
  s.options.mss = 0x5A5A;
  s.source.octets.fill(0x5A);
  return s;
}

void require_sound(ParseResult result, const Segment& s, std::size_t most_payload) {
  if (result != ParseResult::Ok) {
    require(said(s) == said(untouched()), "what is not Ok leaves the segment alone",
            static_cast<unsigned long long>(result));
    return;
  }
  require(s.payload <= most_payload, "no payload beyond the length of IP", s.payload);
  require(s.options.sack_count <= s.options.sack.size(), "no more blocks than there is room for");
}

std::size_t option_octets(const Options& o) {
  const std::size_t cookie = o.fast_open == FastOpen::Cookie ? 10 : 2;
  return (o.mss ? 4U : 0U) + (o.window_scale ? 3U : 0U) + (o.sack_permitted ? 2U : 0U) +
         (o.timestamps ? 10U : 0U) + (o.fast_open == FastOpen::None ? 0U : cookie) +
         (o.sack_count > 0 ? 2U + 8U * o.sack_count : 0U);
}

void require_same_again(const Segment& s) {
  constexpr std::uint32_t kMostPayload = 1460;
  if (s.options_cut || s.payload > kMostPayload || option_octets(s.options) > kLongestOptions)
    return;
  const std::vector<std::uint8_t> packet = scenario::ip_packet(s);
  Segment again;
  require(parse_ip(packet, again) == ParseResult::Ok, "what was written can be read");
  require(said(again) == said(s), "what was written is read as the same");
}

void read_ip(Bytes octets) {
  Segment s = untouched();
  const ParseResult result = parse_ip(octets, s);
  require_sound(result, s, std::max<std::size_t>(0xFFFF, octets.size()) - kHeader);
  if (result == ParseResult::Ok) require_same_again(s);
}

void read_tcp(Bytes octets, std::uint32_t reported) {
  Segment s = untouched();
  const ParseResult result = parse_tcp(octets, reported, s);
  require_sound(result, s, std::max<std::size_t>(reported, kHeader) - kHeader);
}

void read_frame(Bytes octets, int link_type) {
  require(knows_link_type(link_type), "the link type is known", static_cast<unsigned>(link_type));
  const Bytes packet = ip_packet(link_type, octets);
  if (packet.empty()) return;
  const bool inside = packet.data() >= octets.data() &&
                      packet.data() + packet.size() <= octets.data() + octets.size();
  require(inside, "a packet lies within its frame");
  read_ip(packet);
}

void check(Bytes input) {
  if (input.size() < kChoice) return;
  const Bytes rest = input.subspan(kChoice);
  const auto exact = std::make_unique<std::uint8_t[]>(rest.size());
  std::copy(rest.begin(), rest.end(), exact.get());
  const Bytes octets(exact.get(), rest.size());
  switch (input[0] % 3) {
    case 0:
      read_tcp(octets, (std::uint32_t{input[1]} << 8) | input[2]);
      break;
    case 1:
      read_ip(octets);
      break;
    default:
      read_frame(octets, kLinkTypes.at(input[1] % kLinkTypes.size()));
      break;
  }
}

}  // namespace
}  // namespace tcpwave::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tcpwave::fuzz::check({data, size});
  return 0;
}
