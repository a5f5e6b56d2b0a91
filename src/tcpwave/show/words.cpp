// The short texts of an annotation: every word that tcpwave shows comes from here or from
// sentences.cpp, once for all who show it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/show/words.h"

#include "tcpwave/catalogue.h"
#include "tcpwave/show/pattern.h"
#include "tcpwave/show/words_tables.h"

namespace tcpwave {
namespace {

const char* steps_in(Phase phase) { return phase == Phase::Handshake ? "/3" : "/4"; }

std::string_view step_words(const Annotation& a, const StepMark& mark, const WordTable& w) {
  const std::size_t i = mark.number - 1U;
  if (mark.phase == Phase::Handshake) return w.handshake_step[i];
  return a.active_closer == ActiveCloser::Both ? w.crossed_step[i] : w.wave_step[i];
}

void state_change(Text& text, std::string_view who, const EndpointView& view) {
  text << who << " ";
  if (view.before != view.after) text << name(view.before) << " → ";
  text << name(view.after);
}

/// `wave 2+3/4`
void step_list(Text& text, const Annotation& a, const WordTable& w) {
  Phase phase = Phase::None;
  bool again = !a.steps.empty();
  for (const StepMark& mark : a.steps) {
    if (mark.phase == phase) {
      text << "+";
    } else {
      if (phase != Phase::None) text << steps_in(phase) << word(w.glue, Glue::Comma);
      text << word(w.phase, mark.phase) << " ";
      phase = mark.phase;
    }
    text << static_cast<char>('0' + mark.number);
    again &= mark.repeated;
  }
  if (phase != Phase::None) text << steps_in(phase);
  if (again) text << " " << word(w.glue, Glue::Quiet);
}

}  // namespace

const WordTable& words(Language language) {
  return language == Language::Chinese ? chinese_words() : english_words();
}

Text step_text(const Annotation& a, const StepMark& mark, Language language) {
  const WordTable& w = words(language);
  Text text;
  text << word(w.phase, mark.phase) << " " << static_cast<std::uint32_t>(mark.number)
       << steps_in(mark.phase) << word(w.glue, Glue::Colon) << step_words(a, mark, w);
  if (mark.repeated)
    text << word(w.glue, Glue::Open) << word(w.glue, Glue::Quiet) << word(w.glue, Glue::Close);
  return text;
}

Text rule_text(const Rule& rule, Language language) {
  const bool of_seq = rule.kind == RuleKind::SeqAfterSyn || rule.kind == RuleKind::SeqIsLastAck ||
                      rule.kind == RuleKind::SeqOfSecondFin ||
                      rule.kind == RuleKind::SeqAfterFirstFin;
  const bool plus_one =
      rule.kind != RuleKind::SeqIsLastAck && rule.kind != RuleKind::SeqOfSecondFin;
  Text text;
  text << (of_seq ? "seq " : "ack ") << rule.actual << (rule.ok ? " = " : " ≠ ")
       << word(words(language).rule, rule.kind) << " (" << rule.base << ")";
  if (rule.data > 0) text << " + " << rule.data;
  if (plus_one) text << " + 1";
  return text;
}

Text waiting_text(const Annotation& a, Language language) {
  const WordTable& w = words(language);
  Text text;
  fill(text, word(w.waiting, a.waiting_for), PatternValues{a, w});
  return text;
}

Text headline(const Annotation& a, Language language) {
  const WordTable& w = words(language);
  Text text;
  step_list(text, a, w);
  if (a.steps.empty()) text << word(w.phase, a.phase);
  text << word(w.glue, Glue::Comma);
  state_change(text, word(w.side, Side::Client), a.client());
  text << word(w.glue, Glue::Comma);
  state_change(text, word(w.side, Side::Server), a.server());
  return text;
}

Text short_mark(const Annotation& a, Language language) {
  Text text;
  step_list(text, a, words(language));
  if (a.rst) text << (a.check_ok() ? "RST" : "RST ✗");
  return text;
}

Text finding_text(const Annotation& a, const FindingHit& hit, Language language) {
  Text text;
  fill(text, info(hit.finding).words(language).text, PatternValues{a, words(language), &hit});
  if (a.rst && a.reset_after_silence && a.reset_cause == hit.finding)
    fill(text, word(words(language).glue, Glue::AfterSilence), PatternValues{a, words(language)});
  return text;
}

}  // namespace tcpwave
