// A script becomes segments. See variant.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenario/variant.h"

#include <algorithm>

namespace tcpwave::scenario {
namespace {

// Addresses for documentation: RFC 5737 and RFC 3849.
Address ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  Address address;
  address.octets = {a, b, c, d};
  return address;
}
Address ipv6(std::uint8_t net, std::uint8_t host) {
  Address address;
  address.octets = {0x20, 0x01, 0x0d, 0xb8};
  address.octets[5] = net;
  address.octets[15] = host;
  address.v6 = true;
  return address;
}

Address address(bool v6, std::size_t net, std::uint8_t host) {
  if (v6) return ipv6(static_cast<std::uint8_t>(net + 1), host);
  return net == 0 ? ipv4(192, 0, 2, host) : ipv4(198, 51, 100, host);
}

// Moves a line's relative numbers to the wire.
void set_numbers(const Line& line, const std::array<std::uint32_t, 2>& shift, Segment& s) {
  const std::size_t mine = line.from_client ? 0 : 1;
  const std::size_t peer = 1 - mine;
  const std::uint32_t seq_base = line.iss[mine].raw() + shift[mine];
  const std::uint32_t ack_base = line.iss[peer].raw() + shift[peer];
  s.seq = s.seq + seq_base;
  if (s.flags.ack()) s.ack = s.ack + ack_base;
  for (std::size_t i = 0; i < s.options.sack_count; ++i)
    s.options.sack[i] = {s.options.sack[i].left + ack_base, s.options.sack[i].right + ack_base};
}

// The ICMP error as the engine is told of it. ICMPv6 has a number of its own for "unreachable".
Unreachable error_about(const Quote& quote, const Segment& quoted, std::uint32_t frame) {
  constexpr std::uint8_t kUnreachableV6 = 1;
  Unreachable error;
  error.frame = frame;
  error.source = quoted.source;
  error.destination = quoted.destination;
  error.source_port = quoted.source_port;
  error.destination_port = quoted.destination_port;
  error.seq = quoted.seq;
  error.type = quoted.source.v6 ? kUnreachableV6 : quote.type;
  error.code = quote.code;
  return error;
}

std::vector<Variant> all_variants() {
  constexpr std::uint32_t kHalf = 0x7FFFFFFF, kMax = 0xFFFFFFFF;
  struct Isns {
    const char* name;
    std::optional<std::array<Seq, 2>> isn;
  };
  const std::array<Isns, 5> isns{{{"as_written", {}},
                                  {"isn_0", {{Seq(0), Seq(kHalf)}}},
                                  {"isn_1", {{Seq(1), Seq(0)}}},
                                  {"isn_half", {{Seq(kHalf), Seq(kMax)}}},
                                  {"isn_max", {{Seq(kMax), Seq(1)}}}}};
  std::vector<Variant> all;
  for (const Isns& at : isns)
    for (const bool swapped : {false, true})
      for (const bool v6 : {false, true}) {
        Variant v;
        v.name = std::string(at.name) + (swapped ? "_swapped" : "") + (v6 ? "_v6" : "");
        v.isn = at.isn;
        v.swapped = swapped;
        v.v6 = v6;
        all.push_back(v);
      }
  return all;
}

}  // namespace

std::vector<Variant> variants_of(const Scenario& scenario) {
  constexpr std::size_t kVeryLong = 1000;
  std::vector<Variant> all = all_variants();
  if (scenario.lines.size() <= kVeryLong) return all;
  // Of those about ports that a client holds: exchanged, they are its server's.
  std::erase_if(all, [](const Variant& v) { return v.swapped; });
  all = {all.front(), all.back()};
  return all;
}

std::vector<Frame> play_frames(const Scenario& scenario, const Variant& variant) {
  const std::array<Seq, 2> first = scenario.lines.front().iss;
  std::array<std::uint32_t, 2> shift{};
  if (variant.isn)
    for (std::size_t side = 0; side < 2; ++side)
      shift[side] = (*variant.isn)[side].raw() - first[side].raw();

  std::vector<Frame> frames;
  std::array<std::uint16_t, 2> ip_id{0x1000, 0x2000};
  for (const Line& line : scenario.lines) {
    Segment s = line.segment;
    const std::size_t mine = line.from_client ? 0 : 1;
    const auto frame = static_cast<std::uint32_t>(frames.size() + 1);
    std::optional<Unreachable> error;
    if (line.quote) {
      s = frames[line.quote->frame - 1].segment;
      error = error_about(*line.quote, s, frame);
    } else if (line.copy) {
      s = frames.back().segment;
    } else {
      set_numbers(line, shift, s);
      const std::size_t own = variant.swapped ? 1 - mine : mine, peer = 1 - own;
      s.source = address(variant.v6, own, line.hosts[mine]);
      s.destination = address(variant.v6, peer, line.hosts[1 - mine]);
      s.source_port = line.ports[own];
      s.destination_port = line.ports[peer];
      ++ip_id[mine];
      if (variant.v6) {
        s.ip_id = 0;
      } else if (s.ip_id == 0) {
        s.ip_id = ip_id[mine];
      }
    }
    s.frame = frame;
    s.time_ns = variant.start_ns + line.time_ns;
    frames.push_back({s, error});
  }
  return frames;
}

std::vector<Segment> play(const Scenario& scenario, const Variant& variant) {
  std::vector<Segment> segments;
  for (const Frame& frame : play_frames(scenario, variant))
    if (!frame.error) segments.push_back(frame.segment);
  return segments;
}

bool sides_exchanged(const Scenario& scenario, const Variant& variant, bool one_pass) {
  const bool differs = one_pass && !scenario.one_pass_role_basis.empty();
  const std::string& basis = differs ? scenario.one_pass_role_basis : scenario.role_basis;
  return variant.swapped && basis == "port";
}

}  // namespace tcpwave::scenario
