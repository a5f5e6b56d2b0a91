// What proves that an endpoint is in the state that is shown: the basis of a state, and when it rises.
//
// A state that another end's segment led to is presumed, for the segment may not have arrived. It is confirmed
// by the first segment of its own that it could not have sent otherwise, and by no other.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/model.h"

namespace tcpwave {

/// The state hangs on a FIN that nobody captured, or on a peer of which nothing was.
bool Applier::rests_on_guess(End e) const {
  const std::size_t own = index(e), peer = index(other(e));
  const auto guessed = [this](std::size_t end) {
    return facts_.unseen_fin[end].row != kNoRow && facts_.unseen_fin[end].row <= row_;
  };
  switch (model_.of(e).state) {
    case State::Unknown:
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::SynReceived:
      return false;
    case State::Established:
      return !facts_.seen[peer];
    case State::FinWait1:
    case State::FinWait2:
      return !facts_.seen[peer] || guessed(own);
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait:
      return !facts_.seen[peer] || guessed(own) || guessed(peer);
  }
  return false;
}

/// A segment led the end to a state, and it is presumed to have arrived: which ACK of the end's own
/// shows that it has? One of the SYN or FIN itself; an ACK shows in the ACK of data that came with it.
void Applier::note_proof(End e, Event event) {
  Endpoint& x = model_.of(e);
  const Endpoint& y = model_.of(other(e));
  x.proof_due = x.ground_due = false;
  if (x.basis != Basis::Presumed) return;
  const auto shown_by = [&x](Seq ack) {
    x.proof_due = true;
    x.proven_by = ack;
  };
  switch (event) {
    case Event::ReceiveSyn:
    case Event::ReceiveSynAck:
      if (y.iss_known) shown_by(y.iss + 1U);
      return;
    case Event::ReceiveFin:
      shown_by(y.fin_seq + 1U);
      return;
    case Event::ReceiveAckOfSyn:
    case Event::ReceiveAckOfFin: {
      const SegmentRecord& r = records_[row_];
      const bool carried =
          r.from != e && !r.flags.syn() && r.length() > 0 && r.seq_check == SeqCheck::Ok;
      if (carried)
        shown_by(r.seq + 1U);
      else
        x.ground_due = true;
      return;
    }
    case Event::SendSyn:
    case Event::SendSynAck:
    case Event::SendFin:
    case Event::SendRst:
    case Event::ReceiveRst:
    case Event::ReceiveRstAsListener:
    case Event::Timeout:
    case Event::FoundClosed:
    case Event::FoundListening:
    case Event::FoundOpen:
    case Event::FoundInTimeWait:
    case Event::NewOpener:
    case Event::NewListener:
      return;
  }
}

/// An ACK led its receiver to a state, and this later segment carries it, too: from here on the ACK of
/// what is new in it proves the state, whatever became of that first ACK.
void Applier::note_ground(const SegmentRecord& r) {
  const End e = other(r.from);
  Endpoint& y = model_.of(e);
  const bool stands = y.state == State::Established || y.state == State::FinWait2;
  if (!y.ground_due || !stands || r.flags.syn() || r.length() == 0 || r.seq_check != SeqCheck::Ok)
    return;
  y.ground_due = false;
  y.proof_due = true;
  y.proven_by = r.seq + 1U;
  if (!timeline_.of(e).empty() && timeline_.of(e).back().row < row_)
    timeline_.add(e, {row_, kNoRow, y.state, Basis::Presumed, false});
}

/// What was presumed of the endpoint's last change is proven by its ACK.
void Applier::confirm(End e, Seq ack) {
  const Endpoint& x = model_.of(e);
  if (x.proof_due && ack - x.proven_by >= 0) confirm(e);
}

void Applier::confirm(End e) {
  Endpoint& x = model_.of(e);
  x.proof_due = x.ground_due = false;
  if (x.basis != Basis::Presumed || rests_on_guess(e)) return;
  timeline_.confirm(e, row_);
  x.basis = Basis::Confirmed;
}

}  // namespace tcpwave
