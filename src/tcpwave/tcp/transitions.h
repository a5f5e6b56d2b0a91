// THE transition table: RFC 9293 figure 5 as rows, and what an observer needs beyond it.
//
// A row says: an endpoint in `from` to which `event` happens is then in `to`. Every state change in
// the engine goes through `next`. One segment yields an ordered list of events (RFC 9293 3.10.7: RST,
// SYN, ACK, then FIN), so FIN_WAIT_1 with [ACK of FIN, FIN] ends in TIME_WAIT and with [FIN] in CLOSING
// without any row for the pair. The table is total: a pair without a row changes nothing, because
// events are new facts and a fact that does not fit the state is none for it.
//
// Rows marked kObserver are not in the RFC: an observer may join late (from UNKNOWN, where what an
// endpoint sends or takes shows the least state it can be in).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "tcpwave/state.h"

namespace tcpwave {

enum class RowOrigin : std::uint8_t { kRfc, kObserver };

struct Transition {
  State from;
  Event event;
  State to;
  const char* section;  ///< of RFC 9293
  RowOrigin origin = RowOrigin::kRfc;
};

// clang-format off
inline constexpr auto kTransitions = [] {
  using enum State; using enum Event; using enum RowOrigin;
  return std::array{
    // Opening
    //= rfc9293#3.10.1 rule-open
    Transition{Closed,      SendSyn,              SynSent,     "3.10.1"},
    Transition{Listen,      SendSyn,              SynSent,     "3.10.1"},
    //= rfc9293#3.10.7.2 rule-listen-syn
    Transition{Listen,      ReceiveSyn,           SynReceived, "3.10.7.2"},
    //= rfc9293#3.5 MUST-10
    Transition{SynSent,     ReceiveSyn,           SynReceived, "3.10.7.3"},   // simultaneous open, MUST-10
    //= rfc9293#3.10.7.3 rule-syn-sent-syn-ack
    Transition{SynSent,     ReceiveSynAck,        Established, "3.10.7.3"},
    //= rfc9293#3.10.7.4 rule-syn-received-ack
    Transition{SynReceived, ReceiveAckOfSyn,      Established, "3.10.7.4"},
    // Closing
    //= rfc9293#3.10.4 rule-close
    Transition{SynReceived, SendFin,              FinWait1,    "3.10.4"},
    Transition{Established, SendFin,              FinWait1,    "3.10.4"},
    Transition{CloseWait,   SendFin,              LastAck,     "3.10.4"},
    //= rfc9293#3.10.7.4 rule-fin
    Transition{SynReceived, ReceiveFin,           CloseWait,   "3.10.7.4"},
    Transition{Established, ReceiveFin,           CloseWait,   "3.10.7.4"},
    Transition{FinWait1,    ReceiveFin,           Closing,     "3.10.7.4"},   // the FINs crossed
    Transition{FinWait2,    ReceiveFin,           TimeWait,    "3.10.7.4"},
    //= rfc9293#3.10.7.4 rule-ack-of-fin
    Transition{FinWait1,    ReceiveAckOfFin,      FinWait2,    "3.10.7.4"},
    Transition{Closing,     ReceiveAckOfFin,      TimeWait,    "3.10.7.4"},
    Transition{LastAck,     ReceiveAckOfFin,      Closed,      "3.10.7.4"},
    // Reset: a passive open goes back to LISTEN (MUST-11), anything else is over
    //= rfc9293#3.5 MUST-11
    Transition{SynReceived, ReceiveRstAsListener, Listen,      "3.10.7.4"},
    Transition{SynSent,     ReceiveRst,           Closed,      "3.10.7.3"},
    //= rfc9293#3.10.7.4 rule-rst-state
    Transition{SynReceived, ReceiveRst,           Closed,      "3.10.7.4"},
    Transition{Established, ReceiveRst,           Closed,      "3.10.7.4"},
    Transition{FinWait1,    ReceiveRst,           Closed,      "3.10.7.4"},
    Transition{FinWait2,    ReceiveRst,           Closed,      "3.10.7.4"},
    Transition{CloseWait,   ReceiveRst,           Closed,      "3.10.7.4"},
    Transition{Closing,     ReceiveRst,           Closed,      "3.10.7.4"},
    Transition{LastAck,     ReceiveRst,           Closed,      "3.10.7.4"},
    Transition{TimeWait,    ReceiveRst,           Closed,      "3.10.7.4"},   // RFC 1337 tells why not to
    //= rfc9293#3.10.7.1 rule-closed-answers
    Transition{Listen,      SendRst,              Closed,      "3.10.7.1"},   // a SYN answered by RST met no listener
    //= rfc9293#3.10.5 rule-abort
    Transition{SynSent,     SendRst,              Closed,      "3.10.5"},
    Transition{SynReceived, SendRst,              Closed,      "3.10.5"},
    Transition{Established, SendRst,              Closed,      "3.10.5"},
    //= rfc9293#3.6.1 MAY-1 SHLD-3
    Transition{FinWait1,    SendRst,              Closed,      "3.10.5"},
    Transition{FinWait2,    SendRst,              Closed,      "3.10.5"},
    Transition{CloseWait,   SendRst,              Closed,      "3.10.5"},
    Transition{Closing,     SendRst,              Closed,      "3.10.5"},
    Transition{LastAck,     SendRst,              Closed,      "3.10.5"},
    Transition{TimeWait,    SendRst,              Closed,      "3.10.7.1"},   // it had ended unnoticed
    // Time-outs
    Transition{SynSent,     Timeout,              Closed,      "3.10.8"},
    Transition{SynReceived, Timeout,              Listen,      "3.10.8"},
    Transition{Established, Timeout,              Closed,      "3.10.8"},
    Transition{FinWait1,    Timeout,              Closed,      "3.10.8"},
    Transition{FinWait2,    Timeout,              Closed,      "3.10.8"},
    Transition{CloseWait,   Timeout,              Closed,      "3.10.8"},
    Transition{Closing,     Timeout,              Closed,      "3.10.8"},
    Transition{LastAck,     Timeout,              Closed,      "3.10.8"},
    //= rfc9293#3.10.8 rule-time-wait-end
    Transition{TimeWait,    Timeout,              Closed,      "3.10.8"},
    // An endpoint whose past is not in the capture
    Transition{Unknown,     SendSyn,              SynSent,     "3.10.1",   kObserver},
    Transition{Closed,      SendSynAck,           SynReceived, "3.10.7.2", kObserver},
    Transition{Listen,      SendSynAck,           SynReceived, "3.10.7.2", kObserver},
    Transition{SynSent,     SendSynAck,           SynReceived, "3.10.7.3", kObserver},
    Transition{Unknown,     SendSynAck,           SynReceived, "3.10.7.2", kObserver},
    Transition{Unknown,     ReceiveSyn,           SynReceived, "3.10.7.2", kObserver},
    Transition{Unknown,     ReceiveSynAck,        Established, "3.10.7.3", kObserver},
    Transition{Unknown,     ReceiveAckOfSyn,      Established, "3.10.7.4", kObserver},
    Transition{Unknown,     SendFin,              FinWait1,    "3.10.4",   kObserver},
    Transition{Unknown,     ReceiveFin,           CloseWait,   "3.10.7.4", kObserver},
    Transition{Unknown,     ReceiveAckOfFin,      FinWait2,    "3.10.7.4", kObserver},
    Transition{Unknown,     SendRst,              Closed,      "3.10.5",   kObserver},
    Transition{Unknown,     ReceiveRst,           Closed,      "3.10.7.4", kObserver},
    Transition{Unknown,     Timeout,              Closed,      "3.10.8",   kObserver},
  };
}();
// clang-format on

namespace detail {
using Matrix = std::array<std::array<State, kEvents>, kStates>;
/// The rows as a matrix; a pair without a row keeps the state.
inline constexpr Matrix kMatrix = [] {
  Matrix matrix{};
  for (std::size_t s = 0; s < kStates; ++s) matrix[s].fill(static_cast<State>(s));
  for (const Transition& row : kTransitions)
    matrix[static_cast<std::size_t>(row.from)][static_cast<std::size_t>(row.event)] = row.to;
  return matrix;
}();
consteval bool rows_are_unique() {
  for (std::size_t i = 0; i < kTransitions.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (kTransitions[i].from == kTransitions[j].from &&
          kTransitions[i].event == kTransitions[j].event)
        return false;
  return true;
}
consteval bool rows_change_something() {
  for (const Transition& row : kTransitions)
    if (row.from == row.to) return false;
  return true;
}
consteval bool states_are_reachable() {
  for (std::size_t s = 0; s < kStates; ++s) {
    bool reached = s == static_cast<std::size_t>(State::Unknown);
    for (const Transition& row : kTransitions) reached |= row.to == static_cast<State>(s);
    if (!reached) return false;
  }
  return true;
}
consteval bool events_are_used() {
  for (std::size_t e = 0; e < kEvents; ++e) {
    bool used = false;
    for (const Transition& row : kTransitions) used |= row.event == static_cast<Event>(e);
    if (!used) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::rows_are_unique());
static_assert(detail::rows_change_something());
static_assert(detail::states_are_reachable());
static_assert(detail::events_are_used());

/// The state after `event` happened in state `s`; `s` itself where the event means nothing there.
constexpr State next(State s, Event event) {
  return detail::kMatrix[static_cast<std::size_t>(s)][static_cast<std::size_t>(event)];
}

static_assert(next(next(State::FinWait1, Event::ReceiveAckOfFin), Event::ReceiveFin) ==
              State::TimeWait);
static_assert(next(next(State::FinWait1, Event::ReceiveFin), Event::ReceiveAckOfFin) ==
              State::TimeWait);

}  // namespace tcpwave
