// What a fuzz target demands: where it does not hold, the input is a find.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>

namespace tcpwave::fuzz {

inline void require(bool holds, const char* what, unsigned long long where = 0) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s (%llu)\n", what, where);
  std::abort();
}

}  // namespace tcpwave::fuzz
