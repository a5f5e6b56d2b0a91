// The transition table against RFC 9293's figure 5, read from the RFC and not from the table.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/transitions.h"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tcpwave/annotation.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/state.h"

namespace tcpwave {
namespace {

using enum State;
using enum Event;

State after(State from, std::initializer_list<Event> events) {
  for (const Event event : events) from = next(from, event);
  return from;
}

std::vector<State> all_states() {
  std::vector<State> all;
  for (std::size_t i = 0; i < kStates; ++i) all.push_back(static_cast<State>(i));
  return all;
}
std::vector<Event> all_events() {
  std::vector<Event> all;
  for (std::size_t i = 0; i < kEvents; ++i) all.push_back(static_cast<Event>(i));
  return all;
}

struct Path {
  const char* description;
  State from;
  std::initializer_list<Event> events;
  State to;
};

TEST(Transitions, PathsOfRfc9293) {
  const Path paths[] = {
      {"active open", Closed, {SendSyn, ReceiveSynAck}, Established},
      {"passive open", Listen, {ReceiveSyn, ReceiveAckOfSyn}, Established},
      {"simultaneous open", Closed, {SendSyn, ReceiveSyn, ReceiveAckOfSyn}, Established},
      {"active close", Established, {SendFin, ReceiveAckOfFin, ReceiveFin, Timeout}, Closed},
      {"active close, half-closed", Established, {SendFin, ReceiveAckOfFin}, FinWait2},
      {"active close, waiting", Established, {SendFin, ReceiveAckOfFin, ReceiveFin}, TimeWait},
      {"simultaneous close", Established, {SendFin, ReceiveFin, ReceiveAckOfFin}, TimeWait},
      {"crossing", Established, {SendFin, ReceiveFin}, Closing},
      {"passive close", Established, {ReceiveFin, SendFin, ReceiveAckOfFin}, Closed},
      {"passive close, waiting", Established, {ReceiveFin, SendFin}, LastAck},
      {"close before the handshake is complete", SynReceived, {SendFin}, FinWait1},
      {"FIN completes the handshake", SynReceived, {ReceiveAckOfSyn, ReceiveFin}, CloseWait},
      {"reset of a passive open", Listen, {ReceiveSyn, ReceiveRstAsListener}, Listen},
      {"reset of an active open", Closed, {SendSyn, ReceiveRst}, Closed},
      {"reset in simultaneous open", Closed, {SendSyn, ReceiveSyn, ReceiveRst}, Closed},
  };
  for (const Path& path : paths)
    EXPECT_EQ(after(path.from, path.events), path.to)
        << path.description << ": " << name(after(path.from, path.events));
}

/// What a cell is expected to be: a state, `no` (the event is ignored), or `xx` (it cannot happen).
struct Cell {
  Cell(State state) : kind(CellKind::Move), to(state) {}
  Cell(CellKind stays) : kind(stays), to(Unknown) {}
  CellKind kind;
  State to;
};
constexpr CellKind no = CellKind::Ignored, xx = CellKind::Impossible;

template <std::size_t kColumns>
struct Line {
  State from;
  std::array<Cell, kColumns> to;
};

template <std::size_t kColumns>
void expect_cells(const std::array<Event, kColumns>& order,
                  const std::array<Line<kColumns>, kStates>& lines) {
  std::set<std::pair<State, Event>> told;
  for (const Line<kColumns>& line : lines)
    for (std::size_t i = 0; i < kColumns; ++i) {
      const Cell& expected = line.to[i];
      const State to = expected.kind == CellKind::Move ? expected.to : line.from;
      EXPECT_EQ(next(line.from, order[i]), to) << name(line.from) << ", " << name(order[i]);
      EXPECT_EQ(kind_of(line.from, order[i]), expected.kind)
          << name(line.from) << ", " << name(order[i]);
      told.emplace(line.from, order[i]);
    }
  EXPECT_EQ(told.size(), kStates * kColumns);
}

// Every cell of the table, those without a row too, written down from figure 5, from the sections that the rows name
// and, in the line of Unknown, from what an endpoint shows that the capture joins late.
TEST(Transitions, EveryCellOfWhatAnEndSendsAndReceives) {
  // clang-format off
  expect_cells<12>({SendSyn,    SendSynAck,    SendRst, SendFin, ReceiveSyn,  ReceiveSynAck, ReceiveRst, ReceiveRstAsListener,
                    ReceiveFin, ReceiveAckOfSyn, Timeout, ReceiveAckOfFin}, {{
    // SEND:      SYN      SYN,ACK      RST     FIN        RECEIVE: SYN  SYN,ACK     RST     RST*    FIN        ACK OF SYN   TIMEOUT ACK OF FIN
    {Unknown,     {SynSent, SynReceived, Closed, FinWait1, SynReceived, xx,          Closed, xx,     CloseWait, xx,          xx,     xx}},
    {Closed,      {SynSent, SynReceived, no,     no,       xx,          xx,          xx,     xx,     no,        xx,          xx,     no}},
    {Listen,      {SynSent, SynReceived, Closed, no,       SynReceived, xx,          xx,     xx,     no,        xx,          xx,     no}},
    {SynSent,     {no,      SynReceived, Closed, no,       SynReceived, Established, Closed, xx,     no,        xx,          xx,     no}},
    {SynReceived, {no,      no,          Closed, FinWait1, xx,          xx,          Closed, Listen, CloseWait, Established, xx,     no}},
    {Established, {no,      no,          Closed, FinWait1, xx,          xx,          Closed, xx,     CloseWait, xx,          xx,     no}},
    {FinWait1,    {no,      no,          Closed, xx,       xx,          xx,          Closed, xx,     Closing,   xx,          xx,     FinWait2}},
    {FinWait2,    {no,      no,          Closed, xx,       xx,          xx,          Closed, xx,     TimeWait,  xx,          xx,     no}},
    {CloseWait,   {no,      no,          Closed, LastAck,  xx,          xx,          Closed, xx,     no,        xx,          xx,     no}},
    {Closing,     {no,      no,          Closed, xx,       xx,          xx,          Closed, xx,     no,        xx,          xx,     TimeWait}},
    {LastAck,     {no,      no,          Closed, xx,       xx,          xx,          Closed, xx,     no,        xx,          xx,     Closed}},
    {TimeWait,    {no,      no,          Closed, no,       xx,          xx,          Closed, xx,     no,        xx,          Closed, no}},
  }});
  // clang-format on
}

TEST(Transitions, EveryCellOfWhatAnEndWasBefore) {
  // clang-format off
  expect_cells<6>({FoundClosed, FoundListening, FoundOpen, FoundInTimeWait, NewOpener, NewListener}, {{
    // FOUND:     CLOSED  LISTENING OPEN       TIME_WAIT NEW SOCKET: OPENS LISTENS
    {Unknown,     {Closed, Listen, Established, TimeWait, xx,              xx}},
    {Closed,      {xx,     xx,     xx,          xx,       no,              Listen}},
    {Listen,      {xx,     xx,     xx,          xx,       xx,              xx}},
    {SynSent,     {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {SynReceived, {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {Established, {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {FinWait1,    {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {FinWait2,    {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {CloseWait,   {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {Closing,     {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {LastAck,     {xx,     xx,     xx,          xx,       Closed,          Listen}},
    {TimeWait,    {xx,     xx,     xx,          xx,       Closed,          Listen}},
  }});
  // clang-format on
}

TEST(Transitions, EveryCellSaysWhy) {
  for (const State s : all_states())
    for (const Event event : all_events()) {
      const bool of_the_rfc = kind_of(s, event) == CellKind::Move && why(s, event).empty();
      if (of_the_rfc) continue;
      EXPECT_GT(why(s, event).size(), 20U) << name(s) << ", " << name(event);
    }
}

// The ACK of a FIN and the peer's FIN in one segment: RFC 9293 3.10.7.4 takes the ACK first.
TEST(Transitions, FinThatAcknowledgesOurFinLeadsToTimeWait) {
  EXPECT_EQ(after(FinWait1, {ReceiveAckOfFin, ReceiveFin}), TimeWait);
}

TEST(Transitions, ResetEndsEveryConnection) {
  for (const State s : all_states()) {
    const State expected = s == Listen ? Listen : Closed;
    EXPECT_EQ(next(s, ReceiveRst), expected) << name(s);
  }
}

TEST(Transitions, NothingLeadsOutOfClosedButAnOpen) {
  const std::map<Event, State> opens{{SendSyn, SynSent},
                                     {SendSynAck, SynReceived},  // the SYN was not captured
                                     {NewListener, Listen}};
  for (const Event event : all_events()) {
    const auto open = opens.find(event);
    EXPECT_EQ(next(Closed, event), open == opens.end() ? Closed : open->second) << name(event);
  }
}

TEST(Transitions, NothingButTheEndOfItLeadsOutOfTimeWait) {
  const std::set<Event> ends{ReceiveRst, SendRst, Timeout, NewOpener};
  for (const Event event : all_events()) {
    const State expected = event == NewListener ? Listen : ends.contains(event) ? Closed : TimeWait;
    EXPECT_EQ(next(TimeWait, event), expected) << name(event);
  }
}

// Events are new facts: the same one twice changes nothing more.
TEST(Transitions, AnEventTwiceIsAnEventOnce) {
  for (const State s : all_states())
    for (const Event event : all_events())
      EXPECT_EQ(next(next(s, event), event), next(s, event)) << name(s) << ", " << name(event);
}

TEST(Transitions, NobodyComesBackToUnknown) {
  for (const Transition& row : kTransitions) EXPECT_NE(row.to, Unknown) << name(row.from);
}

TEST(Transitions, EveryRowIsWhatNextSays) {
  for (const Transition& row : kTransitions) EXPECT_EQ(next(row.from, row.event), row.to);
}

TEST(Transitions, EveryRowNamesItsSection) {
  for (const Transition& row : kTransitions)
    EXPECT_TRUE(std::string_view(row.section).starts_with("3.")) << name(row.from);
}

// RFC 9293 says nothing of RSTs that CLOSED, LISTEN or TIME-WAIT send on their own, and 3.10.5 sends none in
// SYN-SENT, CLOSING and LAST-ACK.
TEST(Transitions, RowsOfTheRfcAreThoseOfTheRfc) {
  const std::set<State> aborts{SynReceived, Established, FinWait1, FinWait2, CloseWait};
  const std::set<Event> observed{SendSynAck,      FoundClosed, FoundListening, FoundOpen,
                                 FoundInTimeWait, NewOpener,   NewListener};
  for (const Transition& row : kTransitions) {
    const bool abort = row.event == SendRst && !aborts.contains(row.from);
    EXPECT_EQ(row.is_observers(), row.from == Unknown || abort || observed.contains(row.event))
        << name(row.from) << ", " << name(row.event);
  }
}

TEST(Names, AreTheSpecificationsAndUnique) {
  const std::set<std::string_view> expected{
      "UNKNOWN",    "CLOSED",     "LISTEN",     "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED",
      "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING",  "LAST_ACK",     "TIME_WAIT"};
  std::set<std::string_view> names;
  for (const State s : all_states()) names.insert(name(s));
  EXPECT_EQ(names, expected);
  EXPECT_EQ(name(Confidence::Certain), "certain");
  EXPECT_EQ(name(Confidence::None), "");
  EXPECT_EQ(name(Severity::Warn), "warn");
  EXPECT_EQ(name(Group::Hosts), "hosts");
  EXPECT_EQ(name(OutcomeKind::FourSegment), "four_segment");
  std::set<std::string_view> events;
  for (const Event event : all_events()) events.insert(name(event));
  EXPECT_EQ(events.size(), kEvents);
}

}  // namespace
}  // namespace tcpwave
