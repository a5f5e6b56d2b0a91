// One end of a connection as a kernel names it: an address and a port.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tcpwave/segment.h"

namespace tcpwave::kernel {

struct End {
  Address address;
  std::uint16_t port = 0;
  friend bool operator==(const End&, const End&) = default;
};

/// Of two ends in this order, for a table of connections.
[[nodiscard]] inline std::size_t hash_of(const End& one, const End& other) {
  std::size_t hash = one.port * 65'537U + other.port;
  for (const End* end : {&one, &other}) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), end->address.octets.data(), sizeof words);
    for (const std::uint64_t word : words) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
      hash ^= hash >> 32U;
    }
  }
  return hash;
}

}  // namespace tcpwave::kernel
