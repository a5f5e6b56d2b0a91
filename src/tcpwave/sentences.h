// An annotation as lines that explain it to a person: the details pane's, and of whoever wants the same.
//
// Each is one line without its end, short enough for Wireshark's labels. The words come from the table
// of the language (words.h).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/annotation.h"

namespace tcpwave {

/// What the segment means, in one plain sentence: `The server has received the client's FIN. ...`
[[nodiscard]] Text meaning_text(const Annotation&, Language);
/// `Client: FIN_WAIT_1 → FIN_WAIT_2 (presumed: delivery is assumed until disproved)`
[[nodiscard]] Text endpoint_text(const Annotation&, Side, Language);
/// `✓ Numbers acceptable: seq 121, ack 402`
[[nodiscard]] Text checks_text(const Annotation&, Language);
/// `✓ ack 162 = seq of wave step 1 (161) + 1`
[[nodiscard]] Text checked_rule_text(const Annotation&, const Rule&, Language);
/// `✗ seq 121 (expected 401): outside the receive window`
[[nodiscard]] Text seq_check_text(const Annotation&, Language);
[[nodiscard]] Text ack_check_text(const Annotation&, Language);
/// `wave (handshake in frames 1, 2, 3; wave in frames 8, 9, –, –)`
[[nodiscard]] Text steps_text(const Annotation&, Language);
/// `Connection 0: closed normally (four segments), closed first by the client`
[[nodiscard]] Text connection_text(const Annotation&, bool final, Language);
/// `Warning: Connection refused: the server answers the SYN with RST`
[[nodiscard]] Text judged_finding_text(const Annotation&, const FindingHit&, Language);
/// Cause, what it means, what to look at next.
[[nodiscard]] Text explanation_text(const Annotation&, const FindingHit&, Language);

}  // namespace tcpwave
