// Asks the processor for memory that is needed soon, so that the misses of several segments overlap.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace tcpwave {

inline constexpr std::size_t kCacheLine =
    64;  ///< bytes; where it is another, too little or too much is asked for

inline void prefetch(const void* line) {
#ifdef __GNUC__
  __builtin_prefetch(line);
#else
  (void)line;  // a hint, and nothing else
#endif
}

}  // namespace tcpwave
