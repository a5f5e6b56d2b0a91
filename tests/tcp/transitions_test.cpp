// The transition table against RFC 9293's figure 5, read from the RFC and not from the table.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/tcp/transitions.h"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <map>
#include <optional>
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

// Every cell of the table, those without a row too, written down from figure 5, from the sections that the rows name
// and, in the line of Unknown, from what an endpoint shows that the capture joins late. `no` is "no change".
TEST(Transitions, EveryCell) {
  constexpr Event kOrder[] = {SendSyn,    SendSynAck,      SendRst,    SendFin,
                              ReceiveSyn, ReceiveSynAck,   ReceiveRst, ReceiveRstAsListener,
                              ReceiveFin, ReceiveAckOfSyn, Timeout,    ReceiveAckOfFin};
  using Cell = std::optional<State>;
  const Cell no = std::nullopt;
  struct Line {
    State from;
    std::array<Cell, kEvents> to;
  };
  // clang-format off
  const Line lines[] = {
    // SEND:      SYN      SYN,ACK      RST     FIN        RECEIVE: SYN  SYN,ACK     RST     RST*    FIN        ACK OF SYN   TIMEOUT ACK OF FIN
    {Unknown,     {SynSent, SynReceived, Closed, FinWait1, SynReceived, Established, Closed, no,     CloseWait, Established, Closed, FinWait2}},
    {Closed,      {SynSent, SynReceived, no,     no,       no,          no,          no,     no,     no,        no,          no,     no}},
    {Listen,      {SynSent, SynReceived, Closed, no,       SynReceived, no,          no,     no,     no,        no,          no,     no}},
    {SynSent,     {no,      SynReceived, Closed, no,       SynReceived, Established, Closed, no,     no,        no,          Closed, no}},
    {SynReceived, {no,      no,          Closed, FinWait1, no,          no,          Closed, Listen, CloseWait, Established, Listen, no}},
    {Established, {no,      no,          Closed, FinWait1, no,          no,          Closed, no,     CloseWait, no,          Closed, no}},
    {FinWait1,    {no,      no,          Closed, no,       no,          no,          Closed, no,     Closing,   no,          Closed, FinWait2}},
    {FinWait2,    {no,      no,          Closed, no,       no,          no,          Closed, no,     TimeWait,  no,          Closed, no}},
    {CloseWait,   {no,      no,          Closed, LastAck,  no,          no,          Closed, no,     no,        no,          Closed, no}},
    {Closing,     {no,      no,          Closed, no,       no,          no,          Closed, no,     no,        no,          Closed, TimeWait}},
    {LastAck,     {no,      no,          Closed, no,       no,          no,          Closed, no,     no,        no,          Closed, Closed}},
    {TimeWait,    {no,      no,          Closed, no,       no,          no,          Closed, no,     no,        no,          Closed, no}},
  };
  // clang-format on
  std::set<std::pair<State, Event>> told;
  for (const Line& line : lines)
    for (std::size_t i = 0; i < kEvents; ++i) {
      EXPECT_EQ(next(line.from, kOrder[i]), line.to[i].value_or(line.from))
          << name(line.from) << ", " << name(kOrder[i]);
      told.emplace(line.from, kOrder[i]);
    }
  EXPECT_EQ(told.size(), kStates * kEvents);
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
                                     {SendSynAck, SynReceived}};  // the SYN was not captured
  for (const Event event : all_events()) {
    const auto open = opens.find(event);
    EXPECT_EQ(next(Closed, event), open == opens.end() ? Closed : open->second) << name(event);
  }
}

TEST(Transitions, NothingButTheEndOfItLeadsOutOfTimeWait) {
  const std::set<Event> ends{ReceiveRst, SendRst, Timeout};
  for (const Event event : all_events())
    EXPECT_EQ(next(TimeWait, event), ends.contains(event) ? Closed : TimeWait) << name(event);
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
