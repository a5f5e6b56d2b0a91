// Short words about a segment or a connection, for columns and marks in the packet list.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/annotation.h"

namespace tcpwave {

/// What a RST does, or what is wrong with it: `Open connection aborted by RST`. Needs the annotation's
/// findings.
[[nodiscard]] Text reset_text(const Annotation&, Language);

/// The mark in the Info column: `wave 2+3/4`, or what a RST does; empty where there is none.
[[nodiscard]] Text info_mark(const Annotation&, Language);

/// `closed normally (four segments)`
[[nodiscard]] Text outcome_text(Outcome, OutcomeKind, Language);

/// `client`, `a third party`; empty where nobody did.
[[nodiscard]] std::string_view reset_by_text(ResetBy, Language);

}  // namespace tcpwave
