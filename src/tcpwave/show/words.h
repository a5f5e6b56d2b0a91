// What the words of an annotation are in each language: one table per language, keyed by the same
// enumerators.
//
// A table that lacks a word, or has its rows in another order than the enumeration, does not compile.
// Only what is shown to a person is here: the values that filters compare with (annotation.h, `name`)
// are the same in every language.
//
// In a pattern, {sender} and {receiver} stand for the ends of the segment, {active} and {passive} for
// the first closer and the other end, {octets} for the payload's bytes and {s} for the plural of them,
// {ack} for its acknowledgment number, {original} for the frame that it repeats, {fault} for the number
// that is not acceptable and why, {1} and {2} for the numbers of a finding.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "tcpwave/annotation.h"

namespace tcpwave {

/// What a segment means, in one plain sentence. The last three are added to another one.
enum class Sentence : std::uint8_t {
  NoConnection,
  Syn,
  CrossedSyn,
  SynAck,
  ThirdAck,
  FirstFin,
  AckOfFirstFin,
  AckAndSecondFin,
  SecondFin,
  LastAck,
  CrossedFirstFin,
  CrossedSecondFin,
  CrossedAck,
  Refusal,
  Reset,
  ForeignReset,
  ResetIgnored,
  ResetLate,
  FinRejected,
  SynRejected,
  SynAckRejected,
  NumbersRejected,
  Keepalive,
  WindowProbe,
  DataAgain,
  DataAfterGap,
  HalfCloseData,
  Data,
  ChallengeAck,
  DuplicateAck,
  OldAck,
  Ack,
  SentBeforeEnd,
  LateSegment,
  Other,
  Again,
  Copy,
  Lost,
};
inline constexpr std::size_t kSentences = static_cast<std::size_t>(Sentence::Lost) + 1;

/// The other words between the values.
enum class Glue : std::uint8_t {
  Colon,      // after a label
  Comma,      // between parts of a sentence
  ListComma,  // between numbers
  Open,       // a remark,
  Close,      // ... its end
  Quiet,      // after a phase or step that is not the first time
  Seconds,
  ExpectedNumber,  // before a number
  NumbersFit,
  NumbersDoNotFit,
  InFrames,  // before frame numbers
  ClosedFirstBy,
  ResetBy,
  ConfirmedByFrame,  // before a frame number
  SoFar,
  ConnectionNumber,
  FrameMissing,  // instead of a frame number
  AfterSilence,  // behind the cause of a reset
};
inline constexpr std::size_t kGlues = static_cast<std::size_t>(Glue::AfterSilence) + 1;

template <class Key, std::size_t kSize>
using Keyed = std::array<std::pair<Key, std::string_view>, kSize>;

struct WordTable {
  Keyed<Side, 2> side;
  Keyed<Phase, kPhases> phase;
  std::array<std::string_view, 3> handshake_step;
  std::array<std::string_view, 4> wave_step;     ///< by active and passive closer
  std::array<std::string_view, 4> crossed_step;  ///< the same in a simultaneous close
  Keyed<Basis, kBases> basis;
  Keyed<RoleBasis, kRoleBases> role_basis;
  Keyed<SeqCheck, kSeqChecks> seq_check;
  Keyed<AckCheck, kAckChecks> ack_check;
  Keyed<RuleKind, kRuleKinds> rule;  ///< what the number is measured against
  Keyed<WaitingFor, kWaitings> waiting;
  Keyed<Outcome, kOutcomes> outcome;
  Keyed<OutcomeKind, kOutcomeKinds> outcome_kind;
  Keyed<ActiveCloser, 4> closer;
  Keyed<ResetBy, 4> reset_by;
  Keyed<Confidence, 4> confidence;
  Keyed<Severity, 4> severity;
  Keyed<Sentence, kSentences> sentence;
  Keyed<Glue, kGlues> glue;
};

/// The word for an enumerator in one of the lists above.
template <class Key, std::size_t kSize>
[[nodiscard]] constexpr std::string_view word(const Keyed<Key, kSize>& list, Key key) {
  return list[static_cast<std::size_t>(key)].second;
}

[[nodiscard]] const WordTable& words(Language);

namespace detail {

/// Row i is enumerator i and says something; the first may be silent where it means "none".
template <class Key, std::size_t kSize>
constexpr bool complete(const Keyed<Key, kSize>& list, bool first_is_none = false) {
  for (std::size_t i = 0; i < kSize; ++i)
    if (static_cast<std::size_t>(list[i].first) != i ||
        list[i].second.empty() != (i == 0 && first_is_none))
      return false;
  return true;
}
template <std::size_t kSize>
constexpr bool complete(const std::array<std::string_view, kSize>& list) {
  for (const std::string_view text : list)
    if (text.empty()) return false;
  return true;
}
constexpr bool complete(const WordTable& t) {
  return complete(t.side) && complete(t.phase) && complete(t.handshake_step) &&
         complete(t.wave_step) && complete(t.crossed_step) && complete(t.basis) &&
         complete(t.role_basis) && complete(t.seq_check) && complete(t.ack_check, true) &&
         complete(t.rule) && complete(t.waiting, true) && complete(t.outcome) &&
         complete(t.outcome_kind, true) && complete(t.closer, true) && complete(t.reset_by, true) &&
         complete(t.confidence, true) && complete(t.severity) && complete(t.sentence) &&
         complete(t.glue);
}

}  // namespace detail
}  // namespace tcpwave
