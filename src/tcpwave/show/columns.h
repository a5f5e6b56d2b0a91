// How wide a text is where characters have one width: a Chinese one takes two columns.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace tcpwave {

/// Of a character by the first byte of its UTF-8; 0 for the others. Wide are those from U+3000 to U+FFFF,
/// which are all that our texts have.
[[nodiscard]] constexpr std::size_t columns_of_byte(char c) {
  constexpr unsigned char kOfThree = 0xE3, kOfFour = 0xF0;
  const auto byte = static_cast<unsigned char>(c);
  if ((byte & 0xC0U) == 0x80U) return 0;
  return byte >= kOfThree && byte < kOfFour ? 2 : 1;
}

[[nodiscard]] constexpr std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += columns_of_byte(c);
  return columns;
}

/// Blanks that are missing to that width.
[[nodiscard]] inline std::string padding(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns_of(text)), ' ');
}

}  // namespace tcpwave
