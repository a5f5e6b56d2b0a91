// The languages that texts are made in. The values that filters compare with are in none of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace tcpwave {

enum class Language : std::uint8_t { English, Chinese };
inline constexpr std::size_t kLanguages = 2;

}  // namespace tcpwave
