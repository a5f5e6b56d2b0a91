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

/// What there is to see of data or an ACK in order.
struct Glimpse {
  std::int64_t time_ns = 0;
  std::uint32_t id = 0, frame = 0, payload = 0;
  End from = End::A;
  Flags flags;
};

class PackedRecords {
 public:
  PackedRecords() = default;
  /// @throws std::bad_alloc
  PackedRecords(std::span<const Record>, Kept);

  [[nodiscard]] bool empty() const { return octets_ == nullptr; }
  [[nodiscard]] Row size() const;
  /// Writes size() records, in order; `Kept` as they were packed.
  void unpack(Record*, Kept) const;
  /// A third of the work, for records packed as Whole that are all data or ACKs in order, of an open connection from
  /// the first to the last: writes the first, and size() - 1 of the others. False where any is more than that.
  [[nodiscard]] bool glimpse(Record* first, Glimpse* others) const;
  /// The same as `unpack`. @throws std::bad_alloc
  [[nodiscard]] std::vector<Record> unpacked(Kept) const;

 private:
  std::unique_ptr<std::uint8_t[]> octets_;  ///< how many records, and they
};

}  // namespace tcpwave
