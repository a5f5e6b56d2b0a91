// Large pages of memory, for blocks of two mebibytes that are written from end to end.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace tcpwave {

inline constexpr std::size_t kLargePage = std::size_t{1} << 21;  ///< bytes

/// Asks for large pages where the system has them on demand; does nothing elsewhere.
void prefer_large_pages(void* block, std::size_t bytes);

}  // namespace tcpwave
