// A sequence in chunks: what stands in it stays where it is.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/chunks.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tcpwave {
namespace {

/// So large that a chunk has two of them, and the first ones a block each. Counts those that there are.
struct Huge {
  explicit Huge(int n = 0) : number(n) { ++there_are; }
  Huge(const Huge& other) : number(other.number) { ++there_are; }
  Huge& operator=(const Huge& other) {
    number = other.number;
    return *this;
  }
  ~Huge() { --there_are; }
  int number;
  std::array<char, (std::size_t{1} << 20) - 64> room;
  static inline int there_are = 0;
};

class ChunksOf : public testing::TestWithParam<Pages> {};

TEST_P(ChunksOf, KeepsEachWhereItIsAndDestroysAll) {
  constexpr int kMany = 9;
  {
    Chunks<Huge> all(GetParam());
    EXPECT_TRUE(all.empty());
    std::vector<const Huge*> places;
    for (int n = 0; n < kMany; ++n) places.push_back(&all.push_back(Huge(n)));
    ASSERT_EQ(all.size(), std::size_t{kMany});
    for (int n = 0; n < kMany; ++n) {
      const auto i = static_cast<std::size_t>(n);
      EXPECT_EQ(all[i].number, n);
      EXPECT_EQ(&all[i], places[i]);
    }
    EXPECT_EQ(&all.back(), places.back());
    EXPECT_EQ(Huge::there_are, kMany);
  }
  EXPECT_EQ(Huge::there_are, 0);
}

INSTANTIATE_TEST_SUITE_P(Pages, ChunksOf, testing::Values(Pages::Small, Pages::Large));

TEST(Chunks, HasMoreThanOneChunkOfSmallOnes) {
  Chunks<int> all(Pages::Small);
  constexpr int kMany = 2'000'000;
  for (int n = 0; n < kMany; ++n) all.push_back(n);
  for (int n = 0; n < kMany; n += 997) EXPECT_EQ(all[static_cast<std::size_t>(n)], n);
  EXPECT_EQ(all.back(), kMany - 1);
}

}  // namespace
}  // namespace tcpwave
