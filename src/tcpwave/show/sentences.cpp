// See sentences.h. First which sentence fits a segment, then the lines.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/sentences.h"

#include "tcpwave/catalogue.h"
#include "tcpwave/show/pattern.h"

namespace tcpwave {
namespace {

bool is_step(const Annotation& a, Phase phase, unsigned number) {
  for (const StepMark& step : a.steps)
    if (step.phase == phase && step.number == number) return true;
  return false;
}

Sentence of_handshake(const Annotation& a) {
  if (is_step(a, Phase::Handshake, 3)) return Sentence::ThirdAck;
  if (is_step(a, Phase::Handshake, 2)) return Sentence::SynAck;
  return a.sender == Side::Server ? Sentence::CrossedSyn : Sentence::Syn;
}

Sentence of_wave(const Annotation& a) {
  const bool crossed = a.active_closer == ActiveCloser::Both;
  const bool second = is_step(a, Phase::Wave, 2);
  if (is_step(a, Phase::Wave, 1)) return crossed ? Sentence::CrossedFirstFin : Sentence::FirstFin;
  if (is_step(a, Phase::Wave, 3)) {
    if (crossed) return Sentence::CrossedSecondFin;
    return second ? Sentence::AckAndSecondFin : Sentence::SecondFin;
  }
  if (crossed) return Sentence::CrossedAck;
  return second ? Sentence::AckOfFirstFin : Sentence::LastAck;
}

bool has(const Annotation& a, Finding finding) {
  for (const FindingHit& hit : a.findings)
    if (hit.finding == finding) return true;
  return false;
}

/// A closed socket's answer, and no abort.
bool is_answer(const Annotation& a) {
  if (has(a, Finding::RstCloserGone)) return !a.flags.ack();
  if (has(a, Finding::RstRepeated)) return !a.flags.ack() && a.check_ok();
  return has(a, Finding::RstOrphanData) || has(a, Finding::RstUnknownConnection);
}

Sentence of_reset(const Annotation& a) {
  if (has(a, Finding::RstForeignPath)) return Sentence::ForeignReset;
  if (is_answer(a)) return Sentence::ResetLate;
  const State target = a.endpoint[static_cast<std::size_t>(other(a.sender))].before;
  const EndpointView& sender = a.endpoint[static_cast<std::size_t>(a.sender)];
  // Its sender is gone though the RST is lost, or its receiver challenges it.
  const bool left = sender.before != sender.after && sender.after == State::Closed;
  if (!a.check_ok()) return left ? Sentence::Reset : Sentence::ResetIgnored;
  if (target == State::Closed || target == State::TimeWait) return Sentence::ResetLate;
  if (target == State::SynSent) return Sentence::Refusal;
  return left || a.phase == Phase::Reset ? Sentence::Reset : Sentence::ResetIgnored;
}

Sentence of_data(const Annotation& a) {
  if (a.seq_check == SeqCheck::Gap) return Sentence::DataAfterGap;
  const State sender = a.endpoint[static_cast<std::size_t>(a.sender)].after;
  return sender == State::CloseWait ? Sentence::HalfCloseData : Sentence::Data;
}

/// A closed socket sends nothing but RSTs. That TIME_WAIT is over by now is only what the clock says.
bool was_closed(const Annotation& a) {
  const EndpointView& sender = a.endpoint[static_cast<std::size_t>(a.sender)];
  return sender.before == State::Closed && sender.basis != Basis::Timer && !a.copy;
}

Sentence of_rejected_syn(const Annotation& a) {
  const State target = a.endpoint[static_cast<std::size_t>(other(a.sender))].before;
  return target == State::SynSent && a.flags.ack() ? Sentence::SynAckRejected
                                                   : Sentence::SynRejected;
}

Sentence of_other(const Annotation& a) {
  if (a.flags.rst()) return of_reset(a);
  if (a.flags.syn()) return of_rejected_syn(a);
  if (!a.check_ok()) return a.flags.fin() ? Sentence::FinRejected : Sentence::NumbersRejected;
  if (a.seq_check == SeqCheck::Keepalive) return Sentence::Keepalive;
  if (a.seq_check == SeqCheck::WindowProbe) return Sentence::WindowProbe;
  if (has(a, Finding::ChallengeAck)) return Sentence::ChallengeAck;
  if (was_closed(a)) return Sentence::SentBeforeEnd;
  if (a.phase == Phase::Reset) return Sentence::LateSegment;
  if (a.seq_check == SeqCheck::Retransmission && a.payload > 0) return Sentence::DataAgain;
  if (a.payload > 0) return of_data(a);
  if (a.phase == Phase::Closed) return Sentence::LateSegment;
  if (a.ack_check == AckCheck::Old) return Sentence::OldAck;
  if (a.ack_check == AckCheck::Duplicate) return Sentence::DuplicateAck;
  return a.ack ? Sentence::Ack : Sentence::Other;
}

Sentence sentence_of(const Annotation& a) {
  if (!a.tracked) return Sentence::NoConnection;
  if (a.steps.empty()) return of_other(a);
  for (const StepMark& step : a.steps)
    if (step.phase == Phase::Wave) return of_wave(a);
  return of_handshake(a);
}

bool repeats(const Annotation& a) {
  for (const StepMark& step : a.steps)
    if (step.repeated && step.original_frame != kNoFrame) return true;
  return false;
}

const char* tick(bool ok) { return ok ? "✓ " : "✗ "; }

void number_checked(Text& text, const char* what, std::uint32_t number,
                    const std::optional<std::uint32_t>& expected, const WordTable& w) {
  text << what << number;
  if (expected && *expected != number)
    text << word(w.glue, Glue::Open) << word(w.glue, Glue::ExpectedNumber) << *expected
         << word(w.glue, Glue::Close);
}

template <std::size_t kSize>
void frames(Text& text, Phase phase, const std::array<std::uint32_t, kSize>& list,
            const WordTable& w) {
  text << word(w.phase, phase) << word(w.glue, Glue::InFrames);
  for (std::size_t i = 0; i < kSize; ++i) {
    if (i > 0) text << word(w.glue, Glue::ListComma);
    if (list[i] == kNoFrame)
      text << word(w.glue, Glue::FrameMissing);
    else
      text << list[i];
  }
}

template <std::size_t kSize>
bool any(const std::array<std::uint32_t, kSize>& list) {
  for (const std::uint32_t frame : list)
    if (frame != kNoFrame) return true;
  return false;
}

}  // namespace

Text meaning_text(const Annotation& a, Language language) {
  const WordTable& w = words(language);
  const PatternValues values{a, w};
  Text text;
  fill(text, word(w.sentence, sentence_of(a)), values);
  const auto add = [&](Sentence s) { fill(text, word(w.sentence, s), values); };
  if (repeats(a)) add(Sentence::Again);
  if (a.copy) add(Sentence::Copy);
  if (a.lost && !a.copy) add(Sentence::Lost);
  return text;
}

Text endpoint_text(const Annotation& a, Side side, Language language) {
  const WordTable& w = words(language);
  const EndpointView& view = a.endpoint[static_cast<std::size_t>(side)];
  Text text;
  if (view.before != view.after) text << name(view.before) << " → ";
  text << name(view.after) << word(w.glue, Glue::Open);
  if (view.basis == Basis::Confirmed && view.proof_frame != kNoFrame)
    text << word(w.glue, Glue::ConfirmedByFrame) << view.proof_frame;
  else
    text << word(w.basis, view.basis);
  return text << word(w.glue, Glue::Close);
}

Text checks_text(const Annotation& a, Language language) {
  const WordTable& w = words(language);
  Text text(tick(a.check_ok()));
  text << word(w.glue, a.check_ok() ? Glue::NumbersFit : Glue::NumbersDoNotFit)
       << word(w.glue, Glue::Colon);
  number_checked(text, "seq ", a.seq, a.seq_expected, w);
  if (!a.ack) return text;
  text << word(w.glue, Glue::Comma);
  number_checked(text, "ack ", *a.ack, a.ack_expected, w);
  return text;
}

Text checked_rule_text(const Annotation& a, const Rule& rule, Language language) {
  // The rules are those of segments in order; one that is sent again is no error.
  Text text(rule.ok || !a.check_ok() ? tick(rule.ok) : "· ");
  return text << rule_text(rule, language).view();
}

Text seq_check_text(const Annotation& a, Language language) {
  const WordTable& w = words(language);
  Text text(tick(a.seq_check != SeqCheck::OutOfWindow && a.seq_check != SeqCheck::Wrong));
  number_checked(text, "seq ", a.seq, a.seq_expected, w);
  // A bare RST has the ack of what it answers, which may be behind by now.
  const bool elsewhere = a.rst && a.seq_check == SeqCheck::Ok && a.seq_expected != a.seq;
  return text << word(w.glue, Glue::Colon)
              << (elsewhere ? word(w.ack_check, AckCheck::Ok) : word(w.seq_check, a.seq_check));
}

Text ack_check_text(const Annotation& a, Language language) {
  const WordTable& w = words(language);
  Text text(tick(a.ack_check != AckCheck::BeyondSent && a.ack_check != AckCheck::Missing &&
                 a.ack_check != AckCheck::Wrong));
  if (a.ack)
    number_checked(text, "ack ", *a.ack, a.ack_expected, w);
  else
    text << "ack";
  return text << word(w.glue, Glue::Colon) << word(w.ack_check, a.ack_check);
}

Text steps_text(const Annotation& a, Language language) {
  const WordTable& w = words(language);
  Text text(word(w.phase, a.phase));
  const bool some = any(a.handshake_frame) || any(a.wave_frame);
  if (some) text << word(w.glue, Glue::Open);
  if (any(a.handshake_frame)) frames(text, Phase::Handshake, a.handshake_frame, w);
  if (any(a.handshake_frame) && any(a.wave_frame))
    text << (language == Language::Chinese ? "；" : "; ");
  if (any(a.wave_frame)) frames(text, Phase::Wave, a.wave_frame, w);
  if (some) text << word(w.glue, Glue::Close);
  return text;
}

Text connection_text(const Annotation& a, bool final, Language language) {
  const WordTable& w = words(language);
  Text text;
  text << word(w.glue, Glue::ConnectionNumber) << a.connection << word(w.glue, Glue::Colon)
       << word(w.outcome, a.outcome);
  if (a.outcome_kind != OutcomeKind::None)
    text << word(w.glue, Glue::Open) << word(w.outcome_kind, a.outcome_kind)
         << word(w.glue, Glue::Close);
  if (a.active_closer != ActiveCloser::None)
    text << word(w.glue, Glue::Comma) << word(w.glue, Glue::ClosedFirstBy)
         << word(w.closer, a.active_closer);
  if (a.reset_by != ResetBy::None)
    text << word(w.glue, Glue::Comma) << word(w.glue, Glue::ResetBy)
         << word(w.reset_by, a.reset_by);
  if (!final) text << word(w.glue, Glue::Comma) << word(w.glue, Glue::SoFar);
  return text;
}

Text judged_finding_text(const Annotation& a, const FindingHit& hit, Language language) {
  const WordTable& w = words(language);
  Text text(word(w.severity, info(hit.finding).severity));
  return text << word(w.glue, Glue::Colon) << finding_text(a, hit, language).view();
}

Text explanation_text(const Annotation& a, const FindingHit& hit, Language language) {
  Text text;
  fill(text, info(hit.finding).words(language).explanation,
       PatternValues{a, words(language), &hit});
  return text;
}

}  // namespace tcpwave
