// Records in few octets, for as long as nobody asks about them.
//
// What is the same as the records before let expect is left out: some fifteen octets a record remain.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tcpwave/record.h"

namespace tcpwave {

/// What is kept of each record.
enum class Kept : std::uint8_t {
  Captured,  ///< what was learned is learned again when the records are played again
  Whole,     ///< what was learned too
};

/// What a glance at a record tells.
struct Glimpse {
  std::int64_t time_ns = 0;
  std::uint32_t id = 0, frame = 0, payload = 0;
  End from = End::A;
  Flags flags;
  bool lost = false, copy = false, again = false;
  bool plain = false;    ///< Record::is_plain
  bool notable = false;  ///< a step, a SYN, FIN or RST, a failed check

  friend bool operator==(const Glimpse&, const Glimpse&) = default;
};
[[nodiscard]] Glimpse glimpse_of(const Record&);

class PackedRecords {
 public:
  PackedRecords() = default;
  /// @throws std::bad_alloc
  PackedRecords(std::span<const Record>, Kept);

  [[nodiscard]] bool empty() const { return octets_ == nullptr; }
  [[nodiscard]] Row size() const;
  /// Writes size() records, in order; `Kept` as they were packed.
  void unpack(Record*, Kept) const;
  /// A third of the work, where they were packed as Whole: writes size() glimpses.
  void glimpse(Glimpse*) const;
  /// The same as `unpack`. @throws std::bad_alloc
  [[nodiscard]] std::vector<Record> unpacked(Kept) const;

 private:
  std::unique_ptr<std::uint8_t[]> octets_;  ///< how many records, and they
};

}  // namespace tcpwave
