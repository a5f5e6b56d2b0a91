// Asking never changes an answer: what is said of a segment hangs on what was captured, and not on who asked
// what before, how often, or in which order.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "scenario/row.h"
#include "tcpwave/tracker.h"
#include "tools/capture.h"
#include "track/segments.h"

namespace tcpwave {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> captures() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(TCPWAVE_CAPTURES))
    if (entry.path().extension() == ".pcapng") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string said(const Tracker& tracker, SegmentId id, Known known) {
  const Annotation a = tracker.annotate(id, known);
  const scenario::Row row = scenario::row_of(a);
  return scenario::text_of(row) + " " + row.outcome + " " + row.outcome_kind + " " +
         std::string(history_text(a).view());
}

constexpr std::array kKnown{Known::SoFar, Known::Final};

/// What a tracker says of everything, asked once for all in order.
std::vector<std::string> answers(const std::vector<Segment>& segments, Known known) {
  Tracker tracker;
  for (const Segment& s : segments) tracker.observe(s);
  std::vector<std::string> all;
  for (SegmentId id = 0; id < segments.size(); ++id) all.push_back(said(tracker, id, known));
  return all;
}

void ask_by_chance(const fs::path& capture, std::uint64_t model_bytes) {
  SCOPED_TRACE(capture.filename());
  const std::vector<Segment> segments = tools::read_capture(capture);
  if (segments.empty() || segments.size() > 400) return;
  const std::array want{answers(segments, kKnown[0]), answers(segments, kKnown[1])};
  Tracker tracker(Settings{.model_bytes = model_bytes});
  for (const Segment& s : segments) tracker.observe(s);
  std::minstd_rand chance(1);
  for (std::size_t n = 0; n < 4 * segments.size(); ++n) {
    const auto id = static_cast<SegmentId>(chance() % segments.size());
    const std::size_t known = chance() % 2;
    ASSERT_EQ(said(tracker, id, kKnown[known]), want[known][id]) << "segment " << id;
  }
}

TEST(Questions, InAnyOrderHaveTheSameAnswer) {
  for (const fs::path& capture : captures()) ask_by_chance(capture, Settings{}.model_bytes);
}

// The same where models are evicted and loaded again all the time.
TEST(Questions, HaveTheSameAnswerOfAModelThatWasLoadedAgain) {
  for (const fs::path& capture : captures()) ask_by_chance(capture, 0);
}

TEST(Questions, HaveTheSameAnswerWhereSegmentsCameInABatch) {
  for (const fs::path& capture : captures()) {
    SCOPED_TRACE(capture.filename());
    const std::vector<Segment> segments = tools::read_capture(capture);
    Tracker tracker;
    EXPECT_EQ(tracker.observe(segments), 0U);
    ASSERT_EQ(tracker.segments(), segments.size());
    const std::vector<std::string> want = answers(segments, Known::Final);
    for (SegmentId id = 0; id < segments.size(); ++id)
      ASSERT_EQ(said(tracker, id, Known::Final), want[id]) << "segment " << id;
  }
}

// Zeek's log is kept for the next question, and the model is evicted meanwhile. What the new segment tells (the RSTs
// were forged) and what the end of the capture does not tell any more (a FIN is unanswered) are as many rows.
TEST(Questions, HaveTheSameAnswerWhileTheCaptureGrowsAndModelsAreEvicted) {
  constexpr std::int64_t kMilli = 1'000'000;
  struct Sent {
    std::int64_t ms;
    Segment segment;
  };
  Segment data = segment(kAck, 111, 301);
  data.payload = 10;
  const std::vector<Sent> capture{{0, segment(kSyn, 100, 0)},
                                  {20, segment(kSyn | kAck, 300, 101, false)},
                                  {40, segment(kAck, 101, 301)},
                                  {2121, segment(kFin | kAck, 112, 302)},
                                  {2141, segment(kFin | kAck, 112, 301)},
                                  {4389, segment(kRst, 101, 0)},
                                  {4409, segment(kRst | kAck, 101, 301)},
                                  {4429, data}};
  Tracker tracker(Settings{.model_bytes = 0});
  std::vector<Segment> so_far;
  for (const Sent& sent : capture) {
    so_far.push_back(sent.segment);
    so_far.back().time_ns = sent.ms * kMilli;
    so_far.back().frame = static_cast<std::uint32_t>(so_far.size());
    const SegmentId id = tracker.observe(so_far.back());
    EXPECT_EQ(said(tracker, id, Known::Final), answers(so_far, Known::Final).back()) << id;
  }
}

// A capture from the middle that ends in silence after a FIN, so that its end tells of another: asked while it
// grows, thirteen times and more, of a connection whose corrections are spent.
TEST(Questions, SpendNothingOfWhatCorrectionsMayCost) {
  const auto segment = [](bool client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                          std::uint32_t payload, std::uint32_t n) {
    Segment s;
    s.frame = n + 1;
    s.time_ns = n * std::int64_t{10'000'000};
    s.source.octets = {192, 0, 2, 1};
    s.destination.octets = {192, 0, 2, 2};
    s.source_port = 40'000;
    s.destination_port = 80;
    if (!client) {
      std::swap(s.source, s.destination);
      std::swap(s.source_port, s.destination_port);
    }
    s.flags = Flags{flags};
    s.seq = Seq(seq);
    s.ack = Seq(ack);
    s.payload = payload;
    s.window = 65'535;
    return s;
  };
  Tracker tracker;
  constexpr std::uint32_t kRows = 500;
  for (std::uint32_t n = 0; n < kRows; ++n)
    tracker.observe(n % 2 == 0 ? segment(true, Flags::kAck, 100 + n * 50, 7000, 100, n)
                               : segment(false, Flags::kAck, 7000, 150 + n * 50, 0, n));
  const SegmentId fin =
      tracker.observe(segment(true, Flags::kFin | Flags::kAck, 100 + kRows * 50, 7000, 0, kRows));
  tracker.observe(segment(false, Flags::kAck, 7000, 101 + kRows * 50, 0, kRows + 1));
  const std::string first = said(tracker, fin, Known::Final),
                    so_far = said(tracker, fin, Known::SoFar);
  EXPECT_NE(first, so_far) << "the end of the capture tells nothing: the test asks for nothing";
  for (int n = 0; n < 60; ++n) {
    ASSERT_EQ(said(tracker, fin, Known::Final), first) << n;
    ASSERT_EQ(said(tracker, fin, Known::SoFar), so_far) << n;
  }
}

}  // namespace
}  // namespace tcpwave
