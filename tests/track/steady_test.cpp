// Which segments go on in order on a steady connection: the edges of each condition.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/track/steady.h"

#include <gtest/gtest.h>

#include <functional>

namespace tcpwave {
namespace {

/// A has sent up to 1000 and grants B up to 9000; B has sent up to 5000, of which A has acknowledged 4000.
Steady steady() {
  Steady s;
  s.end[0] = {Seq(1000), Seq(4000), Seq(9000), 70, 2};
  s.end[1] = {Seq(5000), Seq(1000), Seq(3000), 80, 0};
  s.timestamps = true;
  return s;
}

/// A's next hundred octets, with which it acknowledges all that B has sent and grants as much as before.
Record next() {
  Record r;
  r.from = End::A;
  r.flags = Flags{Flags::kAck};
  r.seq = Seq(1000);
  r.payload = 100;
  r.ack = Seq(5000);
  r.window = 1000;
  r.has_ts = true;
  r.tsval = 70;
  return r;
}

bool goes_on_with(const std::function<void(Record&)>& change) {
  Record r = next();
  change(r);
  return steady().goes_on_with(r);
}

TEST(Steady, GoesOnWithDataInOrder) {
  EXPECT_TRUE(steady().goes_on_with(next()));
  EXPECT_TRUE(goes_on_with([](Record& r) { r.flags = Flags{Flags::kAck | Flags::kPsh}; }));
}

TEST(Steady, OnlyDataAndAcksGoOn) {
  for (const std::uint8_t flag : {Flags::kFin, Flags::kSyn, Flags::kRst, Flags::kUrg})
    EXPECT_FALSE(goes_on_with([&](Record& r) { r.flags.bits |= flag; })) << int{flag};
  EXPECT_FALSE(goes_on_with([](Record& r) { r.flags = Flags{}; }));
  EXPECT_FALSE(goes_on_with([](Record& r) { r.scale_excess = true; }));
  EXPECT_FALSE(goes_on_with([](Record& r) { r.dsack_right = Seq(1); }));
}

TEST(Steady, NumbersAreTheNextAndWithinTheWindow) {
  EXPECT_FALSE(goes_on_with([](Record& r) { r.seq = Seq(999); }));
  EXPECT_FALSE(goes_on_with([](Record& r) { r.seq = Seq(1001); }));
  EXPECT_TRUE(goes_on_with([](Record& r) { r.payload = 2000; }));
  EXPECT_FALSE(goes_on_with([](Record& r) { r.payload = 2001; }));
}

TEST(Steady, AcksGoForwardAndNotBeyondWhatWasSent) {
  const auto with_ack = [](std::uint32_t ack, std::uint32_t payload) {
    return goes_on_with([&](Record& r) {
      r.ack = Seq(ack);
      r.window = 2000;
      r.payload = payload;
    });
  };
  EXPECT_TRUE(with_ack(5000, 0));
  EXPECT_FALSE(with_ack(5001, 0));
  EXPECT_TRUE(with_ack(4001, 0)) << "of a part of what is under way";
  EXPECT_FALSE(with_ack(4000, 0)) << "says nothing";
  EXPECT_FALSE(with_ack(4000, 100)) << "may show that B's data do not arrive";
  EXPECT_FALSE(with_ack(3999, 100));
}

TEST(Steady, DataAloneGoOnWhereAllIsAcknowledged) {
  Steady s = steady();
  s.end[0].acked = Seq(5000);
  Record r = next();
  EXPECT_TRUE(s.goes_on_with(r));
  r.payload = 0;
  EXPECT_FALSE(s.goes_on_with(r));
}

TEST(Steady, TimestampsDoNotGoBack) {
  EXPECT_TRUE(goes_on_with([](Record& r) { r.tsval = 71; }));
  EXPECT_FALSE(goes_on_with([](Record& r) { r.tsval = 69; }));
  EXPECT_FALSE(goes_on_with([](Record& r) { r.has_ts = false; }));
  Steady without = steady();
  without.timestamps = false;
  EXPECT_FALSE(without.goes_on_with(next()));
  Record bare = next();
  bare.has_ts = false;
  bare.tsval = 0;
  EXPECT_TRUE(without.goes_on_with(bare));
}

TEST(Steady, AWindowDoesNotShrink) {
  EXPECT_TRUE(goes_on_with([](Record& r) { r.window = 1001; }));
  EXPECT_FALSE(goes_on_with([](Record& r) { r.window = 999; }));
}

TEST(Steady, TakesWhatItGoesOnWith) {
  Steady s = steady();
  Record r = next();
  r.window = 1500;
  r.tsval = 75;
  s.take(r);
  EXPECT_EQ(s.end[0].sent_to, Seq(1100));
  EXPECT_EQ(s.end[0].acked, Seq(5000));
  EXPECT_EQ(s.end[0].right, Seq(11000));
  EXPECT_EQ(s.end[0].tsval, 75U);
  EXPECT_EQ(s.end[1].sent_to, Seq(5000));
  EXPECT_FALSE(s.goes_on_with(r)) << "it was taken";
}

}  // namespace
}  // namespace tcpwave
