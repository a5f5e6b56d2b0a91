// What the engine keeps and does for a segment is a constant, whatever the capture is made of.
//
// Memory is counted by the allocator, work in segments judged: no clock is asked. Each capture here is
// one that somebody would make to break that: floods, one address pair used a million times over,
// corrections repeated on purpose.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>

#include "tcpwave/tracker.h"
#include "track/allocated.h"

namespace tcpwave {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Segment segment(std::uint32_t client, bool from_client, std::uint8_t flags, std::uint32_t seq,
                std::uint32_t ack) {
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
  s.window = 65535;
  return s;
}

constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin,
                       kRst = Flags::kRst;

struct Capture {
  const char* name;
  std::function<Segment(std::uint32_t n)> nth;
  /// The most that may be kept for a segment, a growing vector's reserve, the chunks that are not full and the heap's own
  /// rounding included: where the heap lies makes a quarter of it from run to run.
  std::size_t bytes;
};

void PrintTo(const Capture& c, std::ostream* out) { *out << c.name; }

class Bounds : public testing::TestWithParam<Capture> {};

TEST_P(Bounds, MemoryAndWorkForASegmentAreConstant) {
  for (const std::uint32_t segments : {10'000U, 40'000U}) {
    const std::size_t before = allocated();
    Tracker tracker;
    for (std::uint32_t n = 0; n < segments; ++n) {
      Segment s = GetParam().nth(n);
      s.frame = n + 1;
      s.ip_id = static_cast<std::uint16_t>(n + 1);
      if (s.time_ns == 0) s.time_ns = n * kSecond;
      tracker.observe(s);
    }
    tracker.judge();
    EXPECT_LE((allocated() - before) / segments, GetParam().bytes) << segments << " segments";
    EXPECT_LE(tracker.rows_applied(), std::uint64_t{segments} * (1 + 16 + 64) + 4096)
        << segments << " segments";
  }
}

// Many SYNs, and then an ICMP error about each: that needs the connection's model once more, and no segment comes that
// would make room for it.
TEST(Bounds, ModelsOfIcmpErrorsDoNotPileUp) {
  constexpr std::uint32_t kSyns = 20'000;
  Tracker tracker;
  for (std::uint32_t n = 0; n < kSyns; ++n) {
    Segment s = segment(n, true, kSyn, 1000, 0);
    s.frame = n + 1;
    s.time_ns = n * kSecond;
    tracker.observe(s);
  }
  tracker.judge();
  const std::size_t before = allocated();
  for (std::uint32_t n = 0; n < kSyns; ++n) {
    const Segment syn = segment(n, true, kSyn, 1000, 0);
    Unreachable error;
    error.frame = kSyns + n + 1;
    error.source = syn.source;
    error.destination = syn.destination;
    error.source_port = syn.source_port;
    error.destination_port = syn.destination_port;
    error.seq = syn.seq;
    error.type = 3;
    EXPECT_TRUE(tracker.observe_unreachable(error)) << n;
  }
  EXPECT_LE((allocated() - before) / kSyns, 200U);
  EXPECT_LE(tracker.rows_applied(), 2 * kSyns);
}

const Capture kCaptures[]{
    {"SynFlood", [](std::uint32_t n) { return segment(n, true, kSyn, 1000, 0); }, 500},
    {"FinFlood", [](std::uint32_t n) { return segment(n, true, kFin | kAck, 1000, 1); }, 500},
    {"RstFlood", [](std::uint32_t n) { return segment(n, true, kRst, 1000, 0); }, 500},
    {"OneSynForEver", [](std::uint32_t) { return segment(1, true, kSyn, 1000, 0); }, 200},
    {"OneFinForEver", [](std::uint32_t) { return segment(1, true, kFin | kAck, 1000, 1); }, 200},
    {"OnePairReused",
     [](std::uint32_t n) {
       const std::uint32_t isn = 1000 + (n / 2) * 100000;
       return n % 2 == 0 ? segment(1, true, kSyn, isn, 0)
                         : segment(1, false, kRst | kAck, 0, isn + 1);
     },
     400},
    {"CorrectionsOfOldFins",
     [](std::uint32_t n) {
       if (n % 100 == 0) return segment(1, true, kFin | kAck, 1000, 1);
       Segment s = segment(1, false, kAck, 1 + n * 10, n % 3 == 0 ? 1001 : 1000);
       s.payload = 10;
       return s;
     },
     200},
    {"RepeatedDataOverAFin",
     [](std::uint32_t n) {
       if (n == 0) return segment(1, true, kFin | kAck, 1000, 1);
       Segment s = segment(1, true, kAck, 990, 1);
       s.payload = 20;
       return s;
     },
     200},
    {"CandidatesThatAreProven",
     [](std::uint32_t n) {
       const std::uint32_t isn = 5000 + (n / 4) * 70000;
       switch (n % 4) {
         case 0:
           return segment(1, true, kSyn, isn, 0);
         case 1:
           return segment(1, false, kSyn | kAck, isn * 3, isn + 1);
         case 2:
           return segment(1, true, kAck, isn + 1, isn * 3 + 1);
         default:
           return segment(1, false, kAck, isn * 3 + 1, isn + 1);
       }
     },
     1000},
    // Two thousand in turn: data in order, and an ACK of it.
    {"TwoThousandInTurn",
     [](std::uint32_t n) {
       constexpr std::uint32_t kConnections = 2000;
       const std::uint32_t client = n % kConnections, round = n / kConnections;
       if (round == 0) return segment(client, true, kSyn, 1000, 0);
       if (round == 1) return segment(client, false, kSyn | kAck, 5000, 1001);
       if (round % 2 == 0) return segment(client, true, kAck, 1001, 5001);
       Segment data = segment(client, false, kAck, 5001 + (round - 3) / 2 * 10, 1001);
       data.payload = 10;
       return data;
     },
     900},
};

INSTANTIATE_TEST_SUITE_P(Captures, Bounds, testing::ValuesIn(kCaptures),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace tcpwave
