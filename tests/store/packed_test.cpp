// What is packed comes out as it was, whatever a capture holds.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/store/packed.h"

#include <gtest/gtest.h>

#include <random>

namespace tcpwave {
namespace {

/// Anything that may be learned; in half of all cases what data in order come to.
void learn_anything(std::mt19937_64& chance, Record& r) {
  const auto often = [&] { return chance() % 2 == 0; };
  const auto any = [&] { return static_cast<std::uint32_t>(chance()); };
  r.ack_check = AckCheck::Ok;
  r.seq_expected = r.seq;
  r.ack_expected = r.ack;
  r.ack_expected_known = true;
  r.phase = Phase::Established;
  if (often()) return;
  r.fate = often() ? Fate::Lost : Fate::Arrived;
  if (often()) r.copy_of = any();
  r.bogus = often();
  r.after_missed = often();
  r.seq_check = often() ? SeqCheck::Gap : SeqCheck::Wrong;
  r.ack_check = often() ? AckCheck::None : AckCheck::Missing;
  if (often()) r.seq_expected = Seq(any());
  if (often()) r.ack_expected = Seq(any());
  r.ack_expected_known = often();
  if (often()) r.note(Note::PawsFailed, any());
  if (often()) r.steps.add(Step::Wave2);
  if (often()) r.repeated.add(Step::Wave2);
  if (often()) r.phase = Phase::Wave;
}

/// Anything that the fields can hold; small and like the one before as often as not.
Record any_record(std::mt19937_64& chance, const Record& before, std::uint32_t id) {
  const auto often = [&] { return chance() % 2 == 0; };
  const auto any = [&] { return static_cast<std::uint32_t>(chance()); };
  Record r;
  r.id = id;
  r.frame = often() ? before.frame + 1 : any();
  r.from = often() ? End::A : End::B;
  r.seq = often() ? before.end() : Seq(any());
  r.ack = often() ? before.end() : Seq(any());
  r.payload = often() ? 0 : any();
  r.has_ts = often();
  if (r.has_ts) {
    r.tsval = often() ? before.tsval + any() % 200 : any();
    r.tsecr = often() ? before.tsval : any();
  }
  r.time_ns = often() ? before.time_ns + static_cast<std::int64_t>(chance() % 1000000)
                      : static_cast<std::int64_t>(chance());
  r.window = often() ? before.window : static_cast<std::uint16_t>(any());
  r.ip_id =
      often() ? static_cast<std::uint16_t>(before.ip_id + 1) : static_cast<std::uint16_t>(any());
  r.checksum = often() ? 0 : static_cast<std::uint16_t>(any());
  r.ttl = static_cast<std::uint8_t>(any());
  r.flags = Flags{static_cast<std::uint8_t>(any())};
  if (often()) r.fast_open = FastOpen::Cookie;
  r.window_scale = static_cast<std::int8_t>(static_cast<int>(chance() % 16) - 1);
  r.scale_excess = often();
  if (often()) r.dsack_left = Seq(any());
  if (often()) r.dsack_right = Seq(any());
  return r;
}

TEST(Packed, ComesOutAsItWas) {
  std::mt19937_64 chance(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<Record> records;
    std::uint32_t id = static_cast<std::uint32_t>(chance()) / 2;
    for (int i = 0; i < 100; ++i) {
      records.push_back(any_record(chance, records.empty() ? Record{} : records.back(), id));
      id += 1 + static_cast<std::uint32_t>(chance() % 300);
    }
    ASSERT_EQ(PackedRecords(records, Kept::Captured).unpacked(Kept::Captured), records)
        << "round " << round;
    PackedSequence one_by_one;
    for (const Record& r : records) one_by_one.push_back(r);
    ASSERT_EQ(one_by_one.size(), records.size());
    ASSERT_EQ(one_by_one.unpacked(), records) << "round " << round;
  }
}

TEST(Packed, WhatWasLearnedComesOutWhereItWasKept) {
  std::mt19937_64 chance(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<Record> records;
    for (std::uint32_t i = 0; i < 100; ++i) {
      records.push_back(any_record(chance, records.empty() ? Record{} : records.back(), i));
      learn_anything(chance, records.back());
    }
    ASSERT_EQ(PackedRecords(records, Kept::Whole).unpacked(Kept::Whole), records)
        << "round " << round;
  }
}

TEST(Packed, WhatWasLearnedIsLeftOut) {
  Record r;
  r.fate = Fate::Lost;
  r.bogus = true;
  r.copy_of = 0;
  r.seq_check = SeqCheck::Wrong;
  EXPECT_EQ(PackedRecords({&r, 1}, Kept::Captured).unpacked(Kept::Captured).front(), Record{});
}

TEST(Packed, AGlimpseTellsWhatTheRecordsDo) {
  std::mt19937_64 chance(3);
  int plain = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<Record> records;
    for (std::uint32_t i = 0; i < 100; ++i) {
      Record r = any_record(chance, records.empty() ? Record{} : records.back(), 7 + 3 * i);
      if (chance() % 8 != 0) r.flags = Flags{Flags::kAck};
      learn_anything(chance, r);
      if (chance() % 2 == 0 && !records.empty()) r.phase = records.back().phase;
      records.push_back(r);
    }
    std::vector<Glimpse> seen(records.size());
    PackedRecords(records, Kept::Whole).glimpse(seen.data());
    for (std::size_t i = 0; i < records.size(); ++i) {
      ASSERT_EQ(seen[i], glimpse_of(records[i])) << "round " << round << ", record " << i;
      plain += seen[i].plain ? 1 : 0;
    }
  }
  EXPECT_GT(plain, 1000);
}

TEST(Packed, NothingTakesNothing) { EXPECT_TRUE(PackedRecords().unpacked(Kept::Captured).empty()); }

}  // namespace
}  // namespace tcpwave
