// All that an annotation or a segment says, as octets that can be compared.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "tcpwave/annotation.h"
#include "tcpwave/segment.h"

namespace tcpwave::fuzz {

[[nodiscard]] std::string said(const Annotation&);

/// All that a packet gives a segment; not frame, time, context and interface.
[[nodiscard]] std::string said(const Segment&);

/// Every sentence that is ever made of it, in every language.
[[nodiscard]] std::size_t words_of(const Annotation&, bool final);

}  // namespace tcpwave::fuzz
