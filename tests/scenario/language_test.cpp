// The script language itself: what it reads, what it refuses, and that a wrong expectation is noticed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "scenario/row.h"
#include "scenario/scenario.h"
#include "scenario/variant.h"

namespace tcpwave::scenario {
namespace {

constexpr const char* kHead = "# Title.\niss C 100 S 300\n";

Scenario read(const std::string& lines) { return parse_scenario(kHead + lines, "test"); }

TEST(Script, ReadsALine) {
  const Scenario s = read(
      "+1.5 S> FP. 1:11(10) ack 21 win 77 <TS val 9 ecr 8,sack 5:7> ttl 3"
      " | ESTABLISHED>CLOSE_WAIT FIN_WAIT_1 | w1 w3 again, seq gap, conn 2 ! b a  # comment");
  ASSERT_EQ(s.lines.size(), 1U);
  const Line& line = s.lines[0];
  EXPECT_EQ(s.description, "Title.");
  EXPECT_EQ(line.number, 3);
  EXPECT_EQ(line.time_ns, 1'500'000'000);
  EXPECT_FALSE(line.from_client);
  EXPECT_EQ(line.segment.flags, (Flags{Flags::kFin | Flags::kPsh | Flags::kAck}));
  EXPECT_EQ(line.segment.payload, 10U);
  EXPECT_EQ(line.segment.window, 77);
  EXPECT_EQ(line.segment.ttl, 3);
  EXPECT_EQ(line.segment.options.timestamps->echo, 8U);
  EXPECT_EQ(line.segment.options.sack[0].right, Seq(7));
  EXPECT_EQ(line.two_pass.before[0], "ESTABLISHED");
  EXPECT_EQ(line.two_pass.after[0], "CLOSE_WAIT");
  EXPECT_EQ(line.two_pass.steps, (std::vector<StepWord>{{"w1", false}, {"w3", true}}));
  EXPECT_EQ(line.two_pass.seq_check, "gap");
  EXPECT_EQ(line.two_pass.ack_check, "ok");
  EXPECT_EQ(line.two_pass.connection, 2U);
  EXPECT_EQ(line.two_pass.findings, (std::vector<std::string>{"a", "b"}));
}

TEST(Script, OnePassDiffersOnlyInWhatItSays) {
  const Scenario s = read(
      "+0 C> S 0:0(0) | SYN_SENT LISTEN | h1 ! x\n"
      " ~ one pass: = SYN_RECEIVED\n"
      "+0 C> S 0:0(0) | = = | h1 again\n"
      " ~ one pass: = = | h1 ! y\n");
  EXPECT_EQ(s.lines[0].one_pass.after[0], "SYN_SENT");
  EXPECT_EQ(s.lines[0].one_pass.after[1], "SYN_RECEIVED");
  EXPECT_EQ(s.lines[0].one_pass.findings, (std::vector<std::string>{"x"}));
  EXPECT_EQ(s.lines[1].two_pass.after[1], "LISTEN");
  EXPECT_FALSE(s.lines[1].one_pass.steps[0].again);
  EXPECT_EQ(s.lines[1].one_pass.findings, (std::vector<std::string>{"y"}));
}

TEST(Script, RefusesWhatItDoesNotKnow) {
  for (const char* bad : {
           "+0 X> S 0:0(0) | SYN_SENT LISTEN |",                // sender
           "+0 C> Z 0:0(0) | SYN_SENT LISTEN |",                // flags
           "+0 C> . 1:5(3) ack 1 | ESTABLISHED ESTABLISHED |",  // length
           "+0 C> . 1:1(0) | ESTABLISHED ESTABLISHED |",        // ACK without number
           "+0 C> S 0:0(0) ack 1 | ESTABLISHED ESTABLISHED |",  // number without ACK
           "+0 C> S 0:0(0) <mss 1460 | SYN_SENT LISTEN |",      // options not closed
           "+0 C> S 0:0(0) <what 1> | SYN_SENT LISTEN |",       // option
           "+0 C> S 0:0(0)",                                    // no states
           "+0 C> S 0:0(0) | SYN_SENT |",                       // one state
           "+0 C> S 0:0(0) | SYN_SENT LISTENING |",             // state
           "+0 C> S 0:0(0) | SYN_SENT LISTEN | h4",             // step
           "soon C> S 0:0(0) | SYN_SENT LISTEN |",              // time
           "~ one pass: SYN_SENT LISTEN",                       // below nothing
           "outcome 0",                                         // no outcome
       })
    EXPECT_THROW(static_cast<void>(read(bad)), std::runtime_error) << bad;
}

TEST(Script, SaysWhereItIsWrong) {
  try {
    static_cast<void>(read("+0 C> S 0:0(0) | SYN_SENT LISTEN |\n+0 C> ? 0:0(0) | = = |"));
    FAIL() << "not refused";
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("test:4:"), std::string::npos) << e.what();
  }
}

// A row as the line expects it; each change of it must be noticed.
TEST(Comparison, NoticesEveryDifference) {
  const Scenario s = read(
      "+0 C> F. 7:7(0) ack 9 | ESTABLISHED>FIN_WAIT_1 ESTABLISHED>CLOSE_WAIT"
      " | w1, phase wave, closer client ! close_initiated");
  const Line& line = s.lines[0];
  Row right;
  right.tracked = true;
  right.before = {"ESTABLISHED", "ESTABLISHED"};
  right.after = {"FIN_WAIT_1", "CLOSE_WAIT"};
  right.steps = {{"w1", false}};
  right.seq_check = right.ack_check = right.check = "ok";
  right.phase = "wave";
  right.closer = "client";
  right.seq = 7;
  right.ack = 9;
  right.findings = {"close_initiated"};
  EXPECT_TRUE(differences(line, line.two_pass, right, false).empty());

  std::vector<Row> wrong(13, right);
  wrong[0].tracked = false;
  wrong[1].before[0] = "SYN_SENT";
  wrong[2].after[1] = "CLOSING";
  wrong[3].steps[0].again = true;
  wrong[4].steps.push_back({"w2", false});
  wrong[5].seq_check = "gap";
  wrong[6].ack_check = "old";
  wrong[7].phase = "closed";
  wrong[8].closer = "server";
  wrong[9].seq = 8;
  wrong[10].ack.reset();
  wrong[11].findings.clear();
  wrong[12].connection = 1;
  for (std::size_t i = 0; i < wrong.size(); ++i)
    EXPECT_EQ(differences(line, line.two_pass, wrong[i], false).size(), 1U) << i;
}

TEST(Variant, MovesNumbersAndKeepsDistances) {
  const Scenario s = read(
      "+0 C> S 0:0(0) | SYN_SENT LISTEN | h1\n"
      "iss C 1100 S 300\n"
      "+0 S> . 5:5(0) ack 7 | = = |");
  Variant variant;
  variant.isn = {Seq(0xFFFFFFFF), Seq(10)};
  const auto segments = play(s, variant);
  EXPECT_EQ(segments[0].seq, Seq(0xFFFFFFFF));
  EXPECT_EQ(segments[1].ack, Seq(999 + 7));  // 1000 after the first ISN
  EXPECT_EQ(segments[1].seq, Seq(15));
  EXPECT_EQ(segments[1].source, segments[0].destination);
}

}  // namespace
}  // namespace tcpwave::scenario
