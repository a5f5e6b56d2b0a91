// The words that both forms of a ladder share.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tcpwave/ladder.h"

namespace tcpwave::ladder_words {

/// `192.0.2.1:40000 (client) to 198.51.100.2:80 (server)`
[[nodiscard]] std::string title(const Ladder&);
/// `normal_close (four_segment), closed first by client; 12 segments in 3.2 s`
[[nodiscard]] std::string verdict(const Ladder&);
/// `SYN,ACK seq=0 ack=1 len=10`
[[nodiscard]] std::string segment(const LadderArrow&);
/// `handshake 2/3`, `wave 2+3/4 again`; empty for none
[[nodiscard]] std::string step(const LadderArrow&);
/// A line beside an arrow.
struct Note {
  std::string text;
  Severity severity = Severity::Chat;
};
/// What to say beside an arrow: lost, again, and the findings' texts.
[[nodiscard]] std::vector<Note> notes(const LadderArrow&);
/// What was folded, a line each.
[[nodiscard]] std::vector<std::string> folded(const LadderFold&);
/// `1.250 ms`, `3.2 s`: three digits that matter.
[[nodiscard]] std::string span(std::int64_t ns);
/// `12.345678`: since the capture began.
[[nodiscard]] std::string clock(const Ladder&, std::int64_t time_ns);

}  // namespace tcpwave::ladder_words
