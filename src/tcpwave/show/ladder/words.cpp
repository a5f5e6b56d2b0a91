// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/ladder/words.h"

#include <cstdlib>

#include "tcpwave/address.h"
#include "tcpwave/catalogue.h"
#include "tcpwave/show/decimal.h"
#include "tcpwave/show/finding_titles.h"
#include "tcpwave/show/words.h"

namespace tcpwave::ladder_words {
namespace {

constexpr double kSecond = 1e9;

const char* pick(Language language, const char* english, const char* chinese) {
  return language == Language::English ? english : chinese;
}

/// `359,104`
std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

/// `12 segments`, `12 个报文段`
std::string counted(std::uint64_t n, const char* what, const char* chinese, Language language) {
  if (language != Language::English) return grouped(n) + " " + chinese;
  return grouped(n) + " " + what + (n == 1 ? "" : "s");
}

std::string flags_text(Flags flags) {
  struct Name {
    std::uint8_t bit;
    const char* name;
  };
  static constexpr std::array<Name, 5> kNames{{{Flags::kSyn, "SYN"},
                                               {Flags::kFin, "FIN"},
                                               {Flags::kRst, "RST"},
                                               {Flags::kUrg, "URG"},
                                               {Flags::kAck, "ACK"}}};
  std::string text;
  for (const Name& flag : kNames)
    if ((flags.bits & flag.bit) != 0) text += (text.empty() ? "" : ",") + std::string(flag.name);
  return text.empty() ? "no flags" : text;
}

std::string way_text(const LadderFold::Way& way, Side from, Language l) {
  const WordTable& w = words(l);
  std::string text = std::string(word(w.side, from)) + std::string(word(w.glue, Glue::Colon));
  const std::string comma(word(w.glue, Glue::Comma));
  if (way.data > 0)
    text += counted(way.data, "segment", "个报文段", l) + pick(l, " with ", "，共 ") +
            counted(way.octets, "byte", "字节", l);
  if (way.empty > 0) text += (way.data > 0 ? comma : "") + counted(way.empty, "ACK", "个 ACK", l);
  if (way.again > 0)
    text += comma + (l == Language::English ? grouped(way.again) + " of them sent again"
                                            : "其中 " + grouped(way.again) + " 个重传");
  if (way.lost > 0)
    text += comma + (l == Language::English ? grouped(way.lost) + " likely lost"
                                            : grouped(way.lost) + " 个很可能丢失");
  return text;
}

/// Beside an arrow each text stands once.
void add_once(std::vector<Note>& notes, const std::string& text, Severity severity) {
  for (const Note& note : notes)
    if (note.text == text) return;
  notes.push_back({text, severity});
}

}  // namespace

std::string title(const Ladder& ladder) {
  const Ends& ends = ladder.summary.ends;
  const std::string client(address_text(ends.address[0], ends.port[0]).view());
  const std::string server(address_text(ends.address[1], ends.port[1]).view());
  const std::string number = std::to_string(ladder.summary.number);
  if (ladder.language != Language::English)
    return "连接 " + number + "：" + client + "（客户端）到 " + server + "（服务器）";
  return "Connection " + number + ": " + client + " (client) to " + server + " (server)";
}

std::string verdict(const Ladder& ladder) {
  const ConnectionSummary& s = ladder.summary;
  const Language l = ladder.language;
  const WordTable& w = words(l);
  const std::string comma(word(w.glue, Glue::Comma)), stop = pick(l, "; ", "；");
  std::string text(word(w.outcome, s.outcome));
  if (s.outcome_kind != OutcomeKind::None)
    text += std::string(word(w.glue, Glue::Open)) +
            std::string(word(w.outcome_kind, s.outcome_kind)) +
            std::string(word(w.glue, Glue::Close));
  if (s.closed_first_by != ActiveCloser::None)
    text += comma + std::string(word(w.glue, Glue::ClosedFirstBy)) +
            std::string(word(w.closer, s.closed_first_by));
  if (s.reset_by != ResetBy::None)
    text += comma + std::string(word(w.glue, Glue::ResetBy)) +
            std::string(word(w.reset_by, s.reset_by));
  if (s.reset_cause) text += std::string(word(w.glue, Glue::Colon)) + title(*s.reset_cause, l);
  text += stop + counted(s.frames, "segment", "个报文段", l) + pick(l, " in ", "，历时 ") +
          span(s.duration_ns);
  if (s.handshake_rtt_ns) text += stop + pick(l, "handshake ", "握手 ") + span(*s.handshake_rtt_ns);
  return text;
}

std::string segment(const LadderArrow& arrow, Language l) {
  const Annotation& a = arrow.annotation;
  const Flags flags = arrow.segment.flags;
  const bool data = arrow.segment.payload > 0;
  const bool control = flags.syn() || flags.fin() || flags.rst();
  const std::string bytes = counted(arrow.segment.payload, "byte", "字节", l);
  std::string text = data && !control ? pick(l, "data ", "数据 ") + bytes : flags_text(flags);
  text += " seq=" + std::to_string(a.seq);
  if (a.ack) text += " ack=" + std::to_string(*a.ack);
  if (data && control) text += pick(l, " + data ", " + 数据 ") + bytes;
  return text;
}

std::string step(const LadderArrow& arrow, Language l) {
  return std::string(short_mark(arrow.annotation, l).view());
}

std::vector<Note> notes(const LadderArrow& arrow, Language l) {
  std::vector<Note> lines;
  const Annotation& a = arrow.annotation;
  if (arrow.segment.lost) add_once(lines, pick(l, "likely lost", "很可能丢失"), Severity::Note);
  if (arrow.segment.copy)
    add_once(lines, pick(l, "second copy of the same segment", "此前已抓到：副本"), Severity::Note);
  bool says_again = arrow.segment.copy;  // a step's own mark does
  for (const StepMark& mark : a.steps) says_again |= mark.repeated;
  if (a.seq_check == SeqCheck::Retransmission && !says_again)
    add_once(lines, pick(l, "sent again", "重传"), Severity::Note);
  if (a.seq_check != SeqCheck::Ok && a.seq_check != SeqCheck::Retransmission)
    add_once(lines, "seq: " + std::string(word(words(l).seq_check, a.seq_check)), Severity::Note);
  for (const FindingHit& hit : a.findings)
    add_once(lines, std::string(finding_text(a, hit, l).view()), info(hit.finding).severity);
  return lines;
}

std::vector<std::string> folded(const LadderFold& fold, Language l) {
  std::vector<std::string> lines;
  for (const Side side : {Side::Client, Side::Server}) {
    const LadderFold::Way& way = fold.from[static_cast<std::size_t>(side)];
    if (way.data + way.empty > 0) lines.push_back(way_text(way, side, l));
  }
  if (fold.other > 0)
    lines.push_back(l == Language::English
                        ? grouped(fold.other) + " of them steps, resets or unusual"
                        : "其中 " + grouped(fold.other) + " 个是步骤、重置或异常");
  const std::string first = std::to_string(fold.first_frame),
                    last = std::to_string(fold.last_frame);
  lines.push_back((l == Language::English ? "frames " + first + " to " + last + ", "
                                          : "帧 " + first + " 到 " + last + "，") +
                  span(fold.last_ns - fold.first_ns));
  return lines;
}

std::string span(std::int64_t ns) {
  constexpr int kThree = 3;
  const double seconds = static_cast<double>(ns) / kSecond;
  const double size = std::abs(seconds);
  if (ns == 0) return "0 s";
  if (size < 1e-3) return significant(seconds * 1e6, kThree) + " µs";
  if (size < 1) return significant(seconds * 1e3, kThree) + " ms";
  return (size < 100 ? significant(seconds, kThree) : fixed(seconds, 0)) + " s";
}

std::string clock(const Ladder& ladder, std::int64_t time_ns) {
  constexpr int kMicroseconds = 6;
  return fixed(static_cast<double>(time_ns - ladder.capture_start_ns) / kSecond, kMicroseconds);
}

const char* say(Phrase phrase, Language language) {
  static constexpr std::array<std::array<const char*, kLanguages>, kPhrases> kTexts{
      {{"client", "客户端"},
       {"server", "服务器"},
       {"frame, time (s)", "帧，时间（秒）"},
       {"time (s)", "时间（秒）"},
       {"frame", "帧"},
       {"end", "结束"},
       {"folded:", "已折叠："},
       {" later", " 之后"},
       {"half-closed", "半关闭"},
       {"to the end", "直到"},
       {"of the capture", "抓包结束"},
       {"until the ports", "直到端口"},
       {"were used again", "被再次使用"},
       {"Times are the capture's. States are those after each segment, as RFC 9293 names them. "
        "Arrows "
        "lean by the order in which segments left and arrived, not to scale.",
        "时间为抓包时间。状态为每个报文段之后的状态，名称依 RFC "
        "9293。箭头的倾斜只表示发出与到达的先后，不按比例。"}}};
  return kTexts[static_cast<std::size_t>(phrase)][static_cast<std::size_t>(language)];
}

}  // namespace tcpwave::ladder_words
