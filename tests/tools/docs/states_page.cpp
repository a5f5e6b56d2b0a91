// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "tcpwave/tcp/transitions.h"
#include "tools/docs/markdown.h"
#include "tools/docs/pages.h"

namespace tcpwave::docs {
namespace {

template <class T>
std::vector<T> all(std::size_t count) {
  std::vector<T> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<T>(i));
  return values;
}

bool is_observers(State from, Event event) {
  return kind_of(from, event) == CellKind::Move && !why(from, event).empty();
}

std::string cell(State from, Event event) {
  switch (kind_of(from, event)) {
    case CellKind::Move:
      return std::string(name(next(from, event))) + (is_observers(from, event) ? "°" : "");
    case CellKind::Ignored:
      return "·";
    case CellKind::Impossible:
      return "×";
  }
  return "";
}

std::string matrix() {
  std::vector<std::string> cells{"in"};
  for (const Event event : all<Event>(kEvents)) cells.emplace_back(name(event));
  std::string text = heading(cells);
  for (const State from : all<State>(kStates)) {
    cells = {std::string(name(from))};
    for (const Event event : all<Event>(kEvents)) cells.push_back(cell(from, event));
    text += row(cells);
  }
  return text;
}

std::string rfc_rows() {
  std::string text = heading({"from", "event", "to", "RFC 9293"});
  for (const Transition& t : kTransitions)
    if (!t.is_observers())
      text += row({std::string(name(t.from)), std::string(name(t.event)), std::string(name(t.to)),
                   t.section});
  return text;
}

std::string observers_rows() {
  std::string text = heading({"from", "event", "to", "RFC 9293", "why an observer needs it"});
  for (const Transition& t : kTransitions)
    if (t.is_observers())
      text += row({std::string(name(t.from)), std::string(name(t.event)), std::string(name(t.to)),
                   t.section, t.why});
  return text;
}

/// The cells in which the state stays, those with the same reason in one line.
std::string stays(CellKind kind) {
  std::string text = heading({"event", "in", "why"});
  for (const Event event : all<Event>(kEvents)) {
    std::vector<std::pair<std::string_view, std::vector<std::string>>> reasons;
    for (const State from : all<State>(kStates)) {
      if (kind_of(from, event) != kind) continue;
      const std::string_view reason = why(from, event);
      const auto same = std::find_if(reasons.begin(), reasons.end(),
                                     [&](const auto& known) { return known.first == reason; });
      if (same == reasons.end())
        reasons.emplace_back(reason, std::vector{std::string(name(from))});
      else
        same->second.emplace_back(name(from));
    }
    for (const auto& [reason, states] : reasons)
      text += row({std::string(name(event)), joined(states, ", "), std::string(reason)});
  }
  return text;
}

bool is_end(Event event) { return event == Event::SendRst || event == Event::ReceiveRst; }

/// What speaks of the time before the connection, or of another socket.
bool is_past(Event event) {
  using enum Event;
  return event == FoundClosed || event == FoundListening || event == FoundOpen ||
         event == FoundInTimeWait || event == NewOpener || event == NewListener;
}

/// One edge per pair of states, with all events that lead there.
std::string diagram() {
  std::map<std::pair<State, State>, std::vector<std::string>> edges;
  std::map<std::pair<State, State>, bool> observers;
  for (const Transition& t : kTransitions) {
    if (t.from == State::Unknown || is_end(t.event) || is_past(t.event)) continue;
    edges[{t.from, t.to}].emplace_back(name(t.event));
    observers.try_emplace({t.from, t.to}, t.is_observers());
  }
  std::string text = "```dot\ndigraph states {\n  node [shape=box];\n";
  for (const auto& [ends, events] : edges) {
    text += "  " + std::string(name(ends.first)) + " -> " + std::string(name(ends.second)) +
            " [label=\"" + joined(events, "\\n") + "\"";
    if (observers.at(ends)) text += ", style=dashed";
    text += "];\n";
  }
  return text + "}\n```\n";
}

struct Walk {
  const char* title;
  State from;
  std::vector<Event> events;
};

/// The usual ways through the table; the states come from the table.
std::string walks() {
  using enum Event;
  const std::array walks{
      Walk{"active open", State::Closed, {SendSyn, ReceiveSynAck}},
      Walk{"passive open", State::Listen, {ReceiveSyn, ReceiveAckOfSyn}},
      Walk{"simultaneous open", State::Closed, {SendSyn, ReceiveSyn, ReceiveAckOfSyn}},
      Walk{"active close", State::Established, {SendFin, ReceiveAckOfFin, ReceiveFin, Timeout}},
      Walk{"passive close", State::Established, {ReceiveFin, SendFin, ReceiveAckOfFin}},
      Walk{"simultaneous close",
           State::Established,
           {SendFin, ReceiveFin, ReceiveAckOfFin, Timeout}},
      Walk{"passive open, reset", State::Listen, {ReceiveSyn, ReceiveRstAsListener}},
      Walk{"active open, refused", State::Closed, {SendSyn, ReceiveRst}},
  };
  std::string text = "```text\n";
  for (const Walk& walk : walks) {
    text += std::string(walk.title) + "\n    " + std::string(name(walk.from));
    State state = walk.from;
    for (const Event event : walk.events) {
      state = next(state, event);
      text += "\n      --" + std::string(name(event)) + "--> " + std::string(name(state));
    }
    text += "\n";
  }
  return text + "```\n";
}

}  // namespace

