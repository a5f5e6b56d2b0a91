// The textbook's state machine. See textbook.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/textbook.h"

#include "tcpwave/tcp/transitions.h"

namespace tcpwave::tools {

void TextbookMachine::happen(Side side, Event event) { of(side) = next(of(side), event); }

void TextbookMachine::acknowledge(Side receiver, Seq ack) {
  if (of(receiver) == State::SynReceived) happen(receiver, Event::ReceiveAckOfSyn);
  const auto& behind_fin = behind_fin_.at(index(receiver));
  if (behind_fin && ack - *behind_fin >= 0) happen(receiver, Event::ReceiveAckOfFin);
}

std::array<State, 2> TextbookMachine::after(const Segment& segment, Side sender) {
  const Side receiver = other(sender);
  const Flags flags = segment.flags;
  if (!begun_ && !flags.syn()) state_ = {State::Established, State::Established};
  if (!begun_ && flags.syn() && flags.ack()) of(receiver) = State::SynSent;
  begun_ = true;
  if (flags.rst()) return state_ = {State::Closed, State::Closed};
  if (flags.syn()) {
    happen(sender, flags.ack() ? Event::SendSynAck : Event::SendSyn);
    happen(receiver, flags.ack() ? Event::ReceiveSynAck : Event::ReceiveSyn);
  }
  // Who acknowledges has had something to acknowledge.
  if (flags.ack() && !flags.syn() && of(sender) == State::SynSent)
    happen(sender, Event::ReceiveSynAck);
  if (flags.fin()) {
    happen(sender, Event::SendFin);
    behind_fin_.at(index(sender)) = segment.end();
  }
  if (flags.ack() && !flags.syn()) acknowledge(receiver, segment.ack);
  if (flags.fin()) happen(receiver, Event::ReceiveFin);
  return state_;
}

}  // namespace tcpwave::tools
