// What is packed comes out as it was, whatever a capture holds.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/packed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

/// Sixteen records, as a page has; one of them is anything, where there is one with that number.
std::vector<Record> page_with(std::mt19937_64& chance, std::size_t odd) {
  std::vector<Record> page;
  for (std::uint32_t i = 0; i < 16; ++i) {
    const Record before = page.empty() ? Record{} : page.back();
    Record r = any_record(chance, before, 7 + 3 * i);
    r.flags.bits = static_cast<std::uint8_t>(Flags::kAck | (r.flags.bits & Flags::kPsh));
    learn_anything(chance, r);
    if (i != odd) {
      const Seq expected = r.ack_expected;
      r = captured_part(r);
      r.ack_check = chance() % 4 == 0 ? AckCheck::Duplicate : AckCheck::Ok;
      r.seq_expected = r.seq;
      r.ack_expected = chance() % 4 == 0 ? expected : before.end();
      r.ack_expected_known = true;
      r.phase = Phase::Established;
    }
    page.push_back(r);
  }
  return page;
}

TEST(Packed, AGlimpseShowsAPageInOrderAsItIsAndNoOther) {
  std::mt19937_64 chance(3);
  std::array<int, 2> seen{};
  for (int round = 0; round < 2000; ++round) {
    const std::vector<Record> page = page_with(chance, chance() % 32);
    const bool plain =
        page[0].phase == Phase::Established && page[0].flags.is_ack_alone() &&
        std::all_of(page.begin() + 1, page.end(), [](const Record& r) { return r.is_plain(); });
    Record first;
    std::array<Glimpse, 15> others;
    ASSERT_EQ(PackedRecords(page, Kept::Whole).glimpse(&first, others.data()), plain)
        << "round " << round;
    ++seen[plain ? 1 : 0];
    if (!plain) continue;
    EXPECT_EQ(first, page[0]);
    for (std::size_t i = 1; i < page.size(); ++i) {
      const Glimpse& g = others[i - 1];
      const Record& r = page[i];
      EXPECT_TRUE(g.id == r.id && g.frame == r.frame && g.time_ns == r.time_ns &&
                  g.payload == r.payload && g.from == r.from && g.flags == r.flags)
          << "round " << round << ", record " << i;
    }
  }
  EXPECT_GT(seen[0], 100);
  EXPECT_GT(seen[1], 1000);
}

TEST(Packed, NothingTakesNothing) { EXPECT_TRUE(PackedRecords().unpacked(Kept::Captured).empty()); }

}  // namespace
}  // namespace tcpwave