std::string states_page() {
  std::string text = "# States\n\n" + made_from("src/tcpwave/tcp/transitions.h");
  text +=
      "tcpwave keeps one state for each end of a connection. Every change of a state goes through "
      "the table\nbelow. An event is a new fact about one end: a segment sent for the first time, "
      "or "
      "received and accepted;\na repeated FIN is none. A segment can be several events, in the "
      "order "
      "of RFC 9293 section 3.10.7: RST,\nSYN, ACK, FIN. So a FIN that also acknowledges the "
      "receiver's FIN takes it from FIN_WAIT_1 by way of\nFIN_WAIT_2 to TIME_WAIT, and one that "
      "does "
      "not takes it to CLOSING.\n\n"
      "The receiver is moved when the segment is seen, because it is presumed to arrive; what "
      "later "
      "segments\nprove otherwise is corrected ([how it decides](how-it-decides.md)).\n\n";
  text +=
      "## The matrix\n\nThe state after an event. `·`: the event changes nothing in this state; "
      "`×`: it does "
      "not happen in it (builds\nwith assertions hold that); `°`: an observer's row. The reasons "
      "are "
      "below.\n\n";
  text += matrix();
  text += "\n## The ways through it\n\n" + walks();
  text +=
      "\n## The diagram\n\n"
      "Without UNKNOWN, a RST sent or received, which ends every state alike, and sockets of a "
      "previous "
      "incarnation.\nDashed: observers' rows. `dot -Tsvg` draws it.\n\n";
  text += diagram();
  text += "\n## RFC 9293's rows\n\n" + rfc_rows();
  text +=
      "\n## Observers' rows\n\n"
      "RFC 9293 has the view of an end; tcpwave has that of a capture, which needs more. The "
      "section is "
      "the one that\nthe row rests on.\n\n"
      "UNKNOWN means that nothing captured so far tells anything of this end. It is left with "
      "the first segment\nthat does. Most captures that begin in the middle never show it: where "
      "data "
      "flow, both ends are found open\n(basis `assumed`).\n\n"
      "A new connection can meet the socket that the previous one on the same addresses and ports "
      "has "
      "left at an end.\nIt begins with the state of that socket, and the socket's successor opens "
      "or "
      "listens.\n\n";
  text += observers_rows();
  text += "\n## What changes nothing\n\n" + stays(CellKind::Ignored);
  text += "\n## What does not happen\n\n" + stays(CellKind::Impossible);
  return text;
}

}  // namespace tcpwave::docs
