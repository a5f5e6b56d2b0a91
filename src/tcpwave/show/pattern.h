// Patterns of the tables of words: text with {names} in it, filled from an annotation.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "tcpwave/show/words.h"

namespace tcpwave {

/// What the names stand for.
struct PatternValues {
  const Annotation& annotation;
  const WordTable& words;
  const FindingHit* hit = nullptr;  ///< for {1} and {2}
};

/// Appends `pattern` with its names replaced (they are listed in words.h).
void fill(Text&, std::string_view pattern, const PatternValues&);

}  // namespace tcpwave
