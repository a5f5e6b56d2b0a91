// The front door: what counts as one connection, and odd input.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "track/segments.h"

namespace tcpwave {
namespace {

TEST(Tracker, IdsAndFramesCountUp) {
  Tracker tracker;
  EXPECT_EQ(tracker.segments(), 0U);
  EXPECT_EQ(tracker.observe(segment(kSyn, 100, 0)), 0U);
  EXPECT_EQ(tracker.observe(segment(kSyn | kAck, 300, 101, false)), 1U);
  EXPECT_EQ(tracker.segments(), 2U);
  EXPECT_EQ(tracker.connections(), 1U);
}

// Two taps: the SYN is captured behind the segments that follow it. It is no old duplicate.
TEST(Tracker, ASynThatIsCapturedLateIsItsConnections) {
  Tracker tracker;
  tracker.observe(segment(kSyn | kAck, 300, 101, false));
  tracker.observe(segment(kAck, 101, 301));
  const SegmentId syn = tracker.observe(segment(kSyn, 100, 0));
  const Annotation a = tracker.annotate(syn, Known::Final);
  EXPECT_TRUE(a.check_ok());
  EXPECT_TRUE(a.findings.empty());
  EXPECT_EQ(a.endpoint[0].after, State::Established);
}

TEST(Tracker, BothDirectionsAreOneConnection) {
  Tracker tracker;
  tracker.observe(segment(kSyn, 100, 0));
  const Annotation answer =
      tracker.annotate(tracker.observe(segment(kSyn | kAck, 300, 101, false)));
  EXPECT_EQ(answer.connection, 0U);
  EXPECT_EQ(answer.sender, Side::Server);
  EXPECT_EQ(answer.client().after, State::Established);
}

// Each of these differs from the first segment in one thing that tells connections apart.
TEST(Tracker, WhatTellsConnectionsApart) {
  std::vector<Segment> others(5, segment(kSyn, 100, 0));
  others[0].source_port = 40001;
  others[1].destination_port = 8001;
  others[2].source.octets[3] = 11;
  others[3].context = 7;
  others[3].seq = Seq(900);  // with the same number it would be a second copy of the first
  others[4].source.v6 = others[4].destination.v6 = true;
  for (const Segment& other : others) {
    Tracker tracker;
    tracker.observe(segment(kSyn, 100, 0));
    EXPECT_EQ(tracker.annotate(tracker.observe(other)).connection, 1U);
    EXPECT_EQ(tracker.connections(), 2U);
  }
}

// A VLAN tag for each direction, or a tap on both sides of a router: still one connection. A segment that
// neither answers nor repeats anything of it is of another network.
TEST(Tracker, DirectionsAndCopiesMayCarryTagsOfTheirOwn) {
  const auto connection_of = [](std::uint32_t first, std::uint32_t second, Segment s) {
    Tracker tracker;
    Segment syn = segment(kSyn, 100, 0);
    syn.context = first;
    tracker.observe(syn);
    s.context = second;
    return tracker.annotate(tracker.observe(s)).connection;
  };
  for (const std::uint32_t other : {0U, 9U}) {
    EXPECT_EQ(connection_of(5, other, segment(kSyn | kAck, 300, 101, false)), 0U);
    EXPECT_EQ(connection_of(other, 5, segment(kSyn | kAck, 300, 101, false)), 0U);
    EXPECT_EQ(connection_of(other, 5, segment(kSyn, 100, 0)), 0U);
    EXPECT_EQ(connection_of(other, 5, segment(kSyn, 900, 0)), 1U);
    EXPECT_EQ(connection_of(other, 5, segment(kSyn | kAck, 300, 0x60000000, false)), 1U);
  }
}

TEST(Tracker, ManyConnectionsKeepTheirNumbers) {
  Tracker tracker;
  constexpr std::uint16_t kMany = 5000;
  for (std::uint16_t i = 0; i < kMany; ++i) {
    Segment s = segment(kSyn, 100U + i, 0);
    s.source_port = static_cast<std::uint16_t>(10000 + i);
    EXPECT_EQ(tracker.annotate(tracker.observe(s)).connection, i);
  }
  for (std::uint16_t i = 0; i < kMany; ++i) {
    Segment s = segment(kSyn | kAck, 300, 101U + i, false);
    s.destination_port = static_cast<std::uint16_t>(10000 + i);
    EXPECT_EQ(tracker.annotate(tracker.observe(s)).connection, i);
  }
}

TEST(Tracker, AnEndpointMayTalkToItself) {
  Tracker tracker;
  Segment s = segment(kSyn, 100, 0);
  s.destination = s.source;
  s.destination_port = s.source_port;
  tracker.observe(s);
  s.flags = Flags{static_cast<std::uint8_t>(kSyn | kAck)};
  s.ack = Seq(101);
  tracker.observe(s);
  EXPECT_EQ(tracker.connections(), 1U);
}

TEST(Tracker, MovesWithAllItKnows) {
  Tracker first;
  first.observe(segment(kSyn, 100, 0));
  Tracker second = std::move(first);
  const SegmentId id = second.observe(segment(kSyn | kAck, 300, 101, false));
  EXPECT_EQ(second.annotate(id).connection, 0U);
  EXPECT_EQ(second.annotate(0).client().after, State::SynSent);
}

// Every combination of flags, at plausible and at wild numbers, with time running both ways: nothing to
// expect but that it ends and says something for each segment.
TEST(Tracker, AnyInputIsAnswered) {
  std::mt19937 random(20260102);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same input every time
  for (int round = 0; round < 200; ++round) {
    Tracker tracker;
    std::int64_t now = 0;
    for (int i = 0; i < 200; ++i) {
      const bool from_client = random() % 2 == 0;
      const bool wild = random() % 8 == 0;
      Segment s =
          segment(static_cast<std::uint8_t>(random() % 64),
                  wild ? static_cast<std::uint32_t>(random()) : 100U + random() % 8,
                  wild ? static_cast<std::uint32_t>(random()) : 100U + random() % 8, from_client);
      s.payload = random() % 4 == 0 ? static_cast<std::uint32_t>(random() % 3) : 0;
      s.window = static_cast<std::uint16_t>(random() % 4 == 0 ? 0 : random());
      if (random() % 3 == 0)
        s.options.timestamps = Timestamps{static_cast<std::uint32_t>(random() % 16),
                                          static_cast<std::uint32_t>(random() % 16)};
      now += static_cast<std::int64_t>(random() % 2'000'000'000U) - 200'000'000;
      s.time_ns = now;
      s.frame = static_cast<std::uint32_t>(i + 1);
      const Annotation a = tracker.annotate(tracker.observe(s));
      EXPECT_TRUE(a.tracked || a.phase == Phase::None);
      EXPECT_TRUE(!a.tracked || a.connection < tracker.connections());
    }
    for (SegmentId id = 0; id < tracker.segments(); ++id)
      static_cast<void>(tracker.annotate(id, Known::Final));
  }
}

// TIME_WAIT ends by capture time: whether a second SYN with a lower ISN finds it depends on its length.
TEST(Tracker, LengthOfTimeWaitIsASetting) {
  const auto file = TCPWAVE_SOURCE_DIR "/tests/scenarios/opening/port_reuse_late.tw";
  const auto trace = scenario::play(scenario::read_scenario(file), {});
  const auto connections = [&](std::int64_t time_wait_ns) {
    Tracker tracker({.time_wait_ns = time_wait_ns});
    // Up to the second SYN: what answers it proves the rest.
    for (const Segment& s : trace) {
      tracker.observe(s);
      if (s.flags == Flags{kSyn} && s.frame > 1) break;
    }
    return tracker.connections();
  };
  EXPECT_EQ(connections(60'000'000'000), 2U);
  EXPECT_EQ(connections(240'000'000'000), 1U);
}

// Each tracker hashes in its own way; which handshakes are remembered does not depend on that.
TEST(Tracker, TheOtherLegIsFoundAmongManyHandshakesByEveryTracker) {
  constexpr std::uint32_t kOthers = 100;
  std::vector<Segment> capture(2, segment(kSyn, 100, 0));
  capture[1].source.octets[3] = 99;  // as the NAT sends it on
  for (std::uint32_t n = 0; n < kOthers; ++n) {
    capture.push_back(segment(kSyn, 1000 + n, 0));
    capture.push_back(segment(kSyn | kAck, 5000 + 7 * n, 1001 + n, false));
    capture[capture.size() - 2].source_port = static_cast<std::uint16_t>(50000 + n);
    capture.back().destination_port = static_cast<std::uint16_t>(50000 + n);
  }
  capture.insert(capture.end(), 2, segment(kSyn | kAck, 300, 101, false));
  capture[capture.size() - 2].destination.octets[3] = 99;
  for (int i = 0; i < 50; ++i) {
    Tracker tracker;
    for (const Segment& s : capture) tracker.observe(s);
    const Annotation last = tracker.annotate(tracker.segments() - 1);
    EXPECT_TRUE(std::any_of(last.findings.begin(), last.findings.end(), [](const FindingHit& hit) {
      return hit.finding == Finding::OtherLeg;
    }));
  }
}

TEST(Tracker, ResetAloneBelongsToNoConnection) {
  Tracker tracker;
  const Annotation a = tracker.annotate(tracker.observe(segment(kRst, 500, 0)));
  EXPECT_FALSE(a.tracked);
  EXPECT_EQ(a.phase, Phase::None);
}

TEST(Tracker, FinAloneBeginsAWave) {
  Tracker tracker;
  const Annotation a = tracker.annotate(tracker.observe(segment(kFin | kAck, 500, 900)));
  EXPECT_TRUE(a.tracked);
  EXPECT_EQ(a.phase, Phase::Wave);
  ASSERT_EQ(a.steps.size(), 1U);
  EXPECT_EQ(a.steps[0].number, 1);
}

}  // namespace
}  // namespace tcpwave
