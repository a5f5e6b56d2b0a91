// Gives each address of the capture a number, from 0, and finds it again.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstring>

#include "tcpwave/chunks.h"
#include "tcpwave/hash.h"
#include "tcpwave/index_table.h"
#include "tcpwave/segment.h"

namespace tcpwave {

class AddressTable {
 public:
  static constexpr std::uint32_t kNone = IndexTable::kNone;

  explicit AddressTable(std::uint64_t seed) : seed_(seed) {}

  /// A new address gets the next number. @throws std::bad_alloc, and nothing has changed.
  [[nodiscard]] std::uint32_t number(const Address& address) {
    const std::uint32_t h = hash(address);
    const std::uint32_t known = find(h, address);
    if (known != kNone) return known;
    table_.reserve_one();
    addresses_.push_back(address);
    const auto fresh = static_cast<std::uint32_t>(addresses_.size() - 1);
    table_.add(h, fresh);
    return fresh;
  }
  /// kNone where the address was never seen.
  [[nodiscard]] std::uint32_t find(const Address& address) const {
    return find(hash(address), address);
  }
  [[nodiscard]] const Address& operator[](std::uint32_t number) const { return addresses_[number]; }

 private:
  [[nodiscard]] std::uint32_t find(std::uint32_t h, const Address& address) const {
    return table_.find(h, [&](std::uint32_t n) { return addresses_[n] == address; });
  }
  [[nodiscard]] std::uint32_t hash(const Address& a) const {
    std::uint64_t low = 0, high = 0;
    std::memcpy(&low, a.octets.data(), sizeof low);
    std::memcpy(&high, a.octets.data() + sizeof low, sizeof high);
    const std::uint64_t h = mix(seed_ ^ low);
    return static_cast<std::uint32_t>(high == 0 ? h : mix(h ^ high));
  }

  std::uint64_t seed_;
  IndexTable table_;
  Chunks<Address> addresses_;
};

}  // namespace tcpwave
