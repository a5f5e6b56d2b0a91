// What is packed comes out as it was, whatever a capture holds.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/packed.h"

#include <gtest/gtest.h>

#include <random>

namespace tcpwave {
namespace {

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
    ASSERT_EQ(PackedRecords(records).unpacked(), records) << "round " << round;
  }
}

TEST(Packed, WhatWasLearnedIsLeftOut) {
  Record r;
  r.fate = Fate::Lost;
  r.bogus = true;
  r.copy_of = 0;
  r.seq_check = SeqCheck::Wrong;
  EXPECT_EQ(PackedRecords({r}).unpacked().front(), Record{});
}

TEST(Packed, NothingTakesNothing) { EXPECT_TRUE(PackedRecords().unpacked().empty()); }

}  // namespace
}  // namespace tcpwave
