// Finds by its content what stands in a sequence: from a key to the number of its place.
//
// Open addressing with linear probing over 8-byte slots; the keys stand apart, so a probe touches one
// cache line. The caller passes the hash of a key, and a test whether that key stands at a number.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tcpwave/store/large_pages.h"
#include "tcpwave/store/prefetch.h"

namespace tcpwave {

class IndexTable {
 public:
  explicit IndexTable(Pages pages) : slots_(64, Slot{}, LargePages<Slot>(pages)) {}

  static constexpr std::uint32_t kNone = 0xffffffffU;

  /// The number of the key with this hash for which `is` holds; kNone where there is none.
  template <class Is>
  [[nodiscard]] std::uint32_t find(std::uint32_t hash, Is is) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask; slots_[i].number != kNone; i = (i + 1) & mask)
      if (slots_[i].hash == hash && is(slots_[i].number)) return slots_[i].number;
    return kNone;
  }

  /// Where the key with this hash is looked for.
  void prefetch_slot(std::uint32_t hash) const { prefetch(&slots_[hash & (slots_.size() - 1)]); }
  /// The number of the first key with this hash, most likely the one that find() will give.
  [[nodiscard]] std::uint32_t first(std::uint32_t hash) const {
    return find(hash, [](std::uint32_t) { return true; });
  }

  /// Makes room for one more. @throws std::bad_alloc, and nothing has changed.
  void reserve_one() {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
  }
  /// Of a key that is not there, after reserve_one().
  void add(std::uint32_t hash, std::uint32_t number) {
    place(slots_, {hash, number});
    ++used_;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kNone;
  };
  static void place(LargeVector<Slot>& slots, Slot slot) {
    const std::size_t mask = slots.size() - 1;
    std::size_t i = slot.hash & mask;
    while (slots[i].number != kNone) i = (i + 1) & mask;
    slots[i] = slot;
  }
  void grow() {
    LargeVector<Slot> larger(slots_.size() * 2, Slot{}, slots_.get_allocator());
    for (const Slot& slot : slots_)
      if (slot.number != kNone) place(larger, slot);
    slots_.swap(larger);
  }

  LargeVector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace tcpwave
