// Where a frame's segments are found again, on every visit.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "collecting/frame_index.h"

#include <gtest/gtest.h>

#include "collecting/frame_visit.h"

namespace tcpwave {
namespace {

std::optional<SegmentId> id(const FrameIndex& index, std::uint32_t frame, std::size_t ordinal = 0) {
  const auto slot = index.find(frame, ordinal);
  return slot && slot->not_fed == NotFed::No ? std::optional(slot->id) : std::nullopt;
}

TEST(FrameIndex, FindsOneSegmentPerFrameAcrossChunks) {
  FrameIndex index;
  for (std::uint32_t i = 0; i < 20'000; ++i) index.put(3 * i, 0, Slot{i});
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    EXPECT_EQ(id(index, 3 * i), i);
    EXPECT_FALSE(index.find(3 * i + 1, 0));
    EXPECT_FALSE(index.find(3 * i, 1));
  }
  EXPECT_FALSE(index.find(4'000'000'000U, 0));
}

TEST(FrameIndex, KeepsTheOrderOfTheLayersOfAFrame) {
  FrameIndex index;
  index.put(7, 0, Slot{10});
  index.put(7, 1, Slot{0, NotFed::Fragment});
  index.put(7, 2, Slot{11});
  index.put(8, 0, Slot{0, NotFed::BadChecksum});
  EXPECT_EQ(id(index, 7, 0), 10U);
  EXPECT_EQ(index.find(7, 1)->not_fed, NotFed::Fragment);
  EXPECT_EQ(id(index, 7, 2), 11U);
  EXPECT_FALSE(index.find(7, 3));
  EXPECT_EQ(index.find(8, 0)->not_fed, NotFed::BadChecksum);
}

TEST(FrameIndex, TheLastFirstVisitOfANumberCounts) {
  FrameIndex index;
  index.put(1, 0, Slot{0});
  index.put(1, 1, Slot{1});
  index.put(1, 0, Slot{2});
  EXPECT_EQ(id(index, 1), 2U);
  EXPECT_FALSE(index.find(1, 1));
  index.put(1, 1, Slot{3});
  index.put(1, 2, Slot{4});
  index.put(1, 1, Slot{5});
  EXPECT_EQ(id(index, 1, 1), 5U);
  EXPECT_FALSE(index.find(1, 2));
}

TEST(FrameIndex, ALayerThatCouldNotBeNotedLeavesItsPlace) {
  FrameIndex index;
  index.put(1, 1, Slot{3});
  EXPECT_EQ(index.find(1, 0)->not_fed, NotFed::Failed);
  EXPECT_EQ(id(index, 1, 1), 3U);
}

TEST(FrameIndex, FirstAndLastSegmentIdDifferFromNothing) {
  FrameIndex index;
  constexpr SegmentId kLargest = 0xFFFFFFFFU;
  index.put(1, 0, Slot{0});
  index.put(2, 0, Slot{kLargest});
  EXPECT_EQ(id(index, 1), 0U);
  EXPECT_EQ(id(index, 2), kLargest);
}

TEST(FrameVisit, NumbersTheLayersOfOneDissection) {
  const FrameVisit::Key key{1, 100, false};
  FrameVisit visit;
  EXPECT_EQ(visit.enter(key, 4), 0U);
  EXPECT_EQ(visit.enter(key, 7), 1U);
  EXPECT_EQ(visit.count(key), 2U);
  EXPECT_TRUE(visit.met(4));
  EXPECT_FALSE(visit.met(5));
  visit.finish();
  EXPECT_EQ(visit.count(key), 0U);
}

TEST(FrameVisit, AnotherFrameOrVisitStartsAnew) {
  for (const FrameVisit::Key& next : {FrameVisit::Key{2, 100, false},
                                      FrameVisit::Key{1, 160, false},  // a read filter's next frame
                                      FrameVisit::Key{1, 100, true}}) {
    FrameVisit visit;
    visit.enter({1, 100, false}, 4);
    EXPECT_EQ(visit.count(next), 0U);
    EXPECT_EQ(visit.enter(next, 9), 0U);
  }
}

TEST(FrameVisit, ForgetsLayersOfARejectedAttempt) {
  const FrameVisit::Key key{1, 100, false};
  FrameVisit visit;
  visit.enter(key, 4);
  visit.enter(key, 8);
  visit.enter(key, 12);
  EXPECT_EQ(visit.enter(key, 8), 1U);
  EXPECT_EQ(visit.count(key), 2U);
  EXPECT_EQ(visit.enter(key, 4), 0U) << "the frame is dissected anew after an error";
}

TEST(FrameVisit, IsBounded) {
  const FrameVisit::Key key{1, 100, false};
  FrameVisit visit;
  for (unsigned layer = 0; layer < FrameVisit::kLayers; ++layer)
    EXPECT_EQ(visit.enter(key, layer + 4), layer);
  EXPECT_FALSE(visit.enter(key, 99));
  EXPECT_EQ(visit.count(key), FrameVisit::kLayers);
}

}  // namespace
}  // namespace tcpwave
