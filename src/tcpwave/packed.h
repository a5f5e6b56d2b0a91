// A connection's captured records in few octets, for as long as nobody asks about it.
//
// What is the same as the records before let expect is left out: some fifteen octets a record remain.
// Only what was captured is kept; what was learned is learned again when the records are played again.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tcpwave/record.h"

namespace tcpwave {

class PackedRecords {
 public:
  PackedRecords() = default;
  /// @throws std::bad_alloc
  explicit PackedRecords(const std::vector<Record>&);

  [[nodiscard]] Row size() const { return size_; }
  /// The captured parts, in order. @throws std::bad_alloc
  [[nodiscard]] std::vector<Record> unpacked() const;

 private:
  std::unique_ptr<std::uint8_t[]> octets_;
  Row size_ = 0;
};

}  // namespace tcpwave
