// One end of a connection as a kernel names it: an address and a port.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tcpwave/segment.h"
#include "tcpwave/store/hash.h"

namespace tcpwave::kernel {

struct End {
  Address address;
  std::uint16_t port = 0;
  friend bool operator==(const End&, const End&) = default;
};

/// Of two ends in this order, for a table of connections; seeded, so that the author of a capture cannot choose
/// collisions.
[[nodiscard]] inline std::size_t hash_of(const End& one, const End& other, std::uint64_t seed) {
  std::uint64_t hash = mix(seed ^ (std::uint64_t{one.port} << 16U | other.port));
  for (const End* end : {&one, &other}) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), end->address.octets.data(), sizeof words);
    for (const std::uint64_t word : words) hash = mix(hash ^ word);
  }
  return static_cast<std::size_t>(hash);
}

}  // namespace tcpwave::kernel
