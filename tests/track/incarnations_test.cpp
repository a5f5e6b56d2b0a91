// The same addresses and ports once more, and one connection for very long.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "tcpwave/tracker.h"

namespace tcpwave {
namespace {

constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin;
constexpr std::int64_t kSecond = 1'000'000'000;

/// One client's port and one server's, with the time of the segment before.
class Pair {
 public:
  SegmentId client(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                   std::uint32_t payload = 0) {
    return observe(flags, seq, ack, payload, true);
  }
  SegmentId server(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                   std::uint32_t payload = 0) {
    return observe(flags, seq, ack, payload, false);
  }
  void wait(std::int64_t seconds) { time_ns_ += seconds * kSecond; }
  void handshake(std::uint32_t client_iss, std::uint32_t server_iss) {
    client(kSyn, client_iss, 0);
    server(kSyn | kAck, server_iss, client_iss + 1);
    client(kAck, client_iss + 1, server_iss + 1);
  }
  [[nodiscard]] Annotation at(SegmentId id) const { return tracker_.annotate(id, Known::Final); }

 private:
  SegmentId observe(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t payload,
                    bool from_client) {
    Segment s;
    s.source.octets = {192, 0, 2, 10};
    s.destination.octets = {198, 51, 100, 20};
    s.source_port = 40000;
    s.destination_port = 8000;
    if (!from_client) {
      std::swap(s.source, s.destination);
      std::swap(s.source_port, s.destination_port);
    }
    s.time_ns = time_ns_ += 10'000'000;
    s.flags = Flags{flags};
    s.seq = Seq(seq);
    s.ack = Seq(ack);
    s.payload = payload;
    s.window = 65535;
    if ((flags & kSyn) != 0) s.options.window_scale = 14;
    return tracker_.observe(s);
  }

  Tracker tracker_;
  std::int64_t time_ns_ = 0;
};

Pair closed() {
  Pair pair;
  pair.handshake(100, 300);
  pair.client(kFin | kAck, 101, 301);
  pair.server(kFin | kAck, 301, 102);
  pair.client(kAck, 102, 302);
  return pair;
}

// RFC 9293 3.6.1: after 2MSL the pair is free; the tap missed the SYN.
TEST(Incarnations, WhatComesLongAfterTheEndIsAnotherConnection) {
  Pair pair = closed();
  pair.wait(300);
  const SegmentId first = pair.client(kAck, 7'000'001, 90'000'001, 100);
  const SegmentId second = pair.server(kAck, 90'000'001, 7'000'101);
  for (const SegmentId id : {first, second}) {
    EXPECT_EQ(pair.at(id).connection, 1U);
    EXPECT_EQ(pair.at(id).client().after, State::Established);
    EXPECT_EQ(pair.at(id).server().after, State::Established);
    EXPECT_EQ(pair.at(id).outcome, Outcome::Partial);
  }
  EXPECT_EQ(pair.at(0).outcome, Outcome::NormalClose);
}

TEST(Incarnations, WhatStandsWhereTheOldOneEndedIsTheOldOnes) {
  Pair pair = closed();
  pair.wait(300);
  EXPECT_EQ(pair.at(pair.server(kAck, 302, 102)).connection, 0U);
}

TEST(Incarnations, WhatComesWithinTwoMslIsTheOldOnes) {
  Pair pair = closed();
  pair.wait(30);
  EXPECT_EQ(pair.at(pair.client(kAck, 7'000'001, 90'000'001, 100)).connection, 0U);
}

// Numbers come round every 4 GiB; those around the ISN are then like any others.
TEST(Incarnations, PastFourGibibytesARetransmissionAcrossTheIsnIsOne) {
  constexpr std::uint32_t kChunk = 1U << 29;
  for (const std::uint32_t rounds : {8U, 16U}) {
    Pair pair;
    pair.handshake(100, 300);
    std::uint32_t seq = 101;
    for (std::uint32_t i = 0; i < rounds; ++i, seq += kChunk) {
      pair.client(kAck, seq, 301, kChunk);
      pair.server(kAck, 301, seq + kChunk);
    }
    ASSERT_EQ(seq, 101U);  // come round
    pair.client(kAck, seq, 301, 1000);
    pair.wait(1);
    const Annotation again = pair.at(pair.client(kAck, seq - 500, 301, 1000));
    EXPECT_EQ(again.seq_check, SeqCheck::Retransmission);
    EXPECT_TRUE(std::none_of(again.findings.begin(), again.findings.end(),
                             [](const auto& hit) { return hit.finding == Finding::SeqBeforeIsn; }));
  }
}

// A near miss: the connection is young, and nothing of it lies before its ISN.
TEST(Incarnations, BeforeTheIsnOfAYoungConnectionIsNothingOfIt) {
  Pair pair;
  pair.handshake(100'000, 300);
  const Annotation old = pair.at(pair.client(kAck, 99'000, 301, 1000));
  EXPECT_TRUE(std::any_of(old.findings.begin(), old.findings.end(),
                          [](const auto& hit) { return hit.finding == Finding::SeqBeforeIsn; }));
}

}  // namespace
}  // namespace tcpwave
