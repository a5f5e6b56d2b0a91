// THE transition table: RFC 9293 figure 5 as rows, and what an observer needs beyond it.
//
// A row says: an endpoint in `from` to which `event` happens is then in `to`. Nothing else changes a
// state. One segment yields an ordered list of events (RFC 9293 3.10.7: RST, SYN, ACK, then FIN), so
// FIN_WAIT_1 with [ACK of FIN, FIN] ends in TIME_WAIT and with [FIN] in CLOSING without any row for the
// pair. Events are new facts: a FIN sent again is none.
//
// The table is total: each cell without a row is in `kStays`, with the reason why the event changes
// nothing there (Ignored) or why nobody lets it happen there (Impossible, which Applier::happen asserts).
//
// A row with a reason of its own is not in the RFC: an observer needs it. It may join late (from
// UNKNOWN, where what an endpoint sends or takes shows the least state it can be in), it may learn of
// something only by its result, and it sees one socket after the other on the same two ports.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string_view>

#include "tcpwave/state.h"

namespace tcpwave {

struct Transition {
  State from;
  Event event;
  State to;
  const char* section;  ///< of RFC 9293: where the row is, or for an observer's what it rests on
  const char* why = nullptr;  ///< an observer needs it; nothing where the RFC has the row

  [[nodiscard]] constexpr bool is_observers() const { return why != nullptr; }
};

enum class CellKind : std::uint8_t { Move, Ignored, Impossible };

/// States as a set of bits, by enumerator.
using StateSet = std::uint16_t;
inline constexpr StateSet kRest = 0;  ///< all cells of the event that nothing else speaks of
template <class... S>
constexpr StateSet in(S... states) {
  return static_cast<StateSet>((0U | ... | (1U << static_cast<unsigned>(states))));
}

/// Cells in which the state stays, and why.
struct Stays {
  Event event;
  CellKind kind;  ///< Ignored or Impossible
  StateSet states;
  const char* why;
};

namespace reason {
inline constexpr auto kUnknownEnd =
    "what an end sends or takes shows the least state that it can be in";
inline constexpr auto kSynUncaptured = "it has taken a SYN that was not captured";
inline constexpr auto kNobodyListened = "a SYN answered by RST shows that nobody listened";
inline constexpr auto kAbort =
    "ABORT enters CLOSED and sends no RST here; one that is sent shows that there is no socket";
inline constexpr auto kEndedUnnoticed = "it answers as CLOSED does: its 2MSL had ended unnoticed";
inline constexpr auto kBegin = "the first captured segment shows what the end was before";
inline constexpr auto kOpensAgain =
    "a SYN with new numbers comes from a new socket, so the previous one was gone";
inline constexpr auto kListensAgain =
    "the previous socket was reset, reopened from TIME_WAIT (MAY-2), or gone when a new one "
    "answered: a listener has its place";
}  // namespace reason

// clang-format off
inline constexpr auto kTransitions = [] {
  using enum State; using enum Event;
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
    //= rfc9293#3.10.5 rule-abort
    Transition{SynReceived, SendRst,              Closed,      "3.10.5"},
    Transition{Established, SendRst,              Closed,      "3.10.5"},
    //= rfc9293#3.6.1 MAY-1 SHLD-3
    Transition{FinWait1,    SendRst,              Closed,      "3.10.5"},
    Transition{FinWait2,    SendRst,              Closed,      "3.10.5"},
    Transition{CloseWait,   SendRst,              Closed,      "3.10.5"},
    // The end of TIME_WAIT
    //= rfc9293#3.10.8 rule-time-wait-end
    Transition{TimeWait,    Timeout,              Closed,      "3.10.8"},

    // A RST that shows what had become of its sender
    //= rfc9293#3.10.7.1 rule-closed-answers
    Transition{Listen,      SendRst,              Closed,      "3.10.7.1", reason::kNobodyListened},
    Transition{SynSent,     SendRst,              Closed,      "3.10.5",   reason::kAbort},
    Transition{Closing,     SendRst,              Closed,      "3.10.5",   reason::kAbort},
    Transition{LastAck,     SendRst,              Closed,      "3.10.5",   reason::kAbort},
    Transition{TimeWait,    SendRst,              Closed,      "3.10.7.1", reason::kEndedUnnoticed},
    // An endpoint whose past is not in the capture
    Transition{Unknown,     SendSyn,              SynSent,     "3.10.1",   reason::kUnknownEnd},
    Transition{Closed,      SendSynAck,           SynReceived, "3.10.7.2", reason::kSynUncaptured},
    Transition{Listen,      SendSynAck,           SynReceived, "3.10.7.2", reason::kSynUncaptured},
    Transition{SynSent,     SendSynAck,           SynReceived, "3.10.7.3", reason::kSynUncaptured},
    Transition{Unknown,     SendSynAck,           SynReceived, "3.10.7.2", reason::kSynUncaptured},
    Transition{Unknown,     ReceiveSyn,           SynReceived, "3.10.7.2", reason::kBegin},
    Transition{Unknown,     SendFin,              FinWait1,    "3.10.4",   reason::kUnknownEnd},
    Transition{Unknown,     ReceiveFin,           CloseWait,   "3.10.7.4", reason::kUnknownEnd},
    Transition{Unknown,     SendRst,              Closed,      "3.10.5",   reason::kUnknownEnd},
    Transition{Unknown,     ReceiveRst,           Closed,      "3.10.7.4", reason::kUnknownEnd},
    // How a connection begins
    Transition{Unknown,     FoundClosed,          Closed,      "3.3.2",    reason::kBegin},
    Transition{Unknown,     FoundListening,       Listen,      "3.3.2",    reason::kBegin},
    Transition{Unknown,     FoundOpen,            Established, "3.5.1",    reason::kBegin},
    Transition{Unknown,     FoundInTimeWait,      TimeWait,    "3.6.1",    reason::kBegin},
    // The socket of the previous incarnation, which this connection met, and the new one
    Transition{SynSent,     NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{SynReceived, NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{Established, NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{FinWait1,    NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{FinWait2,    NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{CloseWait,   NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{Closing,     NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{LastAck,     NewOpener,            Closed,      "3.5.1",    reason::kOpensAgain},
    Transition{TimeWait,    NewOpener,            Closed,      "3.6.1",    reason::kOpensAgain},
    Transition{Closed,      NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{SynSent,     NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{SynReceived, NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{Established, NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{FinWait1,    NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{FinWait2,    NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{CloseWait,   NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{Closing,     NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{LastAck,     NewListener,          Listen,      "3.5.1",    reason::kListensAgain},
    Transition{TimeWait,    NewListener,          Listen,      "3.6.1",    reason::kListensAgain},
  };
}();

inline constexpr auto kStays = [] {
  using enum State; using enum Event; using enum CellKind;
  return std::array{
    Stays{SendSyn, Ignored, kRest,
          "3.10.1: in every other state the connection already exists; the SYN is sent again, or another's"},
    Stays{SendSynAck, Ignored, kRest,
          "3.10.7.4: the end has taken its peer's SYN before; the SYN,ACK is sent again, or another's"},
    Stays{SendFin, Ignored, in(Closed, Listen, SynSent),
          "3.10.4: there is no open connection to close, and a FIN sent with a SYN waits until there is"},
    Stays{SendFin, Ignored, in(TimeWait),
          "a socket that was found in TIME_WAIT has sent its FIN before the capture"},
    Stays{SendFin, Impossible, in(FinWait1, FinWait2, Closing, LastAck),
          "the FIN that led here is the only one that an end sends; send_fin() takes the first"},
    Stays{SendRst, Ignored, in(Closed),
          "3.10.7.1: CLOSED answers by RST and stays CLOSED"},
    Stays{ReceiveSyn, Impossible, kRest,
          "3.10.7: only LISTEN and SYN_SENT take a SYN; receive() lets no other state have one"},
    Stays{ReceiveSynAck, Impossible, kRest,
          "3.10.7.3: only SYN_SENT takes a SYN,ACK; it is asked for the state first"},
    Stays{ReceiveAckOfSyn, Impossible, kRest,
          "3.10.7.4: only SYN_RECEIVED waits for it; it is asked for the state first"},
    Stays{ReceiveFin, Ignored, in(Closed, Listen, SynSent),
          "3.10.7.4: in CLOSED, LISTEN and SYN-SENT a FIN is not processed"},
    Stays{ReceiveFin, Ignored, in(CloseWait, Closing, LastAck, TimeWait),
          "3.10.7.4: the peer's FIN was received before, and the state remains"},
    Stays{ReceiveAckOfFin, Ignored, in(FinWait2, TimeWait),
          "3.10.7.4: the FIN was acknowledged before"},
    Stays{ReceiveAckOfFin, Ignored, in(Closed, Listen, SynSent, SynReceived, Established, CloseWait),
          "the FIN was no close (3.10.4): the end sent it before the connection was open, or after it was over"},
    Stays{ReceiveAckOfFin, Impossible, in(Unknown),
          "who has its FIN acknowledged has sent it, and send_fin() has led out of UNKNOWN"},
    Stays{ReceiveRst, Impossible, in(Closed, Listen),
          "3.10.7.1 and 3.10.7.2: a RST is ignored there; receive() returns before"},
    Stays{ReceiveRstAsListener, Impossible, kRest,
          "3.10.7.4: only SYN_RECEIVED goes back to LISTEN; receive_rst() asks for it"},
    Stays{Timeout, Impossible, kRest,
          "no segment shows that another timer has run out; timers() asks for TIME_WAIT"},
    Stays{FoundClosed, Impossible, kRest, "an end is found once, before its connection's first segment"},
    Stays{FoundListening, Impossible, kRest, "an end is found once, before its connection's first segment"},
    Stays{FoundOpen, Impossible, kRest, "an end is found once, before its connection's first segment"},
    Stays{FoundInTimeWait, Impossible, kRest, "an end is found once, before its connection's first segment"},
    Stays{NewOpener, Ignored, in(Closed), "the previous socket was gone already"},
    Stays{NewOpener, Impossible, in(Unknown, Listen), "a previous incarnation's socket has been more than that"},
    Stays{NewListener, Impossible, kRest, "a previous incarnation's socket has been more than that"},
  };
}();
// clang-format on

namespace detail {
struct Cell {
  CellKind kind = CellKind::Impossible;
  State to{};
  const char* why = nullptr;  ///< why the state stays, or why an observer needs the move
  std::size_t said = 0;       ///< how often the tables speak of it
};
using Matrix = std::array<std::array<Cell, kEvents>, kStates>;
constexpr void say(Cell& cell, CellKind kind, State to, const char* why) {
  cell.kind = kind;
  cell.to = to;
  cell.why = why;
  ++cell.said;
}

/// Rows, then cells that are named, then the rest.
inline constexpr Matrix kMatrix = [] {
  Matrix matrix{};
  const auto at = [&](std::size_t s, Event event) -> Cell& {
    return matrix[s][static_cast<std::size_t>(event)];
  };
  for (const Transition& row : kTransitions) {
    say(at(static_cast<std::size_t>(row.from), row.event), CellKind::Move, row.to, row.why);
  }
  for (const bool rest : {false, true})
    for (const Stays& stays : kStays)
      for (std::size_t s = 0; s < kStates; ++s) {
        Cell& cell = at(s, stays.event);
        const bool meant = rest ? stays.states == kRest && cell.said == 0
                                : (stays.states & in(static_cast<State>(s))) != 0;
        if (meant) say(cell, stays.kind, static_cast<State>(s), stays.why);
      }
  return matrix;
}();

/// Each cell is said once: by a row, by name or by being the rest; and if it stays, why.
consteval bool is_total() {
  for (const auto& cells : kMatrix)
    for (const Cell& cell : cells)
      if (cell.said != 1 || (cell.kind != CellKind::Move && cell.why == nullptr)) return false;
  return true;
}
/// One `kRest` an event: which of two reasons were meant, nobody could say.
consteval bool rest_is_said_once() {
  for (std::size_t i = 0; i < kStays.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (kStays[i].event == kStays[j].event && kStays[i].states == kRest &&
          kStays[j].states == kRest)
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
constexpr const Cell& cell(State s, Event event) {
  return kMatrix[static_cast<std::size_t>(s)][static_cast<std::size_t>(event)];
}
}  // namespace detail
static_assert(detail::is_total());
static_assert(detail::rest_is_said_once());
static_assert(detail::rows_change_something());
static_assert(detail::states_are_reachable());
static_assert(detail::events_are_used());

/// The state after `event` happened in state `s`; `s` itself where the event changes nothing there.
constexpr State next(State s, Event event) { return detail::cell(s, event).to; }

/// What the table says of the pair.
constexpr CellKind kind_of(State s, Event event) { return detail::cell(s, event).kind; }

/// Why; empty for a row of RFC 9293.
constexpr std::string_view why(State s, Event event) {
  const char* reason = detail::cell(s, event).why;
  return reason == nullptr ? std::string_view{} : reason;
}

static_assert(next(next(State::FinWait1, Event::ReceiveAckOfFin), Event::ReceiveFin) ==
              State::TimeWait);
static_assert(next(next(State::FinWait1, Event::ReceiveFin), Event::ReceiveAckOfFin) ==
              State::TimeWait);

}  // namespace tcpwave
