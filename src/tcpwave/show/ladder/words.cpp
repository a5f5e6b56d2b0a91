// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/ladder/words.h"

#include <cstdio>
#include <cstdlib>

#include "tcpwave/address.h"
#include "tcpwave/catalogue.h"

namespace tcpwave::ladder_words {
namespace {

constexpr double kSecond = 1e9;

std::string number(const char* format, double value) {
  std::array<char, 64> digits{};
  std::snprintf(digits.data(), digits.size(), format, value);
  return digits.data();
}

/// `359,104`
std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string counted(std::uint64_t n, const char* what) {
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

std::string way_text(const LadderFold::Way& way, Side from) {
  std::string text = std::string(name(from)) + ": ";
  if (way.data > 0) text += counted(way.data, "segment") + " with " + counted(way.octets, "byte");
  if (way.empty > 0) text += (way.data > 0 ? ", " : "") + counted(way.empty, "ACK");
  if (way.again > 0) text += ", " + grouped(way.again) + " of them sent again";
  if (way.lost > 0) text += ", " + grouped(way.lost) + " likely lost";
  return text;
}

}  // namespace

std::string title(const Ladder& ladder) {
  const Ends& ends = ladder.summary.ends;
  return std::string(address_text(ends.address[0], ends.port[0]).view()) + " (client) to " +
         std::string(address_text(ends.address[1], ends.port[1]).view()) + " (server)";
}

std::string verdict(const Ladder& ladder) {
  const ConnectionSummary& s = ladder.summary;
  std::string text(name(s.outcome));
  if (s.outcome_kind != OutcomeKind::None) text += " (" + std::string(name(s.outcome_kind)) + ")";
  if (s.closed_first_by != ActiveCloser::None)
    text += ", closed first by " + std::string(name(s.closed_first_by));
  if (s.reset_by != ResetBy::None) text += ", reset by " + std::string(name(s.reset_by));
  if (s.reset_cause) text += " (" + std::string(info(*s.reset_cause).id) + ")";
  text += "; " + counted(s.frames, "segment") + " in " + span(s.duration_ns);
  if (s.handshake_rtt_ns) text += "; handshake " + span(*s.handshake_rtt_ns);
  return text;
}

std::string segment(const LadderArrow& arrow) {
  const Annotation& a = arrow.annotation;
  std::string text = flags_text(arrow.segment.flags) + " seq=" + std::to_string(a.seq);
  if (a.ack) text += " ack=" + std::to_string(*a.ack);
  if (arrow.segment.payload > 0) text += " len=" + std::to_string(arrow.segment.payload);
  return text;
}

std::string step(const LadderArrow& arrow) {
  return std::string(short_mark(arrow.annotation).view());
}

std::vector<Note> notes(const LadderArrow& arrow) {
  std::vector<Note> lines;
  const Annotation& a = arrow.annotation;
  if (arrow.segment.lost) lines.push_back({"likely lost", Severity::Note});
  if (arrow.segment.copy) lines.push_back({"second copy of the same segment", Severity::Note});
  if (a.seq_check == SeqCheck::Retransmission && !arrow.segment.copy)
    lines.push_back({"sent again", Severity::Note});
  if (a.seq_check != SeqCheck::Ok && a.seq_check != SeqCheck::Retransmission)
    lines.push_back({"seq: " + std::string(name(a.seq_check)), Severity::Note});
  for (const FindingHit& hit : a.findings)
    lines.push_back({std::string(finding_text(a, hit).view()), info(hit.finding).severity});
  return lines;
}

std::vector<std::string> folded(const LadderFold& fold) {
  std::vector<std::string> lines;
  for (const Side side : {Side::Client, Side::Server}) {
    const LadderFold::Way& way = fold.from[static_cast<std::size_t>(side)];
    if (way.data + way.empty > 0) lines.push_back(way_text(way, side));
  }
  if (fold.other > 0) lines.push_back(grouped(fold.other) + " of them steps, resets or unusual");
  lines.push_back("frames " + std::to_string(fold.first_frame) + " to " +
                  std::to_string(fold.last_frame) + ", " + span(fold.last_ns - fold.first_ns));
  return lines;
}

std::string span(std::int64_t ns) {
  const double seconds = static_cast<double>(ns) / kSecond;
  const double size = std::abs(seconds);
  if (ns == 0) return "0 s";
  if (size < 1e-3) return number("%.3g µs", seconds * 1e6);
  if (size < 1) return number("%.3g ms", seconds * 1e3);
  return number(size < 100 ? "%.3g s" : "%.0f s", seconds);
}

std::string clock(const Ladder& ladder, std::int64_t time_ns) {
  return number("%.6f", static_cast<double>(time_ns - ladder.capture_start_ns) / kSecond);
}

}  // namespace tcpwave::ladder_words
