// The hashing that the engine's tables share: seeded, so that the author of a capture cannot
// choose collisions.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace tcpwave {

/// The finaliser of MurmurHash3: every input bit moves every output bit.
constexpr std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33);
}

/// For a standard table by numbers of segments or connections.
struct NumberHash {
  std::uint64_t seed = 0;
  std::size_t operator()(std::uint32_t number) const {
    return static_cast<std::size_t>(mix(seed ^ number));
  }
};

}  // namespace tcpwave
