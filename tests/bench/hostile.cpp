// Captures that somebody would make to slow the engine down, one segment after the other.
//
//   hostile                  lists the patterns
//   hostile PATTERN COUNT    judges so many segments of one, each with its mark, and asks about each at the end
//
// `worst_cases` runs them under callgrind at two sizes: what a segment costs has to stay the same.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tcpwave/tracker.h"

namespace {

using namespace tcpwave;

constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin,
                       kRst = Flags::kRst;
constexpr std::int64_t kMilli = 1'000'000;

Segment segment(std::uint32_t client, bool from_client, std::uint8_t flags, std::uint32_t seq,
                std::uint32_t ack, std::uint32_t payload = 0) {
  Segment s;
  s.source.octets = {10, static_cast<std::uint8_t>(client >> 24),
                     static_cast<std::uint8_t>(client >> 16), 1};
  s.destination.octets = {192, 0, 2, 1};
  s.source_port = static_cast<std::uint16_t>(client);
  s.destination_port = 80;
  if (!from_client) {
    std::swap(s.source, s.destination);
    std::swap(s.source_port, s.destination_port);
  }
  s.flags = Flags{flags};
  s.seq = Seq(seq);
  s.ack = Seq(ack);
  s.payload = payload;
  s.window = 65535;
  s.ttl = 64;
  return s;
}

/// The three segments that open a connection of ISNs 1000 and 5000; all later ones count from there.
Segment opening(std::uint32_t n) {
  if (n == 0) return segment(1, true, kSyn, 1000, 0);
  if (n == 1) return segment(1, false, kSyn | kAck, 5000, 1001);
  return segment(1, true, kAck, 1001, 5001);
}

using Make = Segment (*)(std::uint32_t n);

Segment ordinary(std::uint32_t n) {
  const std::uint32_t c = n / 10, base = c * 977;
  switch (n % 10) {
    case 0:
      return segment(c, true, kSyn, base, 0);
    case 1:
      return segment(c, false, kSyn | kAck, base + 7, base + 1);
    case 2:
      return segment(c, true, kAck, base + 1, base + 8);
    case 3:
      return segment(c, true, kAck, base + 1, base + 8, 100);
    case 4:
      return segment(c, false, kAck, base + 8, base + 101, 1000);
    case 5:
      return segment(c, true, kAck, base + 101, base + 1008);
    case 6:
      return segment(c, true, kFin | kAck, base + 101, base + 1008);
    case 7:
      return segment(c, false, kAck, base + 1008, base + 102);
    case 8:
      return segment(c, false, kFin | kAck, base + 1008, base + 102);
    default:
      return segment(c, true, kAck, base + 102, base + 1009);
  }
}

/// After the opening, what `then` makes of the number of the segment.
template <Segment (*then)(std::uint32_t)>
Segment open_then(std::uint32_t n) {
  return n < 3 ? opening(n) : then(n - 3);
}

Segment candidate_and_rst(std::uint32_t n) {
  return n % 2 == 0 ? segment(1, true, kSyn, 90'000 + n * 100'000, 0)
                    : segment(1, true, kRst, 77, 0);
}
Segment candidate_and_data(std::uint32_t n) {
  return n % 2 == 0 ? segment(1, true, kSyn, 90'000 + n * 100'000, 0)
                    : segment(1, false, kAck, 5001 + n * 5, 1001, 10);
}
Segment candidates_proven(std::uint32_t n) {
  const std::uint32_t isn = 70'000 + (n / 4) * 70'000;
  switch (n % 4) {
    case 0:
      return segment(1, true, kSyn, isn, 0);
    case 1:
      return segment(1, false, kSyn | kAck, isn * 3, isn + 1);
    case 2:
      return segment(1, true, kAck, isn + 1, isn * 3 + 1);
    default:
      return segment(1, false, kAck, isn * 3 + 1, isn + 1, 10);
  }
}
Segment growing_retransmissions(std::uint32_t n) {
  return segment(1, true, kAck, 1001, 5001, 10 + n % 60'000);
}
Segment one_range_for_ever(std::uint32_t) { return segment(1, true, kAck, 1001, 5001, 100); }
Segment fin_and_data_behind(std::uint32_t n) {
  if (n == 0) return segment(1, true, kFin | kAck, 1001, 5001);
  return segment(1, false, kAck, 5001 + n * 10, n % 3 == 0 ? 1002 : 1001, 10);
}
Segment reversed_blocks(std::uint32_t n) {
  const std::uint32_t block = n / 64, at = 63 - n % 64;
  return segment(1, true, kAck, 1001 + (block * 64 + at) * 100, 5001, 100);
}
Segment acks_beyond_sent(std::uint32_t n) { return segment(1, true, kAck, 1001, 6001 + n * 10); }
Segment fin_repeated(std::uint32_t) { return segment(1, true, kFin | kAck, 1001, 5001); }
Segment fin_and_old_acks(std::uint32_t n) {
  return n % 2 == 0 ? segment(1, true, kFin | kAck, 1001, 5001)
                    : segment(1, false, kAck, 5001, 1001);
}
Segment rst_flood(std::uint32_t n) { return segment(1, true, kRst, 1001 + n * 7, 0); }
Segment exact_rst_flood(std::uint32_t) { return segment(1, true, kRst | kAck, 1001, 5001); }
Segment rst_and_goes_on(std::uint32_t n) {
  return n % 2 == 0 ? segment(1, true, kRst, 1001, 0)
                    : segment(1, false, kAck, 5001 + n * 5, 1001, 10);
}
Segment sack_storm(std::uint32_t n) {
  Segment s = segment(1, true, kAck, 1001, 5001);
  s.options.sack_count = 4;
  for (std::uint32_t i = 0; i < 4; ++i)
    s.options.sack[i] = {Seq(5001 + (n % 500 + i) * 20), Seq(5011 + (n % 500 + i) * 20)};
  return s;
}
Segment dsack_storm(std::uint32_t n) {
  if (n % 2 == 0) return segment(1, false, kAck, 5001, 1001, 100);
  Segment s = segment(1, true, kAck, 1001, 5101);
  s.options.sack_count = 1;
  s.options.sack[0] = {Seq(5001), Seq(5101)};
  return s;
}
Segment times_backwards(std::uint32_t n) {
  Segment s = segment(1, n % 2 == 0, kAck, n % 2 == 0 ? 1001 : 5001, n % 2 == 0 ? 5001 : 1001, 10);
  s.time_ns = -std::int64_t{n} * kMilli;
  return s;
}
Segment syn_ack_again(std::uint32_t) { return segment(1, false, kSyn | kAck, 5000, 1001); }
Segment syn_ack_and_ack(std::uint32_t n) {
  return n % 2 == 0 ? segment(1, false, kSyn | kAck, 5000, 1001)
                    : segment(1, true, kAck, 1001, 5001);
}
Segment every_hole(std::uint32_t n) { return segment(1, true, kAck, 1011 + n * 20, 5001, 10); }
Segment holes_acknowledged(std::uint32_t n) {
  return n % 2 == 0 ? segment(1, true, kAck, 1011 + n * 10, 5001, 10)
                    : segment(1, false, kAck, 5001, 1011 + n * 10);
}
Segment keepalives(std::uint32_t n) {
  return n % 2 == 0 ? segment(1, true, kAck, 1000, 5001) : segment(1, false, kAck, 5001, 1001);
}
Segment copies(std::uint32_t n) {
  Segment s = segment(1, true, kAck, 1001 + n / 2 * 10, 5001, 10);
  s.ip_id = static_cast<std::uint16_t>(n / 2 + 1);
  return s;
}
Segment lost_and_corrected(std::uint32_t n) {
  // Sent, acknowledged, sent again: the ACK was lost; over and over, with what came between.
  switch (n % 4) {
    case 0:
    case 2:
      return segment(1, false, kAck, 5001 + n / 4 * 10, 1001, 10);
    case 1:
      return segment(1, true, kAck, 1001, 5011 + n / 4 * 10);
    default:
      return segment(1, true, kAck, 1001, 5011 + n / 4 * 10);
  }
}
Segment syn_flood(std::uint32_t n) { return segment(n, true, kSyn, 1000, 0); }
Segment rst_of_nobody(std::uint32_t n) { return segment(n, true, kRst, 1000, 0); }
Segment ports_reused(std::uint32_t n) {
  const std::uint32_t isn = 1000 + (n / 2) * 100'000;
  return n % 2 == 0 ? segment(1, true, kSyn, isn, 0) : segment(1, false, kRst | kAck, 0, isn + 1);
}

struct Pattern {
  const char* name;
  Make make;
  bool unreachable = false;  ///< at the end an ICMP error comes about each
};

constexpr std::array kPatterns{
    Pattern{"ordinary", ordinary},
    Pattern{"candidate_and_rst", open_then<candidate_and_rst>},
    Pattern{"candidate_and_data", open_then<candidate_and_data>},
    Pattern{"candidates_proven", open_then<candidates_proven>},
    Pattern{"growing_retransmissions", open_then<growing_retransmissions>},
    Pattern{"one_range_for_ever", open_then<one_range_for_ever>},
    Pattern{"fin_and_data_behind", open_then<fin_and_data_behind>},
    Pattern{"reversed_blocks", open_then<reversed_blocks>},
    Pattern{"acks_beyond_sent", open_then<acks_beyond_sent>},
    Pattern{"fin_repeated", open_then<fin_repeated>},
    Pattern{"fin_and_old_acks", open_then<fin_and_old_acks>},
    Pattern{"rst_flood", open_then<rst_flood>},
    Pattern{"exact_rst_flood", open_then<exact_rst_flood>},
    Pattern{"rst_and_goes_on", open_then<rst_and_goes_on>},
    Pattern{"sack_storm", open_then<sack_storm>},
    Pattern{"dsack_storm", open_then<dsack_storm>},
    Pattern{"times_backwards", open_then<times_backwards>},
    Pattern{"syn_ack_again", open_then<syn_ack_again>},
    Pattern{"syn_ack_and_ack", open_then<syn_ack_and_ack>},
    Pattern{"every_hole", open_then<every_hole>},
    Pattern{"holes_acknowledged", open_then<holes_acknowledged>},
    Pattern{"keepalives", open_then<keepalives>},
    Pattern{"copies", open_then<copies>},
    Pattern{"lost_and_corrected", open_then<lost_and_corrected>},
    Pattern{"syn_flood", syn_flood},
    Pattern{"syn_flood_unreachable", syn_flood, true},
    Pattern{"rst_of_nobody", rst_of_nobody},
    Pattern{"ports_reused", ports_reused},
};

Unreachable error_about(const Segment& s, std::uint32_t frame) {
  Unreachable error;
  error.frame = frame;
  error.source = s.source;
  error.destination = s.destination;
  error.source_port = s.source_port;
  error.destination_port = s.destination_port;
  error.seq = s.seq;
  error.type = 3;
  return error;
}

void run(const Pattern& pattern, std::uint32_t count) {
  Tracker tracker;
  for (std::uint32_t n = 0; n < count; ++n) {
    Segment s = pattern.make(n);
    s.frame = n + 1;
    if (s.time_ns == 0) s.time_ns = n * kMilli;
    if (s.ip_id == 0) s.ip_id = static_cast<std::uint16_t>(n + 1);
    const SegmentId id = tracker.observe(s);
    Annotation mark;
    tracker.annotate(id, Known::SoFar, Detail::Mark, mark);
  }
  for (std::uint32_t n = 0; pattern.unreachable && n < count; ++n)
    static_cast<void>(tracker.observe_unreachable(error_about(pattern.make(n), count + n + 1)));
  for (SegmentId id = 0; id < count; ++id) {
    Annotation mark;
    tracker.annotate(id, Known::Final, Detail::Mark, mark);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count == 1) {
    for (const Pattern& pattern : kPatterns) std::puts(pattern.name);
    return 0;
  }
  for (const Pattern& pattern : kPatterns)
    if (count == 3 && std::strcmp(words[1], pattern.name) == 0) {
      run(pattern, static_cast<std::uint32_t>(std::strtoul(words[2], nullptr, 10)));
      return 0;
    }
  std::fputs("usage: hostile [PATTERN COUNT]; without words it lists the patterns\n", stderr);
  return 2;
}
