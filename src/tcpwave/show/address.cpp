// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/address.h"

#include <array>

namespace tcpwave {
namespace {

using Groups = std::array<std::uint32_t, 8>;

void hex(Text& text, std::uint32_t number) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  text << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

struct Run {
  std::size_t begin = 0, length = 0;
};

/// The longest run of at least two zero groups, the first of several.
Run longest_zeros(const Groups& groups) {
  Run best, run;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] != 0) {
      run = {};
      continue;
    }
    if (run.length++ == 0) run.begin = i;
    if (run.length > best.length) best = run;
  }
  return best.length >= 2 ? best : Run{};
}

Text v6_text(const Address& a) {
  Groups groups{};
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = static_cast<std::uint32_t>((a.octets[2 * i] << 8) | a.octets[2 * i + 1]);
  const Run zeros = longest_zeros(groups);
  Text text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (zeros.length != 0 && i == zeros.begin) {
      text << "::";
      i += zeros.length - 1;
      continue;
    }
    const bool behind_zeros = zeros.length != 0 && i == zeros.begin + zeros.length;
    if (i != 0 && !behind_zeros) text << ":";
    hex(text, groups[i]);
  }
  return text;
}

}  // namespace

Text address_text(const Address& a) {
  if (a.v6) return v6_text(a);
  Text text;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0) text << ".";
    text << std::uint32_t{a.octets[i]};
  }
  return text;
}

Text address_text(const Address& a, std::uint16_t port) {
  Text text;
  if (a.v6) text << "[";
  text << address_text(a).view();
  return text << (a.v6 ? "]:" : ":") << std::uint32_t{port};
}

}  // namespace tcpwave
