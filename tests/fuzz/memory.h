// Bytes allocated now: the sanitizer counts them, and without it there is nothing to count with.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

// Defined by the sanitizer's runtime, if that is there.
extern "C" [[gnu::weak]] std::size_t __sanitizer_get_current_allocated_bytes();  // NOLINT

namespace tcpwave::fuzz {

inline std::size_t allocated_bytes() {
  return __sanitizer_get_current_allocated_bytes != nullptr
             ? __sanitizer_get_current_allocated_bytes()
             : 0;
}

}  // namespace tcpwave::fuzz
