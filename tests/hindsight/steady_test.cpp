// What goes on in order on a steady connection, and what does not: each condition at its edge.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/steady.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>

namespace tcpwave {
namespace {

constexpr std::uint32_t kSnd = 1000, kRcv = 5000, kRight = 9000, kTsval = 700;

/// A has sent up to 1000, acknowledged up to 5000 and may send up to 9000; B has sent up to 5100.
Steady steady() {
  Steady s;
  s.end[0] = {Seq(kSnd), Seq(kRcv), Seq(kRcv + 400), kTsval, 2, true};
  s.end[1] = {Seq(kRcv + 100), Seq(kSnd), Seq(kRight), kTsval, 0, true};
  s.timestamps = true;
  return s;
}

/// Its next segment: data, and an ACK of all that B has sent.
SegmentRecord next() {
  SegmentRecord r;
  r.from = End::A;
  r.flags = Flags{Flags::kAck};
  r.seq = Seq(kSnd);
  r.payload = 100;
  r.ack = Seq(kRcv + 100);
  r.window = 100;
  r.has_ts = true;
  r.tsval = kTsval;
  return r;
}

using Change = std::function<void(Steady&, SegmentRecord&)>;
struct Case {
  const char* what;
  bool is_next, goes_on;
  Change change;

  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.what; }
};

class SteadyTable : public testing::TestWithParam<Case> {};

TEST_P(SteadyTable, SaysWhatComesNext) {
  Steady s = steady();
  SegmentRecord r = next();
  GetParam().change(s, r);
  EXPECT_EQ(s.is_next(r), GetParam().is_next) << GetParam().what;
  EXPECT_EQ(s.goes_on_with(r), GetParam().goes_on) << GetParam().what;
}

const Case kCases[] = {
    {"data and an ACK", true, true, [](Steady&, SegmentRecord&) {}},
    {"its sender is not steady", false, false,
     [](Steady& s, SegmentRecord&) { s.end[0].steady = false; }},
    {"its receiver need not be", true, true,
     [](Steady& s, SegmentRecord&) { s.end[1].steady = false; }},
    {"a time stamp is missing", false, false, [](Steady&, SegmentRecord& r) { r.has_ts = false; }},
    {"time stamps were not agreed on", false, false,
     [](Steady& s, SegmentRecord&) { s.timestamps = false; }},
    {"neither has it", true, true,
     [](Steady& s, SegmentRecord& r) { s.timestamps = r.has_ts = false; }},
    {"a time stamp below the last", false, false,
     [](Steady&, SegmentRecord& r) { r.tsval = kTsval - 1; }},
    {"one above", true, true, [](Steady&, SegmentRecord& r) { r.tsval = kTsval + 1; }},
    {"without time stamps theirs say nothing", true, true,
     [](Steady& s, SegmentRecord& r) {
       s.timestamps = r.has_ts = false;
       r.tsval = kTsval - 1;
     }},
    {"a byte below", false, false, [](Steady&, SegmentRecord& r) { r.seq = Seq(kSnd - 1); }},
    {"a byte beyond", false, false, [](Steady&, SegmentRecord& r) { r.seq = Seq(kSnd + 1); }},
    {"up to the window's right edge", true, true,
     [](Steady&, SegmentRecord& r) { r.payload = kRight - kSnd; }},
    {"a byte beyond the window", false, false,
     [](Steady&, SegmentRecord& r) { r.payload = kRight - kSnd + 1; }},
    {"the same ACK again, and data while nothing is due", true, true,
     [](Steady& s, SegmentRecord&) { s.end[0].acked = Seq(kRcv + 100); }},
    {"the same ACK again, and data while some is due", true, false,
     [](Steady&, SegmentRecord& r) {
       r.ack = Seq(kRcv);
       r.window = 200;
     }},
    {"the same ACK again, and no data", true, false,
     [](Steady& s, SegmentRecord& r) {
       s.end[0].acked = Seq(kRcv + 100);
       r.payload = 0;
     }},
    {"an ACK alone of something new", true, true, [](Steady&, SegmentRecord& r) { r.payload = 0; }},
    {"an ACK below the last", false, false,
     [](Steady&, SegmentRecord& r) {
       r.ack = Seq(kRcv - 1);
       r.window = 200;
     }},
    {"an ACK of what was never sent", false, false,
     [](Steady&, SegmentRecord& r) { r.ack = Seq(kRcv + 101); }},
    {"the window's right edge stays", true, true, [](Steady&, SegmentRecord& r) { r.window = 75; }},
    {"it moves back", false, false, [](Steady&, SegmentRecord& r) { r.window = 74; }},
    {"a window that the scale would lift over 2^30", false, false,
     [](Steady&, SegmentRecord& r) { r.scale_excess = true; }},
    {"a D-SACK", false, false, [](Steady&, SegmentRecord& r) { r.has_dsack = true; }},
    {"PSH", true, true,
     [](Steady&, SegmentRecord& r) { r.flags = Flags{Flags::kAck | Flags::kPsh}; }},
    {"a FIN comes next, and is more than data", true, false,
     [](Steady&, SegmentRecord& r) { r.flags = Flags{Flags::kAck | Flags::kFin}; }},
    {"no ACK", true, false, [](Steady&, SegmentRecord& r) { r.flags = Flags{Flags::kPsh}; }},
};
INSTANTIATE_TEST_SUITE_P(Edges, SteadyTable, testing::ValuesIn(kCases));

TEST(Steady, GoesOnFromWhatItTook) {
  Steady s = steady();
  SegmentRecord r = next();
  r.tsval = kTsval + 5;
  s.take(r);
  EXPECT_EQ(s.end[0].snd_max, Seq(kSnd + 100));
  EXPECT_EQ(s.end[0].acked, Seq(kRcv + 100));
  EXPECT_EQ(s.end[0].right, Seq(kRcv + 100 + 400)) << "the window is scaled by 2";
  EXPECT_EQ(s.end[0].tsval, kTsval + 5);
  EXPECT_FALSE(s.is_next(r)) << "it has gone on from there";
  r.seq = Seq(kSnd + 100);
  EXPECT_TRUE(s.goes_on_with(r));
}

}  // namespace
}  // namespace tcpwave
