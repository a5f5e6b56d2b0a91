// The textbook's state machine, to compare with: it takes every captured segment as received and knows
// of numbers only which ACK covers a FIN.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>

#include "tcpwave/segment.h"
#include "tcpwave/state.h"

namespace tcpwave::tools {

class TextbookMachine {
 public:
  /// States of client and server after this segment.
  std::array<State, 2> after(const Segment& segment, Side sender);

 private:
  static std::size_t index(Side side) { return static_cast<std::size_t>(side); }
  State& of(Side side) { return state_.at(index(side)); }
  void happen(Side side, Event event);
  void acknowledge(Side receiver, Seq ack);

  std::array<State, 2> state_{State::Closed, State::Listen};
  std::array<std::optional<Seq>, 2> behind_fin_;  ///< what an ACK of its FIN says, by Side
  bool begun_ = false;
};

}  // namespace tcpwave::tools
