// Records in few octets, for as long as nobody asks about them.
//
// What is the same as the records before let expect is left out: some fifteen octets a record remain.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tcpwave/store/record.h"

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

/// What the next record of each end would be if nothing surprising came.
class Expectation {
 public:
  struct OfEnd {
    Seq seq;
    std::uint32_t tsval = 0;
    std::uint16_t window = 0, ip_id = 0;
    std::uint8_t ttl = 0;
    Flags flags;
  };
  /// Before the record itself is noted.
  [[nodiscard]] OfEnd of(End) const;
  [[nodiscard]] Seq ack(End end) const { return end_[index(other(end))].seq; }
  [[nodiscard]] std::uint32_t tsecr(End end) const { return end_[index(other(end))].tsval; }
  [[nodiscard]] std::uint32_t id() const { return id_; }
  [[nodiscard]] std::uint32_t frame_beyond_id() const { return frame_beyond_id_; }
  [[nodiscard]] std::int64_t time_ns() const { return time_ns_; }
  [[nodiscard]] Phase phase() const { return phase_; }

  void note(const Record&);

 private:
  std::array<OfEnd, 2> end_{};
  std::uint32_t id_ = 0, frame_beyond_id_ = 0;
  std::int64_t time_ns_ = 0;
  Phase phase_ = Phase::None;
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
  /// A third of the work, where they were packed as Whole: writes size() glimpses.
  void glimpse(Glimpse*) const;
  /// The same as `unpack`. @throws std::bad_alloc
  [[nodiscard]] std::vector<Record> unpacked(Kept) const;

 private:
  std::unique_ptr<std::uint8_t[]> octets_;  ///< how many records, and they
};

/// The same of records that come one after the other; what was captured of them is kept.
class PackedSequence {
 public:
  [[nodiscard]] Row size() const { return size_; }
  /// @throws std::bad_alloc, and nothing has changed.
  void push_back(const Record&);
  /// @throws std::bad_alloc
  [[nodiscard]] std::vector<Record> unpacked() const;

 private:
  Expectation next_;
  Row size_ = 0;
  std::vector<std::uint8_t> octets_;
};

}  // namespace tcpwave
