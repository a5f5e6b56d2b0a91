// Finds the latest connection of an address/port pair.
//
// Open addressing with linear probing over 8-byte slots; the keys stand apart, so a probe touches one
// cache line. The hash is seeded per table: who writes a capture cannot choose collisions.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "tcpwave/segment.h"

namespace tcpwave {

/// Both ends of a segment in an order that does not depend on its direction.
//= rfc9293#3.9.1.1 MUST-45
struct FlowKey {
  Address low, high;
  std::uint16_t low_port = 0, high_port = 0;
  std::uint32_t context = 0;
  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

/// `swapped` tells that the segment's source is the key's high end.
[[nodiscard]] FlowKey flow_key(const Segment&, bool& swapped);

class FlowTable {
 public:
  explicit FlowTable(std::uint64_t seed) : seed_(seed), slots_(kFirstSize) {}

  /// The value stored for the key; a new key gets `kNone` first.
  /// The reference holds until the next call.
  std::uint32_t& operator[](const FlowKey& key) { return flows_[place(key)].value; }

  /// Where the key stands, for good; a new key gets a place first.
  [[nodiscard]] std::uint32_t place(const FlowKey&);
  /// kNone where the key was never seen.
  [[nodiscard]] std::uint32_t find(const FlowKey&) const;
  /// The reference holds until the next place().
  [[nodiscard]] std::uint32_t& value(std::uint32_t place) { return flows_[place].value; }
  [[nodiscard]] std::uint32_t value(std::uint32_t place) const { return flows_[place].value; }
  [[nodiscard]] const FlowKey& key(std::uint32_t place) const { return flows_[place].key; }

  static constexpr std::uint32_t kNone = 0xffffffffU;

 private:
  static constexpr std::size_t kFirstSize = 64;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t flow = kNone;
  };
  struct Flow {
    FlowKey key;
    std::uint32_t value = kNone;
  };
  [[nodiscard]] std::uint32_t hash(const FlowKey&) const;
  void grow();

  std::uint64_t seed_;
  std::vector<Slot> slots_;
  std::vector<Flow> flows_;
};

}  // namespace tcpwave
