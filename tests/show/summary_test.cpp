// A connection as a whole, and the sockets of its hosts.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/summary.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tcpwave/address.h"
#include "tcpwave/show/sockets.h"
#include "tools/capture.h"

namespace tcpwave {
namespace {

Tracker tracker_of(const std::string& name) {
  Tracker tracker;
  const auto path = std::filesystem::path(TCPWAVE_CAPTURES) / "kernel" / (name + ".pcapng");
  for (const Segment& s : tools::read_capture(path)) tracker.observe(s);
  return tracker;
}

bool has(const ConnectionSummary& s, Finding f) {
  return s.findings.test(static_cast<std::size_t>(f));
}

TEST(Summary, OfACloseInFourSegments) {
  const Tracker tracker = tracker_of("close4-client");
  ASSERT_EQ(tracker.connections(), 1U);
  const ConnectionSummary s = summarize(tracker, 0);
  EXPECT_EQ(s.first_frame, 1U);
  EXPECT_EQ(s.frames, 11U);
  EXPECT_EQ(address_text(s.ends.address[0], s.ends.port[0]).view(), "192.0.2.10:40000");
  EXPECT_EQ(address_text(s.ends.address[1], s.ends.port[1]).view(), "198.51.100.20:8000");
  EXPECT_EQ(s.opened, Opened::Handshake);
  EXPECT_EQ(s.outcome, Outcome::NormalClose);
  EXPECT_EQ(s.outcome_kind, OutcomeKind::FourSegment);
  EXPECT_EQ(s.closed_first_by, ActiveCloser::Client);
  EXPECT_TRUE(has(s, Finding::CloseInitiated));
  EXPECT_EQ(s.state, (std::array<State, 2>{State::TimeWait, State::Closed}));
  ASSERT_TRUE(s.half_close_ns && s.handshake_rtt_ns);
  EXPECT_LT(*s.half_close_ns, s.duration_ns);
}

TEST(Summary, OfAReset) {
  const ConnectionSummary s = summarize(tracker_of("linger0-closewait"), 0);
  EXPECT_EQ(s.outcome, Outcome::Reset);
  EXPECT_EQ(s.outcome_kind, OutcomeKind::InWave);
  EXPECT_EQ(s.reset_by, ResetBy::Server);
  EXPECT_EQ(s.reset_cause, Finding::RstPeerGone);
}

TEST(Summary, EveryResetHasACause) {
  std::size_t resets = 0;
  for (const char* name : {"random-03-heavy-mixed", "linger0-closewait"}) {
    const Tracker tracker = tracker_of(name);
    for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
      const ConnectionSummary s = summarize(tracker, c);
      if (s.outcome != Outcome::Reset) continue;
      ++resets;
      EXPECT_TRUE(s.reset_cause) << name << ", connection " << c;
    }
  }
  EXPECT_GT(resets, 10U);
}

TEST(Summary, TheStateAtATime) {
  const Tracker tracker = tracker_of("close4-client");
  const auto at = [&](double seconds, Side side) {
    const auto ns = static_cast<std::int64_t>(seconds * 1e9);
    return state_at(tracker, 0, side, tracker.start_ns() + ns);
  };
  EXPECT_EQ(at(-1, Side::Client), std::nullopt);
  EXPECT_EQ(at(0, Side::Client), State::SynSent);
  EXPECT_EQ(at(0.1, Side::Server), State::Established);
  EXPECT_EQ(at(0.2, Side::Client), State::FinWait1);
  EXPECT_EQ(at(0.2, Side::Server), State::CloseWait);
  EXPECT_EQ(at(9, Side::Client), State::TimeWait);
}

TEST(Sockets, AreCountedByHostAndState) {
  const Tracker tracker = tracker_of("close4-client");
  std::uint32_t now = 0;
  for (const SocketCount& count : count_sockets(tracker, tracker.end_ns())) {
    EXPECT_EQ(count.peak, 1U);
    EXPECT_NE(count.state, State::Closed);
    EXPECT_NE(count.state, State::Listen);
    now += count.now;
    EXPECT_TRUE(count.now == 0 || count.state == State::TimeWait);
  }
  EXPECT_EQ(now, 1U);  // the client's TIME_WAIT
}

TEST(Sockets, OfOneHostAsTheCaptureGoesOn) {
  const Tracker tracker = tracker_of("close4-client");
  const Ends ends = tracker.ends(0);
  SocketCensus census(tracker);
  EXPECT_FALSE(census.find(ends.address[0]));
  const auto open_sockets = [&](const Address& address) {
    std::vector<State> open;
    for (const SocketCensus::CellId cell : census.cells_of(*census.find(address)))
      if (census.counted(cell).now > 0) open.push_back(census.counted(cell).state);
    return open;
  };
  census.go_to(3);
  EXPECT_EQ(open_sockets(ends.address[0]), std::vector{State::Established});
  census.finish();
  EXPECT_EQ(open_sockets(ends.address[0]), std::vector{State::TimeWait});
  EXPECT_EQ(open_sockets(ends.address[1]), std::vector<State>{});
  EXPECT_FALSE(census.find(Address{{9, 9, 9, 9}, false}));
}

TEST(Sockets, AgreeWithTheStatesOfEveryConnection) {
  for (const char* name : {"random-00-clean", "random-03-heavy-mixed", "reuse-thrice"}) {
    const Tracker tracker = tracker_of(name);
    for (const double part : {0.0, 0.3, 0.7, 1.0}) {
      const auto span = static_cast<double>(tracker.end_ns() - tracker.start_ns());
      const auto moment = tracker.start_ns() + static_cast<std::int64_t>(part * span);
      std::uint32_t expected = 0, counted = 0;
      for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
        for (const Side side : {Side::Client, Side::Server}) {
          const auto state = state_at(tracker, c, side, moment);
          if (state && *state != State::Closed && *state != State::Listen) ++expected;
        }
      }
      for (const SocketCount& count : count_sockets(tracker, moment)) counted += count.now;
      EXPECT_EQ(counted, expected) << name << " " << part;
    }
  }
}

TEST(Text, CutsWhatDoesNotFitBetweenCharacters) {
  Text text(std::string(Text::kCapacity - 2, 'x'));
  text << "✓";  // three bytes
  EXPECT_EQ(text.view(), std::string(Text::kCapacity - 2, 'x'));
  text << "ab"
       << "c";
  EXPECT_EQ(text.view(), std::string(Text::kCapacity - 2, 'x').append("ab"));
  EXPECT_EQ(text.c_str()[Text::kCapacity], '\0');
  EXPECT_EQ((Text("a") << std::int64_t{-5} << 7U).view(), "a-57");
}

TEST(Address, InWords) {
  Address a;
  a.octets = {192, 0, 2, 1};
  EXPECT_EQ(address_text(a, 80).view(), "192.0.2.1:80");
  a = Address{{}, true};
  EXPECT_EQ(address_text(a).view(), "::");
  a.octets[15] = 1;
  EXPECT_EQ(address_text(a, 80).view(), "[::1]:80");
  a.octets = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xab, 0xcd};
  EXPECT_EQ(address_text(a).view(), "2001:db8:0:1::abcd");
  a.octets = {0xfe, 0x80, 0, 0, 0, 1, 0, 2, 0, 0, 0, 3, 0, 4, 0, 5};  // one zero group is no run
  EXPECT_EQ(address_text(a).view(), "fe80:0:1:2:0:3:4:5");
}

}  // namespace
}  // namespace tcpwave
