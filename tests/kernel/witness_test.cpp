// The kernel's words beside the engine's segments: what holds from which segment to which.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/witness.h"

#include <gtest/gtest.h>

#include "kernel/reasons.h"

namespace tcpwave::kernel {
namespace {

class Beside : public testing::Test {
 protected:
  SegmentId segment(bool by_client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
    Segment s;
    s.frame = tracker.segments() + 1;
    s.time_ns = static_cast<std::int64_t>(s.frame) * 1'000'000;
    s.source = by_client ? client.address : server.address;
    s.source_port = by_client ? client.port : server.port;
    s.destination = by_client ? server.address : client.address;
    s.destination_port = by_client ? server.port : client.port;
    s.flags.bits = flags;
    s.seq = Seq(seq);
    s.ack = Seq(ack);
    s.window = 65535;
    last = s;
    return tracker.observe(s);
  }
  SegmentId with(SegmentId id, const char* comment) {
    witness.add(id, last, *word_of(comment));
    return id;
  }
  /// `ESTABLISHED curl[7]`, the client's; `-` where nothing is said.
  std::string said(SegmentId id, Side side = Side::Client) {
    const Annotation annotation = tracker.annotate(id, Known::Final);
    const Said end = witness.at(tracker, id, annotation.sender)[static_cast<std::size_t>(side)];
    std::string text = end.state == State::Unknown ? "-" : std::string(name(end.state));
    if (end.process != nullptr) text += std::string(" ") + end.process;
    return text;
  }

  End client{{{192, 0, 2, 1}, false}, 40000}, server{{{192, 0, 2, 2}, false}, 80};
  Tracker tracker;
  Witness witness;
  Segment last;
};

constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kRst = Flags::kRst;

TEST_F(Beside, AStateHoldsUntilTheNextAndAProcessAllAlong) {
  const SegmentId syn =
      with(segment(true, kSyn, 100, 0), "kernel: end=192.0.2.1:40000 state=CLOSED>SYN_SENT");
  const SegmentId syn_ack =
      with(segment(false, kSyn | kAck, 500, 101),
           "kernel: end=192.0.2.1:40000 state=SYN_SENT>ESTABLISHED process=curl[7]");
  const SegmentId ack = segment(true, kAck, 101, 501);
  EXPECT_EQ(said(syn), "SYN_SENT curl[7]");
  EXPECT_EQ(said(syn_ack), "ESTABLISHED curl[7]");
  EXPECT_EQ(said(ack), "ESTABLISHED curl[7]");
  EXPECT_EQ(said(ack, Side::Server), "-");
  EXPECT_STREQ(witness.process_of(tracker, 0, Side::Client), "curl[7]");
  EXPECT_EQ(witness.process_of(tracker, 0, Side::Server), nullptr);
}

TEST_F(Beside, PortsThatAreUsedAgainInheritNothing) {
  with(segment(true, kSyn, 100, 0),
       "kernel: end=192.0.2.1:40000 state=CLOSED>SYN_SENT process=curl[7]");
  with(segment(false, kRst | kAck, 0, 101), "kernel: end=192.0.2.1:40000 state=SYN_SENT>CLOSED");
  const SegmentId again = segment(true, kSyn, 90'000'000, 0);
  ASSERT_EQ(tracker.connection_of(again), 1U);
  EXPECT_EQ(said(again), "-");
}

TEST_F(Beside, AWordOfAnotherEndIsNotTaken) {
  with(segment(true, kSyn, 100, 0), "kernel: end=192.0.2.1:40001 state=CLOSED>SYN_SENT");
  EXPECT_TRUE(witness.empty());
}

TEST_F(Beside, AFrameThatComesAgainSaysItAnew) {
  with(segment(true, kSyn, 100, 0), "kernel: end=192.0.2.1:40000 state=CLOSED>SYN_SENT");
  with(0, "kernel: end=192.0.2.1:40000 state=ESTABLISHED");
  EXPECT_EQ(said(0), "ESTABLISHED");
}

TEST(Agreement, NeedsBothToSaySomething) {
  EndpointView inferred;
  Said said;
  EXPECT_EQ(agrees(inferred, said), std::nullopt);
  said.state = State::Established;
  EXPECT_EQ(agrees(inferred, said), std::nullopt);
  inferred.after = State::Established;
  EXPECT_EQ(agrees(inferred, said), true);
  inferred.after = State::CloseWait;
  EXPECT_EQ(agrees(inferred, said), false);
}

TEST(Reasons, AreJudgedByTheStateWhereTheyMeanSeveralThings) {
  EXPECT_EQ(verdict_on("TCP_ABORT_ON_CLOSE", State::Established, Finding::RstUnreadData),
            Verdict::Agrees);
  EXPECT_EQ(verdict_on("TCP_ABORT_ON_CLOSE", State::Established, Finding::RstAbort),
            Verdict::Differs);
  EXPECT_EQ(verdict_on("TCP_STATE", State::CloseWait, Finding::RstPeerGone), Verdict::Agrees);
  EXPECT_EQ(verdict_on("TCP_STATE", State::Established, Finding::RstPeerGone), Verdict::Differs);
  EXPECT_EQ(verdict_on("TCP_STATE", State::Unknown, Finding::RstPeerGone), Verdict::Open);
  EXPECT_EQ(verdict_on("a word of a later kernel", State::Established, Finding::RstAbort),
            Verdict::Open);
}

}  // namespace
}  // namespace tcpwave::kernel
