// Asks the processor for memory that is needed soon, so that the misses of several segments overlap.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace tcpwave {

inline constexpr std::size_t kCacheLine =
    64;  ///< bytes; where it is another, too little or too much is asked for

/// GCC drops the calls of a function that does nothing but prefetch, as it has no effect; the empty statement is one.
inline void prefetch(const void* line) {
#ifdef __GNUC__
  __builtin_prefetch(line);
  __asm__ volatile("");
#else
  (void)line;  // a hint, and nothing else
#endif
}

}  // namespace tcpwave
