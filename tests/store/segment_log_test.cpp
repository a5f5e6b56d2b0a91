// The log of segments, and a connection's part of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/segment_log.h"

#include <gtest/gtest.h>

#include "tcpwave/store/records.h"

namespace tcpwave {
namespace {

Segment segment(std::uint32_t frame) {
  Segment s;
  s.frame = frame;
  s.time_ns = frame * std::int64_t{1000};
  s.seq = Seq(frame * 10);
  s.ack = Seq(500);
  s.flags = Flags{Flags::kAck};
  s.payload = 10;
  s.window = 77;
  return s;
}

TEST(SegmentLog, KeepsWhatWasCaptured) {
  SegmentLog log;
  Segment s = segment(7);
  s.options.timestamps = Timestamps{11, 12};
  s.options.window_scale = std::uint8_t{9};
  s.options.fast_open = FastOpen::Cookie;
  s.options_cut = true;
  const SegmentRecord& r = log.take(s);
  EXPECT_EQ(r.time_ns, 7000);
  EXPECT_EQ(r.frame, 7U);
  EXPECT_EQ(r.seq, Seq(70));
  EXPECT_EQ(r.end(), Seq(80));
  EXPECT_TRUE(r.has_ts);
  EXPECT_EQ(r.tsval, 11U);
  EXPECT_EQ(r.tsecr, 12U);
  EXPECT_EQ(r.window_scale, 9);
  EXPECT_EQ(r.fast_open, FastOpen::Cookie);
  EXPECT_TRUE(r.options_cut);
  EXPECT_EQ(r.delivery, Delivery::Presumed);
  EXPECT_EQ(r.duplicate_of, kNoRow);
}

TEST(SegmentLog, AWindowScaleAbove14CountsAs14) {
  SegmentLog log;
  Segment s = segment(1);
  s.options.window_scale = std::uint8_t{15};
  EXPECT_EQ(log.take(s).window_scale, 14);
  EXPECT_TRUE(log[0].scale_excess);
  EXPECT_EQ(log.take(segment(2)).window_scale, -1);
}

TEST(SegmentLog, RecordsNeverMove) {
  SegmentLog log;
  const SegmentRecord* const first = &log.take(segment(1));
  for (std::uint32_t n = 2; n < 5000; ++n) log.take(segment(n));
  EXPECT_EQ(&log[0], first);
  EXPECT_EQ(log.size(), 4999U);
  EXPECT_EQ(log[4998].frame, 4999U);
}

// RFC 2883: a first block below the ACK tells of data received twice; one above it of data beyond a hole (RFC 2018).
TEST(SegmentLog, KeepsTheFirstBlockOfASackBesideTheRecord) {
  SegmentLog log;
  Segment s = segment(1);
  s.options.sack_count = 1;
  s.options.sack[0] = {Seq(100), Seq(200)};
  log.take(segment(0));
  const SegmentRecord& twice = log.take(s);
  EXPECT_TRUE(twice.has_dsack);
  EXPECT_FALSE(twice.has_sack);
  s.options.sack[0] = {Seq(600), Seq(700)};
  const SegmentRecord& beyond = log.take(s);
  EXPECT_FALSE(beyond.has_dsack);
  EXPECT_TRUE(beyond.has_sack);
  EXPECT_EQ(log.sack(1).left, Seq(100));
  EXPECT_EQ(log.sack(1).right, Seq(200));
  EXPECT_EQ(log.sack(0).left, log.sack(0).right);
  EXPECT_EQ(log.sack(2).left, Seq(600));
  EXPECT_EQ(log.sack(2).right, Seq(700));
}

TEST(RowStates, HoldBothEndsBeforeAndAfter) {
  constexpr auto states =
      RowStates::of({State::FinWait2, State::CloseWait}, {State::TimeWait, State::LastAck});
  EXPECT_EQ(states.before_of(End::A), State::FinWait2);
  EXPECT_EQ(states.before_of(End::B), State::CloseWait);
  EXPECT_EQ(states.after_of(End::A), State::TimeWait);
  EXPECT_EQ(states.after_of(End::B), State::LastAck);
}

TEST(Records, AreAConnectionsPartOfTheLog) {
  SegmentLog log;
  for (std::uint32_t n = 0; n < 10; ++n) log.take(segment(n));
  Records records(log);
  for (const SegmentLog::Id id : {1U, 4U, 5U, 9U}) records.push_back(id);
  EXPECT_EQ(records.size(), 4U);
  EXPECT_EQ(records[2].frame, 5U);
  EXPECT_EQ(records.back().frame, 9U);
  EXPECT_EQ(records.row_of(4), 1U);
  EXPECT_EQ(records.row_of(9), 3U);
  records.change(1).unattributable = true;
  EXPECT_TRUE(log[4].unattributable);
}

}  // namespace
}  // namespace tcpwave
