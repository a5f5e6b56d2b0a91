// Where a frame's segments are found again, on every visit.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame_index.h"

#include <gtest/gtest.h>

#include "frame_visit.h"

namespace tcpwave {
namespace {

std::optional<SegmentId> id(const FrameIndex& index, std::uint32_t frame, std::size_t ordinal = 0) {
  const auto slot = index.find(frame, ordinal);
  return slot && slot->not_fed == NotFed::No ? std::optional(slot->id) : std::nullopt;
}

TEST(FrameIndex, FindsOneSegmentPerFrameAcrossChunks) {
  FrameIndex index;
  for (std::uint32_t i = 0; i < 20'000; ++i) index.append(3 * i, Slot{i});
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    EXPECT_EQ(id(index, 3 * i), i);
    EXPECT_FALSE(index.find(3 * i + 1, 0));
    EXPECT_FALSE(index.find(3 * i, 1));
  }
  EXPECT_FALSE(index.find(4'000'000'000U, 0));
}

TEST(FrameIndex, KeepsTheOrderOfTheLayersOfAFrame) {
  FrameIndex index;
  index.append(7, Slot{10});
  index.append(7, Slot{0, NotFed::Fragment});
  index.append(7, Slot{11});
  index.append(8, Slot{0, NotFed::BadChecksum});
  EXPECT_EQ(id(index, 7, 0), 10U);
  EXPECT_EQ(index.find(7, 1)->not_fed, NotFed::Fragment);
  EXPECT_EQ(id(index, 7, 2), 11U);
  EXPECT_FALSE(index.find(7, 3));
  EXPECT_EQ(index.find(8, 0)->not_fed, NotFed::BadChecksum);
}

TEST(FrameIndex, TheLastFirstVisitOfANumberCounts) {
  FrameIndex index;
  index.append(1, Slot{0});
  index.append(1, Slot{1});
  index.reset(1);
  EXPECT_FALSE(index.find(1, 0));
  index.append(1, Slot{2});
  EXPECT_EQ(id(index, 1), 2U);
  EXPECT_FALSE(index.find(1, 1));
}

TEST(FrameIndex, FirstAndLastSegmentIdDifferFromNothing) {
  FrameIndex index;
  constexpr SegmentId kLargest = 0xFFFFFFFFU;
  index.append(1, Slot{0});
  index.append(2, Slot{kLargest});
  EXPECT_EQ(id(index, 1), 0U);
  EXPECT_EQ(id(index, 2), kLargest);
}

TEST(FrameVisit, CountsTheLayersOfOneDissection) {
  const FrameVisit::Key first{1, 100, false};
  FrameVisit visit;
  EXPECT_TRUE(visit.starts_with(first, 4));
  visit.start(first);
  visit.add(4);
  EXPECT_FALSE(visit.starts_with(first, 7));
  visit.add(7);
  EXPECT_EQ(visit.count(first), 2U);
  EXPECT_TRUE(visit.met(4));
  EXPECT_FALSE(visit.met(5));
}

TEST(FrameVisit, AnotherFrameOrVisitStartsAnew) {
  const FrameVisit::Key key{1, 100, false};
  FrameVisit visit;
  visit.start(key);
  visit.add(4);
  EXPECT_TRUE(visit.starts_with({2, 100, false}, 9));
  EXPECT_TRUE(visit.starts_with({1, 160, false}, 9)) << "a read filter rejected the frame before";
  EXPECT_TRUE(visit.starts_with({1, 100, true}, 9));
  EXPECT_TRUE(visit.starts_with(key, 4)) << "an error skipped the end of the dissection before";
  EXPECT_EQ(visit.count({2, 100, false}), 0U);
  visit.finish();
  EXPECT_EQ(visit.count(key), 0U);
}

TEST(FrameVisit, IsBounded) {
  const FrameVisit::Key key{1, 100, false};
  FrameVisit visit;
  visit.start(key);
  for (unsigned layer = 1; layer <= FrameVisit::kLayers; ++layer) EXPECT_TRUE(visit.add(layer));
  EXPECT_FALSE(visit.add(99));
  EXPECT_EQ(visit.count(key), FrameVisit::kLayers);
}

}  // namespace
}  // namespace tcpwave
