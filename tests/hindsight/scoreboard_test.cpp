// What is under way: which segments the rules of hindsight may look at, and which are settled or forgotten.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/hindsight/scoreboard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tcpwave/tracker.h"
#include "track/segments.h"

namespace tcpwave {
namespace {

/// A connection's records as they come, and the board beside them. The client begins, so it is end A.
class Capture {
 public:
  Capture() : records_(log_) {}

  Row take(const Segment& s, End from) {
    const SegmentLog::Id id = log_.size();
    log_.take(s).from = from;
    records_.push_back(id);
    const Row row = records_.size() - 1;
    board_.make_room(records_, row);
    return row;
  }
  Row data(End from, std::uint32_t seq, std::uint32_t ack, std::uint32_t payload) {
    Segment s = segment(kAck, seq, ack, from == End::A);
    s.payload = payload;
    return take(s, from);
  }
  [[nodiscard]] std::vector<Row> board() const {
    std::vector<Row> rows;
    for (const Row row : board_.before(records_.size())) rows.push_back(row);
    return rows;
  }
  [[nodiscard]] const Scoreboard& scoreboard() const { return board_; }
  [[nodiscard]] Row rows() const { return records_.size(); }

 private:
  SegmentLog log_;
  Records records_;
  Scoreboard board_;
};

/// A request of the client and the answer of the server, each with the ACK of what came before.
void exchange(Capture& capture, std::uint32_t n) {
  capture.data(End::A, 1 + 10 * n, 1 + 20 * n, 10);
  capture.data(End::B, 1 + 20 * n, 11 + 10 * n, 20);
}

TEST(Scoreboard, HasAllOfAShortConnectionLatestFirst) {
  Capture capture;
  for (std::uint32_t n = 0; n < 3; ++n) exchange(capture, n);
  EXPECT_EQ(capture.board(), (std::vector<Row>{5, 4, 3, 2, 1, 0}));
  std::vector<Row> before;
  for (const Row row : capture.scoreboard().before(2)) before.push_back(row);
  EXPECT_EQ(before, (std::vector<Row>{1, 0}));
}

TEST(Scoreboard, LosesWhatIsSettled) {
  Capture capture;
  std::uint32_t n = 0;
  while (capture.rows() <= Scoreboard::kMost + 1) exchange(capture, n++);
  // The last answer's ACK has not been seen to arrive, and what it acknowledges may come again.
  const std::vector<Row> board = capture.board();
  EXPECT_LT(board.size(), 8U);
  EXPECT_EQ(board.front(), capture.rows() - 1);
  EXPECT_FALSE(capture.scoreboard().has(0));
  EXPECT_TRUE(capture.scoreboard().has(capture.rows() - 1));
}

TEST(Scoreboard, KeepsNoMoreThanItsBound) {
  Capture capture;
  for (std::uint32_t n = 0; n < 10 * Scoreboard::kMost; ++n) {
    capture.data(End::A, 1 + 10 * n, 1, 10);  // nobody acknowledges it
    ASSERT_LE(capture.board().size(), Scoreboard::kMost + 1);
  }
  EXPECT_GE(capture.board().size(), Scoreboard::kMost / 2);
}

TEST(Scoreboard, ForgetsSynAndFinLast) {
  Capture capture;
  const Row fin = capture.take(segment(kFin | kAck, 1, 1), End::A);
  for (std::uint32_t n = 0; n < 10 * Scoreboard::kMost; ++n)
    capture.data(End::B, 1 + 10 * n, 1, 10);
  EXPECT_EQ(capture.board().back(), fin);
}

TEST(Scoreboard, RemembersThatAnAckWasForgotten) {
  Capture capture;
  capture.take(segment(kFin | kAck, 1, 1), End::A);
  EXPECT_FALSE(capture.scoreboard().forgot_ack(End::B, Seq(2)));
  capture.data(End::B, 1, 2, 0);
  for (std::uint32_t n = 0; n < 10 * Scoreboard::kMost; ++n)
    capture.data(End::B, 1 + 10 * n, 1, 10);
  EXPECT_TRUE(capture.scoreboard().forgot_ack(End::B, Seq(2)));
  EXPECT_FALSE(capture.scoreboard().forgot_ack(End::B, Seq(3)));
  EXPECT_FALSE(capture.scoreboard().forgot_ack(End::A, Seq(1)));
}

/// A client that closes, and a server that goes on sending and does not acknowledge the FIN until it comes again.
class LongAnswer : public testing::Test {
 protected:
  void SetUp() override {
    take(kSyn, 99, 0, true);
    take(kSyn | kAck, 199, 100, false);
    take(kAck, 100, 200, true);
    first_fin = take(kFin | kAck, 100, 200, true);
    for (std::uint32_t n = 0; n < 3 * Scoreboard::kMost; ++n)
      take(kAck, 200 + 10 * n, 100, false, 10);
    again = take(kFin | kAck, 100, 200, true);
    take(kAck, 200 + 30 * Scoreboard::kMost, 101, false);
  }
  SegmentId take(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, bool from_client,
                 std::uint32_t payload = 0) {
    constexpr std::int64_t kMillisecond = 1'000'000;
    Segment s = segment(flags, seq, ack, from_client);
    s.payload = payload;
    s.time_ns = kMillisecond * ++segments;
    s.frame = segments;
    return tracker.observe(s);
  }
  Tracker tracker;
  std::uint32_t segments = 0;
  SegmentId first_fin = 0, again = 0;
};

TEST_F(LongAnswer, TheFirstFinIsFoundHoweverMuchCameBetween) {
  EXPECT_TRUE(tracker.annotate(first_fin, Known::Final).lost);
  EXPECT_FALSE(tracker.annotate(again, Known::Final).lost);
  EXPECT_EQ(tracker.annotate(again, Known::Final).server().after, State::CloseWait);
}

}  // namespace
}  // namespace tcpwave
