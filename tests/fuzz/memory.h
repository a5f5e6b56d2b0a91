// Octets allocated now: the sanitizer counts them, and without it there is nothing to count with.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#if __has_include(<sanitizer/allocator_interface.h>) && \
    (defined(__SANITIZE_ADDRESS__) || (defined(__clang__) && __has_feature(address_sanitizer)))
#include <sanitizer/allocator_interface.h>
namespace tcpwave::fuzz {
inline std::size_t allocated_octets() { return __sanitizer_get_current_allocated_bytes(); }
}  // namespace tcpwave::fuzz
#else
namespace tcpwave::fuzz {
constexpr std::size_t allocated_octets() { return 0; }
}  // namespace tcpwave::fuzz
#endif
