// Finds the latest connection of an address/port pair.
//
// An end is the number of its address (address_table.h) and its port, so a key is small and quickly
// hashed. The hash is seeded per table: the author of a capture cannot choose collisions.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "tcpwave/store/chunks.h"
#include "tcpwave/store/hash.h"
#include "tcpwave/store/index_table.h"

namespace tcpwave {

/// Both ends of a segment in an order that does not depend on its direction.
//= rfc9293#3.9.1.1 MUST-45
struct FlowKey {
  std::uint32_t low = 0, high = 0;  ///< the addresses' numbers
  std::uint16_t low_port = 0, high_port = 0;
  std::uint32_t context = 0;
  friend constexpr bool operator==(const FlowKey&, const FlowKey&) = default;
};

/// One end of a segment.
struct FlowEnd {
  std::uint32_t address = 0;
  std::uint16_t port = 0;
  friend constexpr bool operator>(FlowEnd a, FlowEnd b) {
    return a.address != b.address ? a.address > b.address : a.port > b.port;
  }
};

/// `swapped` tells that the segment's source is the key's high end.
[[nodiscard]] constexpr FlowKey flow_key(FlowEnd source, FlowEnd destination, std::uint32_t context,
                                         bool& swapped) {
  swapped = source > destination;
  if (swapped) std::swap(source, destination);
  return {source.address, destination.address, source.port, destination.port, context};
}

class FlowTable {
 public:
  FlowTable(std::uint64_t seed, Pages pages) : seed_(seed), table_(pages), flows_(pages) {}

  /// The value stored for the key; a new key gets `kNone` first.
  std::uint32_t& operator[](const FlowKey& key) { return flows_[place(key)].value; }

  /// Where the key stands, for good; a new key gets a place first.
  /// @throws std::bad_alloc, and nothing has changed.
  [[nodiscard]] std::uint32_t place(const FlowKey& key) { return place(key, hash(key)); }
  [[nodiscard]] std::uint32_t place(const FlowKey& key, std::uint32_t h) {
    const std::uint32_t known = find(h, key);
    if (known != kNone) return known;
    table_.reserve_one();
    flows_.push_back({key, kNone});
    const auto fresh = static_cast<std::uint32_t>(flows_.size() - 1);
    table_.add(h, fresh);
    return fresh;
  }
  [[nodiscard]] std::uint32_t hash(const FlowKey& key) const {
    const std::uint64_t ports = (std::uint64_t{key.low_port} << 16) | key.high_port;
    const std::uint64_t h = mix(seed_ ^ (std::uint64_t{key.low} << 32 | key.high));
    return static_cast<std::uint32_t>(mix(h ^ (ports << 32 | key.context)));
  }
  /// What place() will look at first, and then, as far as the first is there, at last.
  void prefetch_slot(std::uint32_t hash) const { table_.prefetch_slot(hash); }
  void prefetch_flow(std::uint32_t hash) const {
    const std::uint32_t likely = table_.first(hash);
    if (likely != kNone) prefetch(&flows_[likely]);
  }
  /// kNone where the key was never seen.
  [[nodiscard]] std::uint32_t find(const FlowKey& key) const { return find(hash(key), key); }
  [[nodiscard]] std::uint32_t& value(std::uint32_t place) { return flows_[place].value; }
  [[nodiscard]] std::uint32_t value(std::uint32_t place) const { return flows_[place].value; }
  [[nodiscard]] const FlowKey& key(std::uint32_t place) const { return flows_[place].key; }

  static constexpr std::uint32_t kNone = IndexTable::kNone;

 private:
  struct Flow {
    FlowKey key;
    std::uint32_t value = kNone;
  };
  [[nodiscard]] std::uint32_t find(std::uint32_t h, const FlowKey& key) const {
    return table_.find(h, [&](std::uint32_t n) { return flows_[n].key == key; });
  }

  std::uint64_t seed_;
  IndexTable table_;
  Chunks<Flow> flows_;
};

}  // namespace tcpwave
