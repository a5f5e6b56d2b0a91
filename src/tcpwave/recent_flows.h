// The flows of the latest segments, found without their tables.
//
// Segments come in runs and in answers, so most are of a flow and direction that came a moment ago: one
// look here then takes the place of three in hashed tables. Who chooses addresses that displace each other
// here gains nothing but those looks.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "tcpwave/segment.h"

namespace tcpwave {

class RecentFlows {
 public:
  struct Found {
    std::uint32_t flow = 0;  ///< its place in the flow table
    bool high = false;       ///< sent by the flow's high end
  };

  /// Null where the segment's flow was not remembered, or displaced since.
  [[nodiscard]] const Found* find(const Segment& s) const {
    const Key key = key_of(s);
    const Entry& entry = entries_[place(key)];
    return entry.known && entry.key == key ? &entry.found : nullptr;
  }
  void remember(const Segment& s, Found found) {
    const Key key = key_of(s);
    entries_[place(key)] = {key, found, true};
  }

 private:
  /// What a flow table's key is made of, in this direction.
  struct Key {
    std::array<std::uint64_t, 4> addresses{};
    std::uint64_t ports_and_kinds = 0;
    std::uint32_t context = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key;
    Found found;
    bool known = false;
  };
  static constexpr std::size_t kBits = 8;

  [[nodiscard]] static Key key_of(const Segment& s) {
    Key key;
    std::memcpy(&key.addresses[0], s.source.octets.data(), s.source.octets.size());
    std::memcpy(&key.addresses[2], s.destination.octets.data(), s.destination.octets.size());
    key.ports_and_kinds = std::uint64_t{s.source_port} << 32 |
                          std::uint64_t{s.destination_port} << 16 | (s.source.v6 ? 2U : 0U) |
                          (s.destination.v6 ? 1U : 0U);
    key.context = s.context;
    return key;
  }
  [[nodiscard]] static std::size_t place(const Key& key) {
    const std::uint64_t from = key.addresses[0] ^ key.addresses[1];
    const std::uint64_t to = key.addresses[2] ^ key.addresses[3];
    const std::uint64_t all = (from * 3 + to + key.ports_and_kinds) * 0x9e3779b97f4a7c15ULL;
    return all >> (64 - kBits);
  }

  std::array<Entry, std::size_t{1} << kBits> entries_{};
};

}  // namespace tcpwave
