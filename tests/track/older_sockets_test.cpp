// What a connection finds of the one before it, and states that no script can show.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "scenario/scenario.h"
#include "scenario/variant.h"
#include "tcpwave/tracker.h"
#include "track/segments.h"

namespace tcpwave {
namespace {

std::vector<State> states_of(const Tracker& tracker, Side side) {
  std::vector<State> states;
  for (const StateChange& change : tracker.states_of(0))
    if (change.side == side) states.push_back(change.state);
  return states;
}

// RFC 9293 3.10.4: the server closes before the handshake's last ACK came.
TEST(OlderSockets, AFinOfAnEndThatIsStillOpening) {
  Tracker tracker;
  tracker.observe(segment(kSyn, 100, 0));
  tracker.observe(segment(kSyn | kAck, 300, 101, false));
  tracker.observe(segment(kFin | kAck, 301, 101, false));
  EXPECT_EQ(states_of(tracker, Side::Server),
            (std::vector{State::Listen, State::SynReceived, State::FinWait1}));
}

/// A connection that leaves the server's socket in a state; client and server begin at 100 and 300. The ack that
/// the socket sends then is `ack`.
struct LeftIn {
  State state;
  std::vector<Segment> segments;
  std::uint32_t seq, ack;
};

std::vector<LeftIn> sockets_left_in_each_state() {
  const Segment syn = segment(kSyn, 100, 0), syn_ack = segment(kSyn | kAck, 300, 101, false);
  const Segment open = segment(kAck, 101, 301);
  const Segment server_fin = segment(kFin | kAck, 301, 101, false);
  const Segment client_fin = segment(kFin | kAck, 101, 301);
  return {
      {State::SynReceived, {syn, syn_ack}, 301, 101},
      {State::Established, {syn, syn_ack, open}, 301, 101},
      {State::FinWait1, {syn, syn_ack, open, server_fin}, 302, 101},
      {State::FinWait2, {syn, syn_ack, open, server_fin, segment(kAck, 101, 302)}, 302, 101},
      {State::CloseWait, {syn, syn_ack, open, client_fin}, 301, 102},
      {State::Closing, {syn, syn_ack, open, server_fin, client_fin}, 302, 102},
      {State::LastAck,
       {syn, syn_ack, open, client_fin, segment(kFin | kAck, 301, 102, false)},
       302,
       102},
      {State::TimeWait,
       {syn, syn_ack, open, server_fin, segment(kFin | kAck, 101, 302),
        segment(kAck, 302, 102, false)},
       302,
       102},
  };
}

std::vector<State> states_of_next(const std::vector<Segment>& before,
                                  const std::vector<Segment>& then, Side side = Side::Server) {
  Tracker tracker;
  std::int64_t now = 0;
  for (const auto* segments : {&before, &then})
    for (Segment s : *segments) {
      s.time_ns = now += s.time_ns == 0 ? 10'000'000 : s.time_ns;
      tracker.observe(s);
    }
  EXPECT_EQ(tracker.connections(), 2U);
  std::vector<State> states;
  if (tracker.connections() == 2)
    for (const StateChange& change : tracker.states_of(1))
      if (change.side == side) states.push_back(change.state);
  return states;
}

// RFC 9293 3.5.1, figure 10: the old socket answers the SYN with its own numbers, and a RST of these ends it.
TEST(OlderSockets, AnOldSocketInAnyStateIsResetByTheNewConnection) {
  for (const LeftIn& old : sockets_left_in_each_state()) {
    if (old.state == State::TimeWait) continue;  // it takes the SYN
    EXPECT_EQ(states_of_next(old.segments,
                             {segment(kSyn, 900000, 0), segment(kAck, old.seq, old.ack, false),
                              segment(kRst, old.ack, 0)}),
              (std::vector{old.state, State::Listen}))
        << name(old.state);
  }
}

// Only TIME_WAIT takes a SYN: any other socket was gone before.
TEST(OlderSockets, ASynAckFromAnOldSocketsPlaceIsANewListeners) {
  for (const LeftIn& old : sockets_left_in_each_state()) {
    std::vector<State> states{State::Listen, State::SynReceived};
    if (old.state == State::TimeWait) states.insert(states.begin(), old.state);
    EXPECT_EQ(states_of_next(old.segments, {segment(kSyn, 900000, 0),
                                            segment(kSyn | kAck, 500000, 900001, false)}),
              states)
        << name(old.state);
  }
}

// The SYN is older than what the socket has taken, so not even TIME_WAIT takes it.
TEST(OlderSockets, ASynFromAnOldSocketsPlaceIsANewSockets) {
  for (const LeftIn& old : sockets_left_in_each_state()) {
    std::vector<State> states = states_of_next(
        old.segments,
        {segment(kSyn, 50, 0), segment(kAck, 51, old.seq), segment(kSyn, 500000, 0, false)});
    states.resize(3);
    EXPECT_EQ(states, (std::vector{old.state, State::Closed, State::SynSent})) << name(old.state);
  }
}

// The SYN,ACK is lost, for the SYN comes again; what its sender sends next, with other numbers, is of a new
// connection, and the socket that still opens is not its own.
TEST(OlderSockets, AnOldSocketThatIsStillOpening) {
  const auto later = [](Segment s) {
    s.time_ns = 1'000'000'000;
    return s;
  };
  const std::vector<Segment> before{segment(kSyn, 300, 0, false), segment(kSyn | kAck, 100, 301),
                                    later(segment(kSyn, 300, 0, false))};
  EXPECT_EQ(states_of_next(before,
                           {segment(kSyn | kAck, 900000, 250), segment(kAck, 250, 900001, false),
                            segment(kSyn | kAck, 500000, 900001, false)},
                           Side::Client),
            (std::vector{State::SynSent, State::Listen, State::SynReceived}));
  // The first of the new SYNs was lost, so the one that crosses it comes from an end that still opens.
  std::vector<State> states =
      states_of_next(before, {segment(kSyn, 900000, 0), segment(kSyn, 300, 0, false),
                              later(segment(kSyn, 900000, 0)), segment(kAck, 900001, 301)});
  states.resize(3);
  EXPECT_EQ(states, (std::vector{State::SynSent, State::Closed, State::SynSent}));
}

TEST(OlderSockets, AnOldSocketWhoseTimeWaitHasEndedIsReplaced) {
  const LeftIn old = sockets_left_in_each_state().back();
  Segment late = segment(kSyn | kAck, 500000, 51, false);
  late.time_ns = 600'000'000'000;
  EXPECT_EQ(states_of_next(old.segments, {segment(kSyn, 50, 0), segment(kAck, 51, old.seq), late}),
            (std::vector{State::TimeWait, State::Closed, State::Listen, State::SynReceived}));
  late = segment(kSyn, 500000, 0, false);
  late.time_ns = 600'000'000'000;
  EXPECT_EQ(states_of_next(old.segments, {segment(kSyn, 50, 0), segment(kAck, 51, old.seq), late}),
            (std::vector{State::TimeWait, State::Closed, State::SynSent}));
}

// The server's data, sent again, make the client's seem lost that were only under way: a plain ACK in order
// shows that they had come.
TEST(OlderSockets, DataThatWereOnlyUnderWayAreNotLost) {
  Tracker tracker;
  std::int64_t now = 0;
  const auto at = [&](std::int64_t later_ms, Segment s, std::uint32_t payload) {
    s.time_ns = now += later_ms * 1'000'000;
    s.payload = payload;
    s.ttl = 64;
    return tracker.observe(s);
  };
  at(0, segment(kSyn, 100, 0), 0);
  at(10, segment(kSyn | kAck, 300, 101, false), 0);
  at(1, segment(kAck, 101, 301), 0);
  at(10, segment(kAck, 301, 101, false), 600);
  at(1, segment(kAck, 101, 901), 0);
  const SegmentId data = at(1, segment(kAck, 101, 901), 120);
  at(20, segment(kAck, 301, 101, false), 600);
  EXPECT_TRUE(tracker.captured(data).lost);
  at(5, segment(kAck, 901, 221, false), 0);
  EXPECT_FALSE(tracker.captured(data).lost);
}

// Nobody knows what an end has sent before one of its segments was captured; that it is captured later changes
// nothing about that.
TEST(OlderSockets, AnAckOfWhatWasSentBeforeThePeerWasCaptured) {
  Tracker tracker;
  tracker.observe(segment(kAck, 101, 301));
  const SegmentId ack = tracker.observe(segment(kAck, 101, 901));
  EXPECT_EQ(tracker.annotate(ack).ack_check, AckCheck::Ok);
  tracker.observe(segment(kAck, 901, 101, false));
  EXPECT_EQ(tracker.annotate(ack).ack_check, AckCheck::Ok);
  tracker.observe(segment(kAck, 101, 1901));
  EXPECT_EQ(tracker.annotate(3).ack_check, AckCheck::BeyondSent);
}

// A forged ACK has not asked for the data first, so the true one that comes clearly later shows no loss.
TEST(OlderSockets, AForgedAckAsksForNothing) {
  Tracker tracker;
  std::int64_t now = 0;
  const auto at = [&](std::int64_t later_ms, Segment s, std::uint32_t payload,
                      bool forged = false) {
    s.time_ns = now += later_ms * 1'000'000;
    s.payload = payload;
    s.ttl = 64;
    if (!forged)
      s.options.timestamps = Timestamps{1000 + static_cast<std::uint32_t>(now / 1'000'000), 1};
    return tracker.observe(s);
  };
  at(0, segment(kSyn, 100, 0), 0);
  at(1, segment(kSyn | kAck, 300, 101, false), 0);
  at(1, segment(kAck, 101, 301), 0);
  at(1, segment(kAck, 101, 301), 100);
  at(1, segment(kAck, 301, 201, false), 0, true);
  const SegmentId data = at(1, segment(kAck, 201, 301), 100);
  for (std::uint32_t n = 0; n < 40; ++n) at(1, segment(kAck, 301 + 10 * n, 301), 10);
  at(100, segment(kAck, 301, 201, false), 0);
  EXPECT_FALSE(tracker.captured(data).lost);
}

// RFC 9293 3.6.1: without time stamps on the old connection the numbers decide, whatever its SYN had offered.
TEST(OlderSockets, ATimeWaitWithoutTimestampsGoesByNumbers) {
  const auto starts_anew = [](std::uint32_t iss, std::uint32_t tsval) {
    Segment offer = segment(kSyn, 1000, 0), again = segment(kSyn, iss, 0);
    offer.options.timestamps = Timestamps{5000, 0};
    again.options.timestamps = Timestamps{tsval, 0};
    again.time_ns = 5'000'000'000;
    Tracker tracker;
    for (const Segment& s : {offer, segment(kSyn | kAck, 300, 1001, false),
                             segment(kAck, 1001, 301), segment(kFin | kAck, 301, 1001, false),
                             segment(kFin | kAck, 1001, 302), segment(kAck, 302, 1002, false)})
      tracker.observe(s);
    return tracker.connection_of(tracker.observe(again)) == 1U;
  };
  EXPECT_TRUE(starts_anew(2'000'000, 100));
  EXPECT_FALSE(starts_anew(500, 9000));
}

// RFC 9293 figure 7: the other end had sent its SYN before this one came, so it was no listener.
TEST(OlderSockets, SynsThatCross) {
  Tracker tracker;
  tracker.observe(segment(kSyn, 100, 0));
  tracker.observe(segment(kSyn, 300, 0, false));
  EXPECT_EQ(states_of(tracker, Side::Server),
            (std::vector{State::Listen, State::SynSent, State::SynReceived}));
}

/// How the states of an end go on from `from`, after these segments.
std::vector<State> states_from(State from, Side side, const std::vector<Segment>& segments) {
  Tracker tracker;
  for (const Segment& s : segments) tracker.observe(s);
  std::vector<State> states = states_of(tracker, side);
  states.erase(states.begin(), std::find(states.begin(), states.end(), from));
  return states;
}

// RFC 9293 3.10.5 and 3.10.7.4: a RST ends its sender and its receiver, however far the close has come.
TEST(OlderSockets, ARstInTheMiddleOfAClose) {
  std::vector<Segment> trace{segment(kSyn, 100, 0), segment(kSyn | kAck, 300, 101, false),
                             segment(kAck, 101, 301), segment(kFin | kAck, 101, 301)};
  std::vector<Segment> aborted = trace;
  aborted.push_back(segment(kRst | kAck, 102, 301));
  EXPECT_EQ(states_from(State::FinWait1, Side::Client, aborted),
            (std::vector{State::FinWait1, State::Closed}));
  trace.push_back(segment(kAck, 301, 102, false));
  trace.push_back(segment(kFin | kAck, 301, 102, false));
  for (const bool from_client : {false, true}) {
    aborted = trace;
    aborted.push_back(from_client ? segment(kRst, 102, 0) : segment(kRst, 302, 0, false));
    EXPECT_EQ(states_from(State::LastAck, Side::Server, aborted),
              (std::vector{State::LastAck, State::Closed}));
  }
}

// RFC 9293 3.10.7.1: it had ended unnoticed.
TEST(OlderSockets, ARstOfAnEndInTimeWait) {
  EXPECT_EQ(states_from(State::TimeWait, Side::Client,
                        {segment(kSyn, 100, 0), segment(kSyn | kAck, 300, 101, false),
                         segment(kAck, 101, 301), segment(kFin | kAck, 101, 301),
                         segment(kFin | kAck, 301, 102, false), segment(kAck, 102, 302),
                         segment(kRst, 102, 0)}),
            (std::vector{State::TimeWait, State::Closed}));
}

TEST(OlderSockets, ARstOfAnEndThatHasOnlySentItsSyn) {
  EXPECT_EQ(
      states_from(State::SynSent, Side::Client, {segment(kSyn, 100, 0), segment(kRst, 101, 0)}),
      (std::vector{State::SynSent, State::Closed}));
}

}  // namespace
}  // namespace tcpwave
