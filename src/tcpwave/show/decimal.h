// Numbers as text that is the same in every locale: printf writes a comma for the point in half of Europe,
// and what reads CSV or SVG takes that for two numbers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace tcpwave {

/// `0.020000`: printf's %.*f.
[[nodiscard]] inline std::string fixed(double value, int decimals) {
  std::array<char, 400> digits{};  // the largest double has 309 before the point
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::fixed, decimals)
                       .ptr;
  return {digits.data(), end};
}

/// `1.25`, `3e-05`: printf's %.*g.
[[nodiscard]] inline std::string significant(double value, int digits_that_count) {
  std::array<char, 64> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::general, digits_that_count)
                       .ptr;
  return {digits.data(), end};
}

}  // namespace tcpwave
