// The words that both forms of a ladder share.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tcpwave/ladder.h"

namespace tcpwave::ladder_words {

/// `Connection 0: 192.0.2.1:40000 (client) to 198.51.100.2:80 (server)`
[[nodiscard]] std::string title(const Ladder&);
/// `closed normally (four segments), closed first by the client; 12 segments in 3.2 s`
[[nodiscard]] std::string verdict(const Ladder&);
/// `SYN,ACK seq=0 ack=1`, `data 1,448 bytes seq=1 ack=1`
[[nodiscard]] std::string segment(const LadderArrow&, Language);
/// `handshake 2/3`, `wave 2+3/4 again`; empty for none
[[nodiscard]] std::string step(const LadderArrow&, Language);
/// A line beside an arrow.
struct Note {
  std::string text;
  Severity severity = Severity::Chat;
};
/// What to say beside an arrow: lost, again, and the findings' texts.
[[nodiscard]] std::vector<Note> notes(const LadderArrow&, Language);
/// What was folded, a line each.
[[nodiscard]] std::vector<std::string> folded(const LadderFold&, Language);
/// `1.250 ms`, `3.2 s`: three digits that matter.
[[nodiscard]] std::string span(std::int64_t ns);
/// `12.345678`: since the capture began.
[[nodiscard]] std::string clock(const Ladder&, std::int64_t time_ns);

/// What the forms say beside that.
enum class Phrase : std::uint8_t {
  Client,
  Server,
  FrameAndTime,
  Time,
  Frame,
  End,
  Folded,
  Later,
  HalfClosed,
  ToTheEnd,
  OfTheCapture,
  UntilThePorts,
  WereUsedAgain,
  Footnote,
};
inline constexpr std::size_t kPhrases = 14;
[[nodiscard]] const char* say(Phrase, Language);

}  // namespace tcpwave::ladder_words
