// The lines that explain a segment to a person: which sentence, and what it says of the numbers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/sentences.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "tcpwave/catalogue.h"
#include "tcpwave/show/words.h"
#include "tcpwave/tracker.h"
#include "tools/capture.h"

namespace tcpwave {
namespace {

Tracker tracker_of(const std::string& name, std::uint32_t frames = 0xffffffffU) {
  Tracker tracker;
  const auto path = std::filesystem::path(TCPWAVE_CAPTURES) / (name + ".pcapng");
  for (const Segment& s : tools::read_capture(path))
    if (s.frame <= frames) tracker.observe(s);
  return tracker;
}

/// With the whole capture known.
Annotation annotation_of(const std::string& name, std::uint32_t frame) {
  return tracker_of(name).annotate(frame - 1, Known::Final);
}
/// With nothing known of what comes after it.
Annotation annotation_in_one_pass(const std::string& name, std::uint32_t frame) {
  const Tracker tracker = tracker_of(name, frame);
  return tracker.annotate(frame - 1);
}

/// What a segment of a script's capture means.
struct Case {
  const char* capture;
  std::uint32_t frame;
  const char* meaning;
};

class Meaning : public testing::TestWithParam<Case> {};

TEST_P(Meaning, IsSaidInOneSentence) {
  const Annotation a = annotation_of(GetParam().capture, GetParam().frame);
  EXPECT_EQ(meaning_text(a, Language::English).view(), GetParam().meaning);
  const Text chinese = meaning_text(a, Language::Chinese);
  EXPECT_FALSE(chinese.empty());
  EXPECT_NE(chinese.view(), GetParam().meaning);
  EXPECT_EQ(chinese.view().find('{'), std::string_view::npos) << chinese.view();
}

// From the scripts: what each of these segments does there.
INSTANTIATE_TEST_SUITE_P(
    Segments, Meaning,
    testing::Values(
        Case{"rst_no_connection", 1, "It belongs to no connection in this capture."},
        Case{"four_segment", 1,
             "The client asks to open a connection and announces its initial sequence number "
             "(ISN)."},
        Case{"simultaneous_open", 2,
             "The server also asks to open a connection before it has received the other end's "
             "SYN: simultaneous open."},
        Case{"four_segment", 2,
             "The server agrees: it acknowledges the client's SYN and sends its own."},
        Case{"four_segment", 3,
             "The client acknowledges the server's SYN: the connection is established."},
        Case{"four_segment", 4, "The client sends 120 bytes of data."},
        Case{"four_segment", 5, "The server acknowledges everything before 121."},
        Case{"four_segment", 8,
             "The client has no more data to send and closes its direction (FIN). The server may "
             "still send."},
        Case{"four_segment", 9,
             "The server has received the client's FIN. The connection is half-closed: only the "
             "server may still send."},
        Case{"four_segment", 10,
             "The server has no more data to send either and closes its direction too (FIN)."},
        Case{"four_segment", 11,
             "The client acknowledges the last FIN: the server is closed and the client waits in "
             "TIME_WAIT for late segments."},
        Case{"three_segment", 9,
             "The server acknowledges the client's FIN and closes its own direction in the same "
             "segment: two steps in one."},
        Case{"simultaneous", 8,
             "The client closes its direction (FIN). The server does the same before it receives "
             "this FIN: simultaneous close."},
        Case{"simultaneous", 9,
             "The server closes its direction (FIN) before it has received the client's FIN: "
             "simultaneous close."},
        Case{"simultaneous", 10,
             "The server acknowledges the client's FIN. In a simultaneous close each end does this "
             "once."},
        Case{"refused", 2, "The server refuses the connection: nothing accepts it there."},
        Case{"rst_abort", 10, "The client aborts the connection (RST); data in flight is lost."},
        Case{"rst_out_of_window", 8,
             "This RST is ignored: its numbers are not acceptable and the connection continues."},
        Case{"time_wait_killed", 12,
             "The server answers with RST: it no longer has or never had this connection."},
        Case{"fin_without_ack", 8,
             "This FIN is not part of the close: its numbers are not acceptable and the server "
             "drops it."},
        Case{"synack_in_connection", 8,
             "This SYN opens no connection: the client already has this one and does not accept "
             "it."},
        Case{"synack_bad_ack", 2,
             "This SYN-ACK opens no connection: it does not answer the client's SYN and the client "
             "keeps waiting."},
        Case{"rst_foreign_path", 8,
             "This RST carries the client's address but most likely a middlebox or an attacker "
             "sent it to break the connection."},
        Case{"segment_out_of_window", 8,
             "Its numbers are not acceptable on this connection; the server drops it."},
        Case{"keepalive", 8, "The client checks whether the server is still there (keepalive)."},
        Case{"zero_window", 8,
             "The client checks whether the server's window has opened again (window probe)."},
        Case{"zero_window", 9,
             "The server acknowledges the same number again: nothing new has arrived in order "
             "(duplicate ACK)."},
        // It was answered: that its byte is sent again does not say that it was lost.
        Case{"zero_window", 10,
             "The client checks whether the server's window has opened again (window probe)."},
        Case{"zero_window", 13, "The client sends data again (retransmission)."},
        Case{"segment_in_window", 8,
             "The client sends 1 byte but earlier data is missing so far: lost or out of order."},
        Case{"half_close_not", 9,
             "The server keeps sending (100 bytes) after the client has closed its direction: "
             "half-close."},
        Case{"rst_answers_earlier", 9,
             "The client answers with RST: it no longer has or never had this connection."},
        Case{"time_wait_restart", 10,
             "The server sent this before its socket was CLOSED: it was still in flight."},
        Case{"time_wait_segment", 12,
             "The server has no more data to send either and closes its direction too (FIN). It "
             "was first seen in frame 10."},
        Case{"handshake_copied", 4,
             "The server agrees: it acknowledges the client's SYN and sends its own. It was first "
             "seen in frame 3. This is a second copy of the same segment."}),
    [](const auto& c) {
      return std::string(c.param.capture) + "_" + std::to_string(c.param.frame);
    });

// A comma is tshark's separator of several values: what a field says must not have one.
TEST(Words, OfAFieldHaveNoComma) {
  for (const Language language : {Language::English, Language::Chinese}) {
    const WordTable& w = words(language);
    const auto check = [](std::string_view text) {
      EXPECT_EQ(text.find(','), std::string_view::npos) << text;
    };
    for (const auto& steps : {w.wave_step, w.crossed_step})
      for (const std::string_view text : steps) check(text);
    for (const std::string_view text : w.handshake_step) check(text);
    for (const auto& row : w.rule) check(row.second);
    for (const auto& row : w.waiting) check(row.second);
    for (const auto& row : w.sentence) check(row.second);
  }
}

// The number that is wrong, and why; both where neither is wrong by itself.
TEST(FindingText, OfAFinThatIsNotAcceptable) {
  Annotation a;
  a.flags = {Flags::kFin | Flags::kAck};
  a.seq = 121;
  a.ack = 700401;
  const FindingHit hit{Finding::FinUnacceptable};
  EXPECT_EQ(finding_text(a, hit).view(), "Unacceptable FIN: seq 121, ack 700401");
  a.seq_check = SeqCheck::OutOfWindow;
  EXPECT_EQ(finding_text(a, hit).view(), "Unacceptable FIN: seq 121 outside the receive window");
  a.ack_check = AckCheck::BeyondSent;
  EXPECT_EQ(finding_text(a, hit).view(),
            "Unacceptable FIN: ack 700401 acknowledges data that was never sent");
  EXPECT_EQ(finding_text(a, hit, Language::Chinese).view(),
            "不可接受的 FIN：ack 700401 确认了从未发送过的数据");
}

TEST(FindingText, BeginsWithACapital) {
  Annotation a;
  a.sender = Side::Server;
  EXPECT_EQ(finding_text(a, {Finding::CloseInitiated}).view(), "Server starts the close");
  EXPECT_EQ(finding_text(a, {Finding::ConnectionRefused}).view(),
            "Connection refused: the server answers the SYN with RST");
}

Annotation plain() {
  Annotation a;
  a.tracked = true;
  a.phase = Phase::Established;
  a.seq_check = SeqCheck::Ok;
  return a;
}

TEST(Meaning, OfAnAckThatWasOvertaken) {
  Annotation a = plain();
  a.ack = 7;
  a.ack_check = AckCheck::Old;
  EXPECT_EQ(
      meaning_text(a, Language::English).view(),
      "The client acknowledges less than before: an older segment that was overtaken on the way.");
}

TEST(Meaning, OfASegmentThatDoesNothing) {
  EXPECT_EQ(meaning_text(plain(), Language::English).view(), "This segment changes nothing.");
}

TEST(Meaning, OfAResetOfASenderThatIsGone) {
  constexpr const char* kGone = "The server aborts the connection (RST); data in flight is lost.";
  const Annotation challenged = annotation_of("rst_beyond_gap", 6);
  EXPECT_FALSE(challenged.check_ok());
  EXPECT_EQ(meaning_text(challenged, Language::English).view(), kGone);
  Annotation lost = challenged;
  lost.seq_check = SeqCheck::Ok;
  lost.phase = Phase::Established;
  EXPECT_EQ(meaning_text(lost, Language::English).view(), kGone);
}

TEST(Meaning, OfAClosedSocketsAnswer) {
  const Annotation a = annotation_of("rst_orphan_data", 11);
  EXPECT_EQ(meaning_text(a, Language::English).view(),
            "The client answers with RST: it no longer has or never had this connection.");
}

TEST(Meaning, OfAnEmptySegmentAfterTheEnd) {
  Annotation a = plain();
  a.phase = Phase::Reset;
  EXPECT_EQ(meaning_text(a, Language::English).view(),
            "The connection is over; this segment is late.");
}

TEST(Lines, OfAnEndSayWhereItIsAndOnWhatGround) {
  const Annotation a = annotation_of("four_segment", 9);
  EXPECT_EQ(endpoint_text(a, Side::Client, Language::English).view(),
            "FIN_WAIT_1 → FIN_WAIT_2 (presumed: delivery is assumed until disproved)");
  EXPECT_EQ(endpoint_text(a, Side::Server, Language::English).view(),
            "CLOSE_WAIT (confirmed by frame 9)");
  const Annotation syn = annotation_in_one_pass("four_segment", 1);
  EXPECT_EQ(endpoint_text(syn, Side::Client, Language::English).view(),
            "CLOSED → SYN_SENT (sent: its own segment implies it)");
}

TEST(Lines, OfAChangeOfState) {
  const Annotation a = annotation_of("four_segment", 8);
  EXPECT_EQ(transition_text(a, Side::Client).view(), "client: ESTABLISHED -> FIN_WAIT_1");
  EXPECT_TRUE(transition_text(annotation_of("four_segment", 4), Side::Client).empty());
}

TEST(Lines, OfNumbersThatFit) {
  const Annotation a = annotation_of("four_segment", 11);
  EXPECT_EQ(checks_text(a, Language::English).view(), "✓ Numbers acceptable: seq 122, ack 402");
  EXPECT_EQ(seq_check_text(a, Language::English).view(), "✓ seq 122: in order");
  EXPECT_EQ(ack_check_text(a, Language::English).view(), "✓ ack 402: acceptable");
  ASSERT_EQ(a.rules.size(), 2U);
  EXPECT_EQ(checked_rule_text(a, a.rules[0], Language::English).view(),
            "✓ seq 122 = seq of wave step 1 (121) + 1");
  EXPECT_EQ(checked_rule_text(a, a.rules[1], Language::English).view(),
            "✓ ack 402 = seq of wave step 3 (401) + 1");
}

TEST(Lines, OfNumbersThatDoNotFit) {
  const Annotation beyond = annotation_of("segment_out_of_window", 8);
  EXPECT_FALSE(beyond.check_ok());
  const std::string all(checks_text(beyond, Language::English).view());
  EXPECT_EQ(all.rfind("✗ Numbers not acceptable: seq ", 0), 0U) << all;
  EXPECT_NE(all.find("(expected 121)"), std::string::npos) << all;
  const std::string seq(seq_check_text(beyond, Language::English).view());
  EXPECT_EQ(seq.rfind("✗ seq ", 0), 0U) << seq;
  EXPECT_NE(seq.find(" (expected 121): outside the receive window"), std::string::npos) << seq;

  const Annotation without = annotation_of("fin_without_ack", 8);
  EXPECT_EQ(ack_check_text(without, Language::English).view(), "✗ ack: missing although required");
  EXPECT_EQ(checks_text(without, Language::English).view(), "✗ Numbers not acceptable: seq 121");
}

TEST(Lines, OfARuleQuoteNoAckThatWasLost) {
  const Annotation a = annotation_of("final_ack_lost", 12);
  ASSERT_EQ(a.rules.size(), 2U);
  EXPECT_EQ(checked_rule_text(a, a.rules[0], Language::English).view(),
            "✓ seq 401 = last ack received (401)");
}

TEST(Lines, OfARuleThatARepetitionBreaksAreNoError) {
  Annotation a = plain();
  Rule rule;
  rule.ok = false;
  EXPECT_EQ(checked_rule_text(a, rule, Language::English).view().substr(0, 3), "· ");
  a.seq_check = SeqCheck::OutOfWindow;
  EXPECT_EQ(checked_rule_text(a, rule, Language::English).view().substr(0, 4), "✗ ");
}

TEST(Lines, OfTheStepsNameTheirFrames) {
  EXPECT_EQ(steps_text(annotation_of("four_segment", 9), Language::English).view(),
            "wave (handshake in frames 1, 2, 3; wave in frames 8, 9, 10, 11)");
  EXPECT_EQ(steps_text(annotation_in_one_pass("four_segment", 9), Language::English).view(),
            "wave (handshake in frames 1, 2, 3; wave in frames 8, 9, –, –)");
  EXPECT_EQ(steps_text(annotation_of("rst_no_connection", 1), Language::English).view(), "none");
  EXPECT_NE(steps_text(annotation_of("four_segment", 9), Language::Chinese).view().find("；"),
            std::string_view::npos);
}

TEST(Lines, OfAConnectionSayHowItEnded) {
  EXPECT_EQ(connection_text(annotation_of("four_segment", 11), true, Language::English).view(),
            "Connection 0: closed normally (four segments), closed first by the client");
  EXPECT_EQ(
      connection_text(annotation_in_one_pass("four_segment", 4), false, Language::English).view(),
      "Connection 0: open, as known so far");
  EXPECT_EQ(connection_text(annotation_of("rst_abort", 10), true, Language::English).view(),
            "Connection 0: reset (while open), reset by the client");
}

// What is CLOSED by the clock alone may still be in TIME_WAIT, where 2MSL is longer, and acknowledges once more.
TEST(Meaning, WhatComesAfter2MslWasNotInFlight) {
  std::vector<Segment> segments =
      tools::read_capture(std::filesystem::path(TCPWAVE_CAPTURES) / "four_segment.pcapng");
  Segment again = segments.back();
  again.time_ns += 90'000'000'000;
  again.ip_id = static_cast<std::uint16_t>(again.ip_id + 1);
  again.frame = static_cast<std::uint32_t>(segments.size() + 1);
  segments.push_back(again);
  Tracker tracker;
  tracker.observe(segments);
  ASSERT_EQ(tracker.connections(), 1U);
  const Annotation a = tracker.annotate(tracker.segments() - 1, Known::Final);
  EXPECT_EQ(meaning_text(a, Language::English).view(),
            "The connection is over; this segment is late.");
}

// A RST that answers an older segment has the ack of that: what its receiver expects by now is another number.
TEST(Lines, OfARstThatAnswersAnOlderSegment) {
  const Tracker tracker = tracker_of("rst_answers_earlier");
  int some = 0;
  for (SegmentId id = 0; id < tracker.segments(); ++id) {
    const Annotation a = tracker.annotate(id, Known::Final);
    if (!a.rst || a.seq_check != SeqCheck::Ok) continue;
    const Text text = seq_check_text(a, Language::English);
    const bool in_order = text.view().find("in order") != std::string_view::npos;
    EXPECT_EQ(in_order, a.seq_expected == a.seq) << text.view();
    some += in_order ? 0 : 1;
  }
  EXPECT_GT(some, 0);
}

// Every finding of every script: a severity, and text and explanation without a gap, in both languages.
TEST(Lines, OfFindings) {
  const Annotation a = annotation_of("refused", 2);
  ASSERT_EQ(a.findings.size(), 1U);
  EXPECT_EQ(judged_finding_text(a, a.findings[0], Language::English).view(),
            "Warning: Connection refused: the server answers the SYN with RST");
  for (const FindingInfo& row : kCatalogue) {
    const std::filesystem::path script(row.scenario);
    const auto capture =
        std::filesystem::path(TCPWAVE_CAPTURES) / (script.stem().string() + ".pcapng");
    ASSERT_TRUE(std::filesystem::exists(capture))
        << capture << " is missing: build and run scenario2pcap tests/scenarios captures";
    const Tracker tracker = tracker_of(script.stem().string());
    bool found = false;
    for (SegmentId id = 0; id < tracker.segments(); ++id) {
      const Annotation told = tracker.annotate(id, Known::Final);
      for (const FindingHit& hit : told.findings)
        for (const Language language : {Language::English, Language::Chinese}) {
          found |= hit.finding == row.finding;
          for (const Text& text :
               {judged_finding_text(told, hit, language), explanation_text(told, hit, language)}) {
            EXPECT_FALSE(text.empty()) << row.id;
            EXPECT_LT(text.view().size(), Text::kCapacity) << "cut off: " << row.id;
            EXPECT_EQ(text.view().find('{'), std::string_view::npos) << text.view();
          }
        }
    }
    EXPECT_EQ(found, row.finding != Finding::SynUnreachable)
        << row.id;  // that one is of no segment
  }
}

}  // namespace
}  // namespace tcpwave
