// Gives each address of the capture a number, from 0, and finds it again.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstring>

#include "tcpwave/segment.h"
#include "tcpwave/store/chunks.h"
#include "tcpwave/store/hash.h"
#include "tcpwave/store/index_table.h"

namespace tcpwave {

class AddressTable {
 public:
  static constexpr std::uint32_t kNone = IndexTable::kNone;

  AddressTable(std::uint64_t seed, Pages pages) : seed_(seed), table_(pages), addresses_(pages) {}

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
  /// The octets as numbers, which are quickly compared and hashed.
  struct Words {
    std::uint64_t low = 0, high = 0;
    bool v6 = false;
    friend bool operator==(const Words&, const Words&) = default;
  };
  [[nodiscard]] static Words words(const Address& a) {
    Words w{0, 0, a.v6};
    std::memcpy(&w.low, a.octets.data(), sizeof w.low);
    std::memcpy(&w.high, a.octets.data() + sizeof w.low, sizeof w.high);
    return w;
  }
  [[nodiscard]] std::uint32_t find(std::uint32_t h, const Address& address) const {
    const Words sought = words(address);
    return table_.find(h, [&](std::uint32_t n) { return words(addresses_[n]) == sought; });
  }
  [[nodiscard]] std::uint32_t hash(const Address& a) const {
    const Words w = words(a);
    const std::uint64_t h = mix(seed_ ^ w.low);
    return static_cast<std::uint32_t>(w.high == 0 ? h : mix(h ^ w.high));
  }

  std::uint64_t seed_;
  IndexTable table_;
  Chunks<Address> addresses_;
};

}  // namespace tcpwave
