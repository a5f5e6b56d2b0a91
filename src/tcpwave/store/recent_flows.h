// The flows of the latest segments, found without their tables.
//
// Segments come in runs and in answers, so most are of a flow and direction that came a moment ago: one
// look here then takes the place of three in hashed tables. Addresses chosen to
// displace each other cost those three look-ups and no more.
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
    const Entry& entry = entries_[place(s)];
    return entry.known && entry.is_of(s) ? &entry.found : nullptr;
  }
  void remember(const Segment& s, Found found) {
    Entry& entry = entries_[place(s)];
    entry.source = words(s.source);
    entry.destination = words(s.destination);
    entry.ports_and_kinds = ports_and_kinds(s);
    entry.context = s.context;
    entry.found = found;
    entry.known = true;
  }

 private:
  /// An address's bytes as two numbers, which are compared without a call.
  using Words = std::array<std::uint64_t, 2>;
  /// What a flow table's key is made of, in this direction, and what was found by it.
  struct Entry {
    Words source{}, destination{};
    std::uint64_t ports_and_kinds = 0;
    std::uint32_t context = 0;
    Found found;
    bool known = false;

    [[nodiscard]] bool is_of(const Segment& s) const {
      return ports_and_kinds == RecentFlows::ports_and_kinds(s) && context == s.context &&
             same(source, words(s.source)) && same(destination, words(s.destination));
    }
  };
  static constexpr std::size_t kBits = 9;

  [[nodiscard]] static std::uint64_t ports_and_kinds(const Segment& s) {
    return std::uint64_t{s.source_port} << 32 | std::uint64_t{s.destination_port} << 16 |
           (s.source.v6 ? 2U : 0U) | (s.destination.v6 ? 1U : 0U);
  }
  [[nodiscard]] static Words words(const Address& address) {
    Words w{};
    std::memcpy(w.data(), address.octets.data(), sizeof w);
    return w;
  }
  [[nodiscard]] static bool same(const Words& a, const Words& b) {  // == calls a function of C
    return ((a[0] ^ b[0]) | (a[1] ^ b[1])) == 0;
  }
  [[nodiscard]] static std::size_t place(const Segment& s) {
    const Words source = words(s.source), destination = words(s.destination);
    const std::uint64_t from = source[0] ^ source[1], to = destination[0] ^ destination[1];
    return ((from * 3 + to + ports_and_kinds(s)) * 0x9e3779b97f4a7c15ULL) >> (64 - kBits);
  }

  std::array<Entry, std::size_t{1} << kBits> entries_{};
};

}  // namespace tcpwave
