// Where words.cpp finds the table of each language; for nobody else.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/show/words.h"

namespace tcpwave {

[[nodiscard]] const WordTable& english_words();
[[nodiscard]] const WordTable& chinese_words();

}  // namespace tcpwave
