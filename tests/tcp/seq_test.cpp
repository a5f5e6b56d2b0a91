// Sequence numbers where they are hard: around 2^32, and half the circle apart.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/seq.h"

#include <gtest/gtest.h>

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace tcpwave {
namespace {

struct Pair {
  const char* description;
  std::uint32_t a, b;
  std::int32_t distance;  // a - b
};

class SeqPair : public testing::TestWithParam<Pair> {};

TEST_P(SeqPair, DistanceAndOrderAgree) {
  const auto [description, a, b, distance] = GetParam();
  EXPECT_EQ(Seq(a) - Seq(b), distance);
  EXPECT_EQ(Seq(a) < Seq(b), distance < 0 && distance != INT32_MIN);
  EXPECT_EQ(Seq(a) > Seq(b), distance > 0);
  EXPECT_EQ(Seq(a) == Seq(b), distance == 0);
  EXPECT_EQ(Seq(b) + static_cast<std::uint32_t>(distance), Seq(a));
}

// Moving both along the circle changes nothing.
TEST_P(SeqPair, SameEverywhereOnTheCircle) {
  const auto [description, a, b, distance] = GetParam();
  for (const std::uint32_t shift : {1U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU})
    EXPECT_EQ((Seq(a) + shift) - (Seq(b) + shift), distance) << shift;
}

constexpr std::array kPairs{
    Pair{"equal", 5, 5, 0},
    Pair{"next", 6, 5, 1},
    Pair{"across_the_wrap", 3, 0xFFFFFFFE, 5},
    Pair{"back_across_the_wrap", 0xFFFFFFFE, 3, -5},
    Pair{"zero_after_the_last", 0, 0xFFFFFFFF, 1},
    Pair{"just_less_than_half", 0x7FFFFFFF, 0, 0x7FFFFFFF},
    Pair{"across_the_sign", 0x80000001, 0x7FFFFFFF, 2},
};
INSTANTIATE_TEST_SUITE_P(Seq, SeqPair, testing::ValuesIn(kPairs),
                         [](const auto& test) { return std::string(test.param.description); });

TEST(Seq, HalfTheCircleApartIsNeitherBeforeNorAfter) {
  EXPECT_EQ(Seq(0x80000000) <=> Seq(0), std::partial_ordering::unordered);
  EXPECT_FALSE(Seq(0x80000000) < Seq(0));
  EXPECT_FALSE(Seq(0x80000000) > Seq(0));
  EXPECT_FALSE(Seq(0x80000000) == Seq(0));
}

TEST(Seq, LaterIsTheOneAhead) {
  EXPECT_EQ(later(Seq(3), Seq(0xFFFFFFFE)), Seq(3));
  EXPECT_EQ(later(Seq(0xFFFFFFFE), Seq(3)), Seq(3));
  EXPECT_EQ(later(Seq(7), Seq(7)), Seq(7));
}

TEST(SeqRange, ContainsItsFirstButNotItsEnd) {
  const SeqRange range{Seq(0xFFFFFFF0), 0x20};
  EXPECT_EQ(range.end(), Seq(0x10));
  EXPECT_TRUE(range.contains(Seq(0xFFFFFFF0)));
  EXPECT_TRUE(range.contains(Seq(0)));
  EXPECT_TRUE(range.contains(Seq(0x0F)));
  EXPECT_FALSE(range.contains(Seq(0x10)));
  EXPECT_FALSE(range.contains(Seq(0xFFFFFFEF)));
}

TEST(SeqRange, EmptyContainsNothing) { EXPECT_FALSE((SeqRange{Seq(5), 0}.contains(Seq(5)))); }

}  // namespace
}  // namespace tcpwave
