// What a receiver keeps beyond holes: joined where they touch, and asked for as a whole.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/ranges.h"

#include <gtest/gtest.h>

namespace tcpwave {
namespace {

TEST(Ranges, HaveWhatTheyHoldAsAWholeOnly) {
  Ranges ranges;
  ranges.add(Seq(10), Seq(20));
  ranges.add(Seq(30), Seq(40));
  EXPECT_TRUE(ranges.has(Seq(10), Seq(20)));
  EXPECT_TRUE(ranges.has(Seq(12), Seq(15)));
  EXPECT_FALSE(ranges.has(Seq(10), Seq(21)));
  EXPECT_FALSE(ranges.has(Seq(15), Seq(35)));
  ranges.add(Seq(20), Seq(30));
  EXPECT_TRUE(ranges.has(Seq(15), Seq(35)));
}

TEST(Ranges, HoldAcrossTheEndOfTheNumbers) {
  Ranges ranges;
  ranges.add(Seq(0xfffffff0U), Seq(16));
  EXPECT_TRUE(ranges.has(Seq(0xfffffff8U), Seq(8)));
  EXPECT_FALSE(ranges.has(Seq(0xfffffff8U), Seq(17)));
}

TEST(Ranges, TakeWhatJoins) {
  Ranges ranges;
  ranges.add(Seq(20), Seq(30));
  ranges.add(Seq(40), Seq(50));
  EXPECT_EQ(ranges.take(Seq(10)), Seq(10));
  EXPECT_EQ(ranges.take(Seq(20)), Seq(30));
  EXPECT_FALSE(ranges.has(Seq(20), Seq(30)));
  EXPECT_TRUE(ranges.has(Seq(40), Seq(50)));
}

}  // namespace
}  // namespace tcpwave
