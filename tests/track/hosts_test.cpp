// What a host counts where hindsight changes what it had been told.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <cstdint>

#include "tcpwave/tracker.h"
#include "track/segments.h"

namespace tcpwave {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// The server's TIME_WAIT seems to take the new SYN, and then answers with its last numbers: it is still there. When the
// host has counted its end, a SYN,ACK shows that the SYN had been taken after all.
TEST(Hosts, ATimeWaitThatHasExpiredMayTurnOutToBeAnother) {
  Tracker tracker;
  const auto at = [&](std::int64_t ms, Segment s) {
    s.time_ns = ms * (kSecond / 1000);
    return tracker.observe(s);
  };
  const auto gauge = [&](SegmentId id) { return tracker.annotate(id).gauge[1]; };
  at(0, segment(kSyn, 100, 0));
  at(1, segment(kSyn | kAck, 300, 101, false));
  at(2, segment(kAck, 101, 301));
  at(3, segment(kFin | kAck, 301, 101, false));
  at(4, segment(kFin | kAck, 101, 302));
  EXPECT_EQ(gauge(at(1000, segment(kAck, 302, 102, false))).time_wait, 1U);
  EXPECT_EQ(gauge(at(10'000, segment(kSyn, 900'000, 0))).time_wait, 0U);
  EXPECT_EQ(gauge(at(10'001, segment(kAck, 302, 102, false))).time_wait, 1U);
  at(69'000, segment(kSyn, 900'000, 0));
  const SegmentId answer = at(71'000, segment(kSyn | kAck, 500'000, 900'001, false));
  EXPECT_EQ(gauge(answer).time_wait, 0U);
  EXPECT_EQ(gauge(answer).syn_received, 1U);
  EXPECT_EQ(gauge(at(71'001, segment(kAck, 900'001, 500'001))).syn_received, 0U);
  EXPECT_EQ(tracker.connections(), 2U);
}

}  // namespace
}  // namespace tcpwave
