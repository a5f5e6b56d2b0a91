// Where everything of a ladder's picture stands: heights from the order in which things happened.
//
// The tap saw a segment on its way; it left its sender earlier and arrived later, by the time on the
// way that answers show. In that order the lifelines are filled from the top, so an arrow leans, an
// answer leaves below what it answers, and FINs that crossed cross. Pauses take more room the longer
// they were, by their magnitude.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tcpwave/ladder.h"
#include "tcpwave/show/ladder/words.h"

namespace tcpwave::ladder_layout {

struct PlacedArrow {
  const LadderArrow* arrow = nullptr;
  double sent = 0;                        ///< height at its sender
  double arrived = 0;                     ///< at its receiver, or where it would have
  bool crosses = false;                   ///< another one goes the other way meanwhile
  std::vector<ladder_words::Note> notes;  ///< wrapped
  double notes_top = 0;
};

struct PlacedFold {
  std::vector<std::string> lines;
  double top = 0, bottom = 0;
};

/// From this height on the end is in the state.
struct PlacedState {
  Side side = Side::Client;
  State state = State::Unknown;
  double top = 0;
};

struct Pause {
  double middle = 0;
  std::string text;
};

/// A stretch of time beside a lifeline.
struct Span {
  Side side = Side::Client;
  double top = 0, bottom = 0;
  std::vector<std::string> lines;
  bool between = false;  ///< also tints the room between the lifelines
};

struct Layout {
  double top = 0, bottom = 0;
  std::vector<PlacedArrow> arrows;
  std::vector<PlacedFold> folds;
  std::vector<PlacedState> states;
  std::vector<Pause> pauses;
  std::vector<Span> spans;
};

inline constexpr double kLine = 14;  ///< of small text

[[nodiscard]] Layout place(const Ladder&);

}  // namespace tcpwave::ladder_layout
