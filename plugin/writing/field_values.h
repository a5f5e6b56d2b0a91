// Which values a field can have, as far as they are words: for value strings, for the help and for whoever
// looks for the right spelling. Knows nothing of Wireshark.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "writing/fields.h"

namespace tcpwave {

/// In the order of their numbers where the field is a Code, so that the n-th is number n. Empty where the
/// values are numbers, frames, times or sentences.
[[nodiscard]] std::vector<std::string> values_of(const Field&);

}  // namespace tcpwave
