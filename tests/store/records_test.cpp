// A long connection's records are what they were, packed or not, and take no more than they may.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/records.h"

#include <gtest/gtest.h>

#include <random>

#include "track/allocated.h"

namespace tcpwave {
namespace {

constexpr Row kRows = 5000;

/// The n-th segment of a download: two of data, one that acknowledges them.
Record of_download(Row n) {
  Record r;
  r.id = 3 * n;
  r.frame = 3 * n + 1;
  r.time_ns = 1'700'000'000'000'000'000 + std::int64_t{n} * 12'345;
  r.from = n % 3 == 2 ? End::B : End::A;
  r.payload = r.from == End::A ? 1448 : 0;
  const std::uint32_t sent = 1448 * (n - n / 3);
  r.seq = Seq(r.from == End::A ? sent : 1);
  r.ack = Seq(r.from == End::A ? 1 : sent);
  r.flags = Flags{Flags::kAck};
  r.ack_check = AckCheck::Ok;
  r.seq_expected = r.seq;
  r.ack_expected = r.ack;
  r.ack_expected_known = true;
  r.phase = Phase::Established;
  return r;
}

TEST(Records, AreAsAVectorWouldBe) {
  std::mt19937 chance(1);
  Records records;
  std::vector<Record> plain;
  for (Row n = 0; n < kRows; ++n) {
    records.push_back(of_download(n));
    plain.push_back(of_download(n));
    for (int asked = 0; asked < 3; ++asked) {
      const Row row = static_cast<Row>(chance()) % (n + 1);
      ASSERT_EQ(records[row], plain[row]);
      if (chance() % 8 != 0) continue;
      records.change(row).fate = plain[row].fate = chance() % 2 == 0 ? Fate::Lost : Fate::Arrived;
    }
    if (chance() % 4 == 0) records.settle();
  }
  ASSERT_EQ(records.copied(0, records.size()), plain);
  Row row = 0;
  Walk walk(records);
  while (const Record* r = walk.next()) ASSERT_EQ(*r, plain[row++]);
  EXPECT_EQ(row, kRows);
}

TEST(Records, AreFoundByTheirSegment) {
  Records records;
  for (Row n = 0; n < kRows; ++n) records.push_back(of_download(n));
  for (Row n = 0; n < kRows; ++n) ASSERT_EQ(records.row_of(3 * n), n);
}

TEST(Records, TakeFewOctetsEach) {
  const std::size_t before = allocated();
  Records records;
  for (Row n = 0; n < 1000 * Records::kPage; ++n) records.push_back(of_download(n));
  EXPECT_LT(allocated() - before, std::size_t{records.size()} * 20);
}

TEST(Records, GiveBackWhatWasAskedFor) {
  Records records;
  for (Row n = 0; n < kRows; ++n) records.push_back(of_download(n));
  records.settle();
  const std::size_t before = allocated();
  for (Row n = 0; n < kRows; ++n) {
    ASSERT_EQ(records[n].id, 3 * n);
    records.settle();
  }
  EXPECT_LT(allocated(), before + std::size_t{4} * Records::kPage * sizeof(Record) + 1000);
}

}  // namespace
}  // namespace tcpwave
