// See events.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/events.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <map>
#include <utility>

namespace tcpwave::fuzz {
namespace {

using Octets = std::array<std::uint8_t, kEventOctets>;

enum Kind : std::uint8_t { kSegment = 0, kIcmp = 12, kCopy = 13, kQuestion = 14, kSegmentV6 = 15 };

// clang-format off
constexpr std::array<std::int64_t, 16> kTimeUnits{
    0, 1, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000, 10'000'000'000,
    60'000'000'000, 120'000'000'000, -1'000, -1'000'000, -1'000'000'000, -100'000'000'000};
// clang-format on

std::uint32_t be32(const Octets& b, std::size_t at) {
  return (std::uint32_t{b[at]} << 24) | (std::uint32_t{b[at + 1]} << 16) |
         (std::uint32_t{b[at + 2]} << 8) | b[at + 3];
}
std::uint16_t be16(const Octets& b, std::size_t at) {
  return static_cast<std::uint16_t>((b[at] << 8) | b[at + 1]);
}
void put32(Octets& b, std::size_t at, std::uint32_t v) {
  for (std::size_t i = 0; i < 4; ++i) b[at + i] = static_cast<std::uint8_t>(v >> (24 - 8 * i));
}
void put16(Octets& b, std::size_t at, std::uint16_t v) {
  b[at] = static_cast<std::uint8_t>(v >> 8);
  b[at + 1] = static_cast<std::uint8_t>(v);
}

/// One direction of one pair of sockets, as far as it has spoken.
struct Way {
  Seq isn, next, last;
  Seq acked;  ///< the last ACK that it sent
  std::uint32_t window = 0;
  std::uint32_t tsval = 0;
};

/// What the numbers of the next event are relative to; the same for both directions of the language.
struct Wire {
  std::array<std::array<Way, 2>, 4> ways;
  std::int64_t now_ns = 1'767'225'600'000'000'000;
  std::uint32_t frame = 1;
  std::uint16_t ip_id = 1;

  [[nodiscard]] static Seq seq_base(const Way& mine, const Way& peer, unsigned mode) {
    switch (mode) {
      case 1:
        return mine.isn;
      case 2:
        return peer.acked;
      case 3:
        return mine.last;
      case 4:
        return peer.acked + peer.window;
      case 5:
        return Seq{};
      case 6:
        return mine.next + 0x80000000U;
      case 7:
        return mine.next - 1U;
      default:
        return mine.next;
    }
  }
  [[nodiscard]] static Seq ack_base(const Way& mine, const Way& peer, unsigned mode) {
    switch (mode) {
      case 1:
        return peer.isn + 1U;
      case 2:
        return mine.acked;
      case 3:
        return Seq{};
      case 4:
        return peer.next + 0x80000000U;
      case 5:
        return peer.next - 1U;
      default:
        return peer.next;
    }
  }
  [[nodiscard]] std::uint32_t clock() const {
    return static_cast<std::uint32_t>(now_ns / 1'000'000);
  }

  void said(const Segment& s, Way& mine) const {
    if (s.flags.ack()) mine.acked = s.ack;
    mine.window = s.window;
    mine.last = s.seq;
    if (s.options.timestamps) mine.tsval = s.options.timestamps->value;
    if (s.flags.syn()) {
      mine.isn = s.seq;
      mine.next = s.end();
    } else if (!s.flags.rst()) {
      mine.next = later(mine.next, s.end());
    }
  }
};

void set_ends(Segment& s, unsigned flow, bool from_b, bool v6) {
  s.source.octets = {10, 0, 0, 1};
  s.destination.octets = {10, 0, 0, static_cast<std::uint8_t>(2 + flow / 2)};
  s.source.v6 = s.destination.v6 = v6;
  s.source_port = static_cast<std::uint16_t>(flow == 3 ? 80 : 40000 + flow);
  s.destination_port = 80;
  if (!from_b) return;
  std::swap(s.source, s.destination);
  std::swap(s.source_port, s.destination_port);
}

Segment segment_of(const Octets& b, Wire& wire, const Way& mine, const Way& peer) {
  Segment s;
  s.flags = Flags{static_cast<std::uint8_t>(b[1] & 0x3FU)};
  s.seq = Wire::seq_base(mine, peer, b[3] & 0x0FU) + be32(b, 4);
  s.ack = Wire::ack_base(mine, peer, b[3] >> 4U) + be32(b, 8);
  const unsigned options = b[16];
  s.payload = be16(b, 12) * ((options & 0x80U) != 0 ? 16U : 1U);
  s.window = be16(b, 14);
  s.urgent = s.flags.urg() ? s.payload & 0xFFFFU : 0;
  if ((options & 1U) != 0) s.options.mss = 1460;
  if ((options & 2U) != 0) s.options.window_scale = b[17] & 0x0FU;
  s.options.sack_permitted = (options & 4U) != 0;
  if ((options & 8U) != 0) s.options.fast_open = FastOpen::Request;
  if ((options & 16U) != 0) s.options.fast_open = FastOpen::Cookie;
  if ((options & 32U) != 0) {
    s.options.sack_count = 1;
    s.options.sack[0] = {peer.last, peer.next};
  }
  s.options_cut = (options & 64U) != 0;
  if ((b[1] & 0x40U) != 0)
    s.options.timestamps =
        Timestamps{wire.clock() + static_cast<std::uint32_t>(static_cast<std::int8_t>(b[18])),
                   peer.tsval + static_cast<std::uint32_t>(static_cast<std::int8_t>(b[19]))};
  s.ttl = static_cast<std::uint8_t>(64U - (b[17] >> 6U));
  s.ip_id = (b[17] & 0x20U) != 0 ? 0 : wire.ip_id++;
  s.checksum = s.ip_id;
  return s;
}

std::int64_t step_ns(std::uint8_t code) { return kTimeUnits[code >> 4U] * (1 + (code & 0x0FU)); }

/// The step nearest to a time.
std::uint8_t step_code(std::int64_t ns) {
  std::uint8_t best = 0;
  std::int64_t off = std::numeric_limits<std::int64_t>::max();
  for (unsigned code = 0; code < 256; ++code) {
    const std::int64_t distance = std::abs(step_ns(static_cast<std::uint8_t>(code)) - ns);
    if (distance >= off) continue;
    off = distance;
    best = static_cast<std::uint8_t>(code);
  }
  return best;
}

std::uint8_t small(std::uint32_t difference) {
  const auto signed_difference = static_cast<std::int32_t>(difference);
  return static_cast<std::uint8_t>(
      static_cast<std::int8_t>(std::clamp(signed_difference, -128, 127)));
}

}  // namespace

std::vector<Event> decode(std::span<const std::uint8_t> octets) {
  Wire wire;
  std::vector<Event> events;
  Segment last;
  for (; octets.size() >= kEventOctets && events.size() < kMostEvents;
       octets = octets.subspan(kEventOctets)) {
    Octets b{};
    std::copy_n(octets.begin(), kEventOctets, b.begin());
    const unsigned flow = b[0] & 3U;
    const bool from_b = (b[0] & 4U) != 0;
    const unsigned kind = b[0] >> 4U;
    const auto [mine, peer] = from_b ? std::tie(wire.ways[flow][1], wire.ways[flow][0])
                                     : std::tie(wire.ways[flow][0], wire.ways[flow][1]);
    wire.now_ns += step_ns(b[2]);
    if (kind == kQuestion) {
      events.emplace_back(Question{be32(b, 4), (b[1] & 1U) != 0 ? Known::Final : Known::SoFar});
      continue;
    }
    wire.frame += 2;
    if (kind == kCopy) {
      last.frame = wire.frame;
      last.time_ns = wire.now_ns;
      events.emplace_back(last);
      continue;
    }
    Segment s = segment_of(b, wire, mine, peer);
    set_ends(s, flow, from_b, kind == kSegmentV6);
    s.context = (b[0] & 8U) != 0 ? 5 : 0;
    s.frame = wire.frame;
    s.time_ns = wire.now_ns;
    if (kind == kIcmp) {
      events.emplace_back(Unreachable{s.frame, s.source, s.destination, s.source_port,
                                      s.destination_port, s.context, s.seq, b[12], b[13]});
      continue;
    }
    wire.said(s, mine);
    last = s;
    events.emplace_back(s);
  }
  return events;
}

std::vector<std::uint8_t> encode(const std::vector<scenario::Frame>& frames) {
  Wire wire;
  std::vector<std::uint8_t> octets;
  std::map<std::pair<std::uint16_t, std::uint16_t>, unsigned> flows;
  bool first = true;
  for (const scenario::Frame& frame : frames) {
    const Segment& s = frame.segment;
    if (octets.size() / kEventOctets >= kMostEvents) break;
    const auto way_there = flows.find({s.source_port, s.destination_port});
    const auto way_back = flows.find({s.destination_port, s.source_port});
    const bool from_b = way_there == flows.end() && way_back != flows.end();
    unsigned flow = 0;
    if (way_there != flows.end())
      flow = way_there->second;
    else if (from_b)
      flow = way_back->second;
    else
      flow = flows[{s.source_port, s.destination_port}] = static_cast<unsigned>(flows.size() % 3);
    Way& mine = wire.ways[flow][from_b ? 1 : 0];
    const Way& peer = wire.ways[flow][from_b ? 0 : 1];

    Octets b{};
    const unsigned kind = frame.error ? kIcmp : kSegment;
    b[0] = static_cast<std::uint8_t>(flow | (from_b ? 4U : 0U) | kind << 4U);
    b[1] = static_cast<std::uint8_t>((s.flags.bits & 0x3FU) | (s.options.timestamps ? 0x40U : 0U));
    b[2] = first ? std::uint8_t{0} : step_code(s.time_ns - wire.now_ns);
    if (first) wire.now_ns = s.time_ns;
    first = false;
    wire.now_ns += step_ns(b[2]);
    put32(b, 4, s.seq.raw() - mine.next.raw());
    put32(b, 8, s.ack.raw() - peer.next.raw());
    put16(b, 12, static_cast<std::uint16_t>(std::min(s.payload, 0xFFFFU)));
    if (frame.error) {
      b[12] = frame.error->type;
      b[13] = frame.error->code;
    }
    put16(b, 14, s.window);
    const Options& o = s.options;
    b[16] = static_cast<std::uint8_t>((o.mss ? 1U : 0U) | (o.window_scale ? 2U : 0U) |
                                      (o.sack_permitted ? 4U : 0U) |
                                      (o.fast_open == FastOpen::Request ? 8U : 0U) |
                                      (o.fast_open == FastOpen::Cookie ? 16U : 0U) |
                                      (o.sack_count > 0 ? 32U : 0U) | (s.options_cut ? 64U : 0U));
    b[17] = static_cast<std::uint8_t>(o.window_scale.value_or(0) & 0x0FU);
    if (o.timestamps) {
      b[18] = small(o.timestamps->value - wire.clock());
      b[19] = small(o.timestamps->echo - peer.tsval);
    }
    if (!frame.error) wire.said(s, mine);
    octets.insert(octets.end(), b.begin(), b.end());
  }
  return octets;
}

}  // namespace tcpwave::fuzz
