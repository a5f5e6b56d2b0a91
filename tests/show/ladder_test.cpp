// The ladder: what it draws, what it folds, and that its SVG is XML whatever it is made of.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/ladder.h"

#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "show/xml_reader.h"
#include "tools/capture.h"

namespace tcpwave {
namespace {

using tools::read_capture;

constexpr std::uint8_t kSyn = Flags::kSyn, kAck = Flags::kAck, kFin = Flags::kFin;
constexpr std::size_t kMaximum = 5'000'000;

Tracker tracker_of(const std::string& name) {
  Tracker tracker;
  for (const Segment& s :
       read_capture(std::filesystem::path(TCPWAVE_CAPTURES) / (name + ".pcapng")))
    tracker.observe(s);
  return tracker;
}

Ladder ladder_of(const std::string& name) { return draw_ladder(tracker_of(name), 0); }

/// A trace that is made up as it goes.
struct Trace {
  Tracker tracker;
  std::uint32_t frame = 0;
  void add(bool from_client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
           std::uint32_t payload = 0) {
    Segment s;
    s.source.octets = {192, 0, 2, 10};
    s.destination.octets = {198, 51, 100, 20};
    s.source_port = 40000;
    s.destination_port = 8000;
    if (!from_client) {
      std::swap(s.source, s.destination);
      std::swap(s.source_port, s.destination_port);
    }
    s.flags = Flags{flags};
    s.seq = Seq(seq);
    s.ack = Seq(ack);
    s.payload = payload;
    s.window = 65535;
    s.frame = ++frame;
    s.ip_id = static_cast<std::uint16_t>(frame);
    s.time_ns = std::int64_t{frame} * 1'000'000;
    tracker.observe(s);
  }
  void open() {
    add(true, kSyn, 100, 0);
    add(false, kSyn | kAck, 300, 101);
    add(true, kAck, 101, 301);
  }
};

std::size_t arrows(const Ladder& ladder) {
  std::size_t count = 0;
  for (const LadderItem& item : ladder.items) count += item.arrow ? 1 : 0;
  return count;
}

std::uint64_t segments(const Ladder& ladder) {
  std::uint64_t count = 0;
  for (const LadderItem& item : ladder.items) {
    if (item.arrow) ++count;
    for (const LadderFold::Way& way : item.fold.from) count += way.data + way.empty;
  }
  return count;
}

TEST(Ladder, OfFourSegmentsSaysWhatATextbookSays) {
  const Ladder ladder = ladder_of("kernel/close4-client");
  EXPECT_EQ(arrows(ladder), 11U);
  const std::string svg = ladder_svg(ladder);
  for (const char* word :
       {">handshake 1/3<", ">wave 1/4<", ">wave 4/4<", ">SYN seq=0<", ">FIN,ACK seq=121 ack=401<",
        ">FIN_WAIT_2<", ">CLOSE_WAIT<", ">LAST_ACK<", ">half-closed<", ">TIME_WAIT<",
        "four segments", ">data 120 bytes seq=1 ack=1<"})
    EXPECT_NE(svg.find(word), std::string::npos) << word;
}

TEST(Ladder, ALostSegmentIsDashedAndItsRepetitionSaysAgain) {
  const std::string svg = ladder_svg(ladder_of("kernel/finack-lost"));
  EXPECT_NE(svg.find("class=\"a d\""), std::string::npos);
  EXPECT_NE(svg.find(">wave 2/4 again<"), std::string::npos);
  EXPECT_NE(svg.find(">likely lost<"), std::string::npos);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

TEST(Ladder, ASegmentThatIsSentAgainSaysSoOnce) {
  // The step's own mark, and the finding's text.
  const std::string svg = ladder_svg(ladder_of("kernel/finack-lost"));
  EXPECT_EQ(count(svg, ">sent again<"), 0U);
  EXPECT_EQ(count(svg, ">FIN retransmitted (first sent in frame 8)<"), 1U);
}

TEST(Ladder, WordsStandOnWhiteAndNotesHaveALineToTheirArrow) {
  const Ladder ladder = ladder_of("kernel/finack-lost");
  const std::string svg = ladder_svg(ladder);
  const std::size_t plates = count(svg, "fill=\"#ffffff\" rx=\"3\"");
  EXPECT_EQ(plates, arrows(ladder));
  EXPECT_LT(svg.rfind("fill=\"#ffffff\" rx=\"3\""), svg.find(">SYN seq=0<"));
  EXPECT_GT(svg.find("fill=\"#ffffff\" rx=\"3\""), svg.rfind("class=\"a"));
  EXPECT_EQ(count(svg, "class=\"k\""), 3U);  // the close starts; lost; sent again
}

TEST(Ladder, TimeWaitEndsWhereThePortsAreUsedAgain) {
  const Tracker tracker = tracker_of("kernel/reuse-thrice");
  ASSERT_GT(tracker.connections(), 1U);
  const std::string first = ladder_svg(draw_ladder(tracker, 0));
  EXPECT_NE(first.find(">were used again<"), std::string::npos);
  EXPECT_EQ(first.find(">of the capture<"), std::string::npos);
  const std::string last = ladder_svg(draw_ladder(tracker, tracker.connections() - 1));
  EXPECT_EQ(last.find(">were used again<"), std::string::npos);
}

TEST(Ladder, TheSubtitleHasNoIdentifiers) {
  for (const char* name : {"kernel/close4-client", "kernel/linger0-closewait", "kernel/refused"}) {
    const std::string text = ladder_text(ladder_of(name));
    const std::string subtitle = text.substr(0, text.find("\n\n"));
    EXPECT_EQ(subtitle.find('_'), std::string::npos) << subtitle;
  }
}

TEST(Ladder, InChinese) {
  Ladder ladder = ladder_of("kernel/finack-lost");
  ladder.language = Language::Chinese;
  const std::string svg = ladder_svg(ladder), text = ladder_text(ladder);
  EXPECT_EQ(xml_fault(svg), "");
  for (const char* word : {"客户端", "服务器", "很可能丢失", "握手 1/3", "数据 120 字节"}) {
    EXPECT_NE(svg.find(word), std::string::npos) << word;
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  for (const std::string english : {"client", "later", "half-closed", "likely lost", "wave"})
    EXPECT_EQ(svg.find(">" + english), std::string::npos) << english;
}

TEST(Ladder, PlainDataIsFolded) {
  Trace trace;
  trace.open();
  for (std::uint32_t i = 0; i < 300; ++i) trace.add(true, kAck, 101 + 10 * i, 301, 10);
  const Ladder ladder = draw_ladder(trace.tracker, 0);
  EXPECT_EQ(arrows(ladder), 6U);  // the handshake, two before the fold and one after it
  EXPECT_EQ(segments(ladder), 303U);
  EXPECT_NE(ladder_text(ladder).find("client: 297 segments with 2,970 bytes"), std::string::npos);
}

TEST(Ladder, TenThousandSegmentsStaySmall) {
  Trace trace;
  trace.open();
  std::uint32_t seq = 101;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    trace.add(true, kAck, seq, 301, 10);
    if (i % 3 == 0) trace.add(true, kAck, seq, 301, 10);                 // sent again
    if (i % 5 != 0) seq += 10;                                           // and again
    if (i % 7 == 0) trace.add(true, kFin | kAck, seq + 5'000'000, 301);  // a FIN from elsewhere
  }
  const Ladder ladder = draw_ladder(trace.tracker, 0);
  EXPECT_LE(arrows(ladder), kLadderArrows);
  EXPECT_EQ(segments(ladder), trace.frame);
  const std::string svg = ladder_svg(ladder);
  EXPECT_LT(svg.size(), kMaximum);
  EXPECT_EQ(xml_fault(svg), "");
}

TEST(Ladder, EveryCaptureIsWellFormed) {
  std::size_t count = 0;
  for (const char* folder : {"", "kernel", "lwip"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(TCPWAVE_CAPTURES) / folder)) {
      if (entry.path().extension() != ".pcapng") continue;
      Tracker tracker;
      for (const Segment& s : read_capture(entry.path())) tracker.observe(s);
      for (std::uint32_t c = 0; c < tracker.connections(); ++c) {
        const Ladder ladder = draw_ladder(tracker, c);
        EXPECT_EQ(xml_fault(ladder_svg(ladder)), "") << entry.path() << " " << c;
        EXPECT_FALSE(ladder_text(ladder).empty());
        EXPECT_EQ(segments(ladder), ladder.summary.frames);
      }
      ++count;
    }
  }
  EXPECT_GT(count, 100U);
}

/// What a glance calls plain has an annotation that says nothing, and what it calls notable one that does.
void compare_glances(const Tracker& tracker, std::uint32_t connection, std::size_t& plain) {
  std::uint32_t n = 0;
  tracker.skim(connection, [&](const Glance& g) {
    ASSERT_EQ(g.id, tracker.segment_of(connection, n++));
    const Captured captured = tracker.captured(g.id);
    EXPECT_EQ(g.segment.frame, captured.frame);
    EXPECT_EQ(g.segment.sender, captured.sender);
    EXPECT_EQ(g.segment.lost, captured.lost);
    const Annotation a = tracker.annotate(g.id, Known::Final);
    EXPECT_EQ(g.again, a.seq_check == SeqCheck::Retransmission);
    bool changes = false;
    for (const EndpointView& end : a.endpoint)
      changes |= end.before != end.after || end.previous != end.after;
    const Flags f = captured.flags;
    const bool notable =
        !a.steps.empty() || f.syn() || f.fin() || f.rst() || changes || !a.check_ok();
    EXPECT_EQ(g.kind == Glance::Kind::Notable, notable) << "frame " << captured.frame;
    if (g.kind != Glance::Kind::Plain) return;
    ++plain;
    EXPECT_TRUE(a.findings.empty() && a.seq_check == SeqCheck::Ok) << "frame " << captured.frame;
    EXPECT_FALSE(captured.lost || captured.copy) << "frame " << captured.frame;
  });
  EXPECT_EQ(n, tracker.segments_of(connection));
}

// Long enough for records that are packed; here and there something happens.
TEST(Glance, SaysWhatTheAnnotationSaysOfALongConnection) {
  Trace trace;
  trace.open();
  std::uint32_t sent = 101, answered = 301;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const std::uint32_t payload = i % 2 == 0 ? 1000 : 0;
    const auto flags = static_cast<std::uint8_t>(i % 5 == 0 ? kAck | Flags::kPsh : kAck);
    if (i % 3 == 0) {
      trace.add(false, flags, answered, sent, payload);
      answered += payload;
    } else {
      trace.add(true, flags, sent, answered, payload);
      sent += payload;
    }
    if (i % 97 == 0) trace.add(true, kAck, sent - 1000, answered, 1000);  // sent again
    if (i % 211 == 0) trace.add(false, Flags::kRst, answered + 5'000'000, 0);
    if (i % 307 == 0) trace.add(true, kAck, sent, answered + 70'000);  // of nothing that was sent
  }
  std::size_t plain = 0;
  compare_glances(trace.tracker, 0, plain);
  EXPECT_GT(plain, 1000U);
}

TEST(Glance, SaysWhatTheAnnotationSays) {
  std::size_t plain = 0;
  for (const char* folder : {"", "kernel", "lwip"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(TCPWAVE_CAPTURES) / folder)) {
      if (entry.path().extension() != ".pcapng") continue;
      SCOPED_TRACE(entry.path());
      // Who looks asks about other segments meanwhile: nothing may be laid down under its hands.
      Tracker tracker(Settings{.model_bytes = 0});
      for (const Segment& s : read_capture(entry.path())) tracker.observe(s);
      for (std::uint32_t c = 0; c < tracker.connections(); ++c) compare_glances(tracker, c, plain);
    }
  }
  EXPECT_GT(plain, 1000U);
}

TEST(Ladder, NothingComesFromOutside) {
  const std::string svg = ladder_svg(ladder_of("kernel/linger0-closewait"));
  for (const char* word :
       {"<script", "href", "url(", "@import", "<image", "<foreignObject", "onload="})
    EXPECT_EQ(svg.find(word), std::string::npos) << word;
}

TEST(Xml, HostileTextIsMadeHarmless) {
  EXPECT_EQ(xml_escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(xml_escaped("µ → €"), "µ → €");
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(xml_escaped(std::string("\0\x1b\n", 3)), replacement + replacement + replacement);
  EXPECT_EQ(xml_escaped("\xff"), replacement);
  EXPECT_EQ(xml_escaped("\xc0\x80"), replacement + replacement);                    // overlong
  EXPECT_EQ(xml_escaped("\xed\xa0\x80"), replacement + replacement + replacement);  // surrogate
  EXPECT_EQ(xml_escaped("\xe2\x82"), replacement + replacement);                    // cut off
  EXPECT_EQ(xml_escaped("\xef\xbf\xbf"), replacement + replacement + replacement);
}

}  // namespace
}  // namespace tcpwave
