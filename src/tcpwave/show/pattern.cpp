// See pattern.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/pattern.h"

namespace tcpwave {
namespace {

Side active_closer(const Annotation& a) {
  return a.active_closer == ActiveCloser::Server ? Side::Server : Side::Client;
}

std::uint32_t original_frame(const Annotation& a) {
  for (const StepMark& step : a.steps)
    if (step.repeated) return step.original_frame;
  return kNoFrame;
}

/// `ack 700401 acknowledges data that was never sent`: the number that is not acceptable and why; both
/// numbers where neither is wrong by itself.
void fault(Text& text, const Annotation& a, const WordTable& words) {
  const bool ack_wrong = a.ack_check == AckCheck::BeyondSent || a.ack_check == AckCheck::Wrong;
  const bool seq_wrong = a.seq_check == SeqCheck::OutOfWindow || a.seq_check == SeqCheck::Wrong;
  if (ack_wrong && a.ack) {
    text << "ack " << *a.ack << " " << word(words.ack_check, a.ack_check);
    return;
  }
  text << "seq " << a.seq;
  if (seq_wrong)
    text << " " << word(words.seq_check, a.seq_check);
  else if (a.ack)
    text << word(words.glue, Glue::Comma) << "ack " << *a.ack;
}

/// The line of a finding begins with a capital, also where it begins with the name of an end.
void capitalized(Text& text, std::string_view name) {
  const char first = name.front();
  const bool lower = first >= 'a' && first <= 'z';
  text << static_cast<char>(lower ? first - 'a' + 'A' : first) << name.substr(1);
}

void value_of(Text& text, std::string_view key, const PatternValues& values) {
  const Annotation& a = values.annotation;
  const auto side = [&](Side s) {
    const std::string_view name = word(values.words.side, s);
    if (values.hit != nullptr && text.empty())
      capitalized(text, name);
    else
      text << name;
  };
  if (key == "sender") side(a.sender);
  if (key == "receiver") side(other(a.sender));
  if (key == "active") side(active_closer(a));
  if (key == "passive") side(other(active_closer(a)));
  if (key == "octets") text << a.payload;
  if (key == "s" && a.payload != 1) text << "s";
  if (key == "ack" && a.ack) text << *a.ack;
  if (key == "original") text << original_frame(a);
  if (key == "fault") fault(text, a, values.words);
  if (key == "1" && values.hit != nullptr) text << values.hit->first;
  if (key == "2" && values.hit != nullptr) text << values.hit->second;
  if (key == "3" && values.hit != nullptr) text << values.hit->third;
  if (key == "4" && values.hit != nullptr) text << values.hit->fourth;
  if (key == "idle" && a.reset_idle_ns)
    text << static_cast<std::uint32_t>(*a.reset_idle_ns / 1'000'000'000);
}

}  // namespace

void fill(Text& text, std::string_view pattern, const PatternValues& values) {
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    text << pattern.substr(0, open);
    if (open == std::string_view::npos) return;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos) return;
    value_of(text, pattern.substr(open + 1, close - open - 1), values);
    pattern = pattern.substr(close + 1);
  }
}

}  // namespace tcpwave
