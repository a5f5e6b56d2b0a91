// Mutations of whole events, besides libFuzzer's own of single octets: taken out, sent again, exchanged,
// moved to another pair of sockets. Octets that are inserted or taken out would shift all that follow.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

#include "fuzz/events.h"

// NOLINTBEGIN(readability-identifier-naming): the names are libFuzzer's.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  constexpr std::size_t kEvent = tcpwave::fuzz::kEventOctets;
  std::minstd_rand random(seed);
  const std::size_t events = size / kEvent;
  const auto any = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const auto at = [&](std::size_t n) { return data + n * kEvent; };
  if (events == 0 || random() % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  const std::size_t one = any(events), other = any(events);
  switch (random() % 5) {
    case 0:  // taken out
      std::copy(at(one + 1), at(events), at(one));
      return (events - 1) * kEvent;
    case 1:  // sent again, at once or later
      if ((events + 1) * kEvent > most) return size;
      std::copy_backward(at(other), at(events), at(events + 1));
      if (one != other) std::copy_n(at(one < other ? one : one + 1), kEvent, at(other));
      return (events + 1) * kEvent;
    case 2:  // exchanged
      std::swap_ranges(at(one), at(one + 1), one == other ? at(one) : at(other));
      return size;
    case 3:  // of another pair of sockets, or in the other direction
      *at(one) = static_cast<std::uint8_t>(*at(one) ^ (1U << any(3)));
      return size;
    default:  // one event's octets alone
      LLVMFuzzerMutate(at(one), kEvent, kEvent);
      return size;
  }
}
// NOLINTEND(readability-identifier-naming)
