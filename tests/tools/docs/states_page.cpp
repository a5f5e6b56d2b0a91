// SPDX-License-Identifier: GPL-2.0-or-later
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

const Transition* row_for(State from, Event event) {
  for (const Transition& t : kTransitions)
    if (t.from == from && t.event == event) return &t;
  return nullptr;
}

std::string matrix() {
  std::vector<std::string> cells{"in"};
  for (const Event event : all<Event>(kEvents)) cells.emplace_back(name(event));
  std::string text = heading(cells);
  for (const State from : all<State>(kStates)) {
    cells = {std::string(name(from))};
    for (const Event event : all<Event>(kEvents)) {
      const Transition* t = row_for(from, event);
      cells.push_back(t == nullptr ? "·" : std::string(name(t->to)));
      if (t != nullptr && t->origin == RowOrigin::kObserver) cells.back() += "°";
    }
    text += row(cells);
  }
  return text;
}

std::string rows(RowOrigin origin) {
  std::string text = heading({"from", "event", "to", "RFC 9293"});
  for (const Transition& t : kTransitions)
    if (t.origin == origin)
      text += row({std::string(name(t.from)), std::string(name(t.event)), std::string(name(t.to)),
                   t.section});
  return text;
}

bool is_end(Event event) {
  return event == Event::SendRst || event == Event::ReceiveRst || event == Event::Timeout;
}

/// One edge per pair of states, with all events that lead there.
std::string diagram() {
  std::map<std::pair<State, State>, std::vector<std::string>> edges;
  std::map<std::pair<State, State>, RowOrigin> origin;
  for (const Transition& t : kTransitions) {
    if (t.from == State::Unknown || (is_end(t.event) && t.from != State::TimeWait)) continue;
    if (t.from == State::TimeWait && t.event != Event::Timeout) continue;
    edges[{t.from, t.to}].emplace_back(name(t.event));
    origin.try_emplace({t.from, t.to}, t.origin);
  }
  std::string text = "```dot\ndigraph states {\n  node [shape=box];\n";
  for (const auto& [ends, events] : edges) {
    text += "  " + std::string(name(ends.first)) + " -> " + std::string(name(ends.second)) +
            " [label=\"" + joined(events, "\\n") + "\"";
    if (origin.at(ends) == RowOrigin::kObserver) text += ", style=dashed";
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
      "## The matrix\n\nThe state after an event; `·`: the event changes nothing in this state; "
      "`°`: an observer's row.\n\n";
  text += matrix();
  text += "\n## The ways through it\n\n" + walks();
  text +=
      "\n## The diagram\n\n"
      "Without UNKNOWN, and without what ends every state alike: a RST sent or received, and "
      "timeouts other\nthan that of TIME_WAIT. Dashed: observers' rows. `dot -Tsvg` draws "
      "it.\n\n";
  text += diagram();
  text += "\n## RFC 9293's rows\n\n" + rows(RowOrigin::kRfc);
  text +=
      "\n## Observers' rows\n\n"
      "RFC 9293 has the view of an endpoint; tcpwave has that of a capture, which needs more "
      "rows.\n\n"
      "UNKNOWN means that nothing captured so far says anything about this end. It is left with "
      "the first segment\nthat does: what an end sends or accepts shows the least state that it "
      "can be in. Most captures that begin in\nthe middle never show it: where data flows, both "
      "ends are taken for ESTABLISHED (basis `assumed`).\n\n"
      "An end that sends a SYN-ACK has accepted a SYN, whether or not that SYN was captured: so "
      "sending one leads\nto SYN_RECEIVED from every state before it.\n\n";
  return text + rows(RowOrigin::kObserver);
}

}  // namespace tcpwave::docs
