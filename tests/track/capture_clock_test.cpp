// Wild time stamps: one of them sets no clock, and times that 64 bits cannot subtract break nothing.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/capture_clock.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "tcpwave/summary.h"
#include "tcpwave/tracker.h"

namespace tcpwave {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kYear = 365 * 86'400 * kSecond;
constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin;

CaptureClock after(const std::vector<std::int64_t>& seconds) {
  CaptureClock clock;
  for (const std::int64_t s : seconds) clock.pass(s * kSecond);
  return clock;
}

TEST(CaptureClock, FollowsTheSegmentsAndDoesNotGoBackWithOne) {
  EXPECT_EQ(after({10, 12, 11}).now_ns(), 12 * kSecond);
  EXPECT_EQ(after({10, 12, 11}).end_ns(), 12 * kSecond);
}

TEST(CaptureClock, OneWildTimeSetsNoClock) {
  const CaptureClock wild = after({10, 1'000'000'000});
  EXPECT_EQ(wild.now_ns(), 10 * kSecond);
  EXPECT_EQ(wild.end_ns(), 1'000'000'000 * kSecond);  // as far as anybody knows yet
  EXPECT_EQ(after({10, 1'000'000'000, 11}).end_ns(), 11 * kSecond);
  EXPECT_EQ(after({10, -1'000'000'000, 11}).now_ns(), 11 * kSecond);
}

TEST(CaptureClock, ALongSilenceIsBelievedOfTwoSegments) {
  EXPECT_EQ(after({10, 100'000, 100'001}).now_ns(), 100'001 * kSecond);
  EXPECT_EQ(after({10, 7'210}).now_ns(), 7'210 * kSecond);  // and a shorter one of one
}

TEST(CaptureClock, AWildBeginningIsLeftBehind) {
  EXPECT_EQ(after({1'000'000'000, 10, 11}).now_ns(), 11 * kSecond);
}

/// One segment of the connection from this client port to port 80.
Segment segment(std::int64_t time_ns, std::uint16_t port, bool from_client, std::uint8_t flags,
                std::uint32_t seq, std::uint32_t ack) {
  Segment s;
  s.time_ns = time_ns;
  s.source.octets[3] = from_client ? 1 : 2;
  s.destination.octets[3] = from_client ? 2 : 1;
  s.source_port = from_client ? port : 80;
  s.destination_port = from_client ? 80 : port;
  s.flags = Flags{flags};
  s.seq = Seq{seq};
  s.ack = Seq{ack};
  s.window = 65535;
  return s;
}

/// A connection that the client closes first: it ends in TIME_WAIT there.
void close(Tracker& tracker, std::int64_t time_ns, std::uint16_t port) {
  tracker.observe(segment(time_ns, port, true, kSyn, 100, 0));
  tracker.observe(segment(time_ns, port, false, kSyn | kAck, 300, 101));
  tracker.observe(segment(time_ns, port, true, kAck, 101, 301));
  tracker.observe(segment(time_ns, port, true, kFin | kAck, 101, 301));
  tracker.observe(segment(time_ns, port, false, kFin | kAck, 301, 102));
  tracker.observe(segment(time_ns, port, true, kAck, 102, 302));
}

std::uint32_t in_time_wait(const Tracker& tracker) {
  return tracker.annotate(tracker.segments() - 1, Known::Final).gauge[0].time_wait;
}

TEST(WildTimes, DoNotHoldTheTimeWaitsOfAHost) {
  Tracker tracker;
  close(tracker, 10 * kSecond, 1001);
  close(tracker, 20 * kYear, 1002);  // its clock was wrong
  close(tracker, 11 * kSecond, 1003);
  tracker.observe(segment(12 * kSecond, 1004, true, kSyn, 100, 0));
  const std::uint32_t before = in_time_wait(tracker);
  tracker.observe(segment(100 * kSecond, 1005, true, kSyn, 100, 0));
  EXPECT_LT(in_time_wait(tracker), before);
  tracker.observe(segment(200 * kSecond, 1006, true, kSyn, 100, 0));
  EXPECT_EQ(in_time_wait(tracker), 0U);
  EXPECT_EQ(tracker.end_ns(), 200 * kSecond);
}

TEST(WildTimes, OneDoesNotEndTheTimeWaitsOfAHost) {
  Tracker tracker;
  close(tracker, 10 * kSecond, 1001);
  tracker.observe(segment(20 * kYear, 1002, true, kSyn, 100, 0));
  tracker.observe(segment(11 * kSecond, 1003, true, kSyn, 100, 0));
  EXPECT_EQ(in_time_wait(tracker), 1U);
}

TEST(WildTimes, ATimeWaitEndsThatAWildTimeBegan) {
  Tracker tracker;
  close(tracker, 10 * kSecond, 1001);
  Tracker wild;
  close(wild, 10 * kSecond, 1001);
  // The last ACK again with a wild time, then what the client sends two minutes after the close.
  wild.observe(segment(20 * kYear, 1001, false, kFin | kAck, 301, 102));
  for (Tracker* t : {&tracker, &wild}) {
    t->observe(segment(130 * kSecond, 1001, false, kFin | kAck, 301, 102));
    t->observe(segment(260 * kSecond, 1001, false, kFin | kAck, 301, 102));
    const Annotation a = t->annotate(t->segments() - 1, Known::Final);
    EXPECT_EQ(a.client().after, State::Closed);
  }
}

TEST(WildTimes, AtTheEdgesOf64BitsAreTakenAsFarAway) {
  Tracker tracker;
  for (const std::int64_t t : {INT64_MAX, INT64_MIN, std::int64_t{0}, INT64_MAX - 1, INT64_MIN + 1})
    close(tracker, t, 1001);
  for (SegmentId id = 0; id < tracker.segments(); ++id) {
    const Annotation a = tracker.annotate(id, Known::Final);
    EXPECT_GE(a.handshake_rtt_ns.value_or(0), 0);
    EXPECT_GE(a.wave_duration_ns.value_or(0), 0);
    EXPECT_GE(a.since_previous_step_ns.value_or(0), 0);
  }
  for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
    const ConnectionSummary s = summarize(tracker, c);
    EXPECT_GE(s.duration_ns, 0);
    EXPECT_LE(s.half_close_ns.value_or(0), s.duration_ns);
  }
}

}  // namespace
}  // namespace tcpwave
