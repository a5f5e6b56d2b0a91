// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/flow_table.h"

#include <cstring>

namespace tcpwave {
namespace {

int compare(const Segment& s) {
  const int by_address =
      std::memcmp(s.source.octets.data(), s.destination.octets.data(), s.source.octets.size());
  if (by_address != 0) return by_address;
  return static_cast<int>(s.source_port) - static_cast<int>(s.destination_port);
}

/// The finaliser of MurmurHash3: every input bit moves every output bit.
constexpr std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33);
}

std::uint64_t word(const Address& a, std::size_t at) {
  std::uint64_t w = 0;
  std::memcpy(&w, a.octets.data() + at, sizeof w);
  return w;
}

}  // namespace

FlowKey flow_key(const Segment& s, bool& swapped) {
  swapped = compare(s) > 0;
  FlowKey key{s.source, s.destination, s.source_port, s.destination_port, s.context};
  if (swapped) {
    std::swap(key.low, key.high);
    std::swap(key.low_port, key.high_port);
  }
  return key;
}

std::uint32_t FlowTable::hash(const FlowKey& key) const {
  std::uint64_t h = seed_;
  for (const std::size_t at : {std::size_t{0}, std::size_t{8}}) {
    h = mix(h ^ word(key.low, at));
    h = mix(h ^ word(key.high, at));
  }
  const std::uint64_t ports = (std::uint64_t{key.low_port} << 16) | key.high_port;
  return static_cast<std::uint32_t>(mix(h ^ (ports << 32) ^ key.context));
}

std::uint32_t FlowTable::place(const FlowKey& key) {
  if ((flows_.size() + 1) * 2 > slots_.size()) grow();
  const std::uint32_t h = hash(key);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = h & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.flow == kNone) {
      flows_.push_back({key, kNone});
      slot = {h, static_cast<std::uint32_t>(flows_.size() - 1)};
      return slot.flow;
    }
    if (slot.hash == h && flows_[slot.flow].key == key) return slot.flow;
  }
}

std::uint32_t FlowTable::find(const FlowKey& key) const {
  const std::uint32_t h = hash(key);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = h & mask; slots_[i].flow != kNone; i = (i + 1) & mask)
    if (slots_[i].hash == h && flows_[slots_[i].flow].key == key) return slots_[i].flow;
  return kNone;
}

void FlowTable::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.flow == kNone) continue;
    std::size_t i = slot.hash & mask;
    while (larger[i].flow != kNone) i = (i + 1) & mask;
    larger[i] = slot;
  }
  slots_.swap(larger);
}

}  // namespace tcpwave
