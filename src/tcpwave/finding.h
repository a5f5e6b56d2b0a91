// What can be wrong, or worth knowing, about a segment: the identifiers and the shape of a finding.
//
// The rows with its texts, severity and reference stand in findings/GROUP.h, in the order of the enumerators;
// catalogue.h joins them and checks that when it is compiled.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tcpwave/language.h"

namespace tcpwave {

enum class Finding : std::uint8_t {
  // opening
  ConnectionRefused,
  SynUnanswered,
  SynRepeated,
  SynAckRepeated,
  ThirdAckIgnored,
  SynAckBadAck,
  HalfOpenPeer,
  OldDuplicateSyn,
  OldDuplicateSynAck,
  AckInsteadOfSynAck,
  SplitHandshake,
  SimultaneousOpen,
  SynWithData,
  TfoAccepted,
  TfoDataIgnored,
  SynUnreachable,
  RstInHandshake,
  HandshakeIncomplete,
  // closing
  CloseInitiated,
  CloseThreeSegment,
  CloseSimultaneous,
  HalfClose,
  FinRepeated,
  FinalAckLost,
  LastAckStuck,
  CloseIncomplete,
  CloseWaitHeld,
  DataAfterFin,
  FinBeyondGap,
  FinUnacceptable,
  FinMoved,
  TimeWaitSegment,
  TimeWaitReopened,
  TimeWaitKilled,
  // resets
  RstAbort,
  RstUnreadData,
  RstOrphanData,
  RstCloserGone,
  RstPeerGone,
  RstUnknownConnection,
  RstKeepalive,
  RstRepeated,
  RstOutOfWindow,
  RstInexact,
  ChallengeAck,
  RstIgnored,
  RstThenSilent,
  RstForeignPath,
  RstWithData,
  RstBadAck,
  RstNoConnection,
  ConnectProbe,
  // segments
  FlagsSynFin,
  FlagsSynRst,
  FinWithoutAck,
  FlagsNull,
  FlagsXmas,
  AckWithoutFlag,
  AckUnsent,
  SeqBeforeIsn,
  WindowShrunk,
  PawsFailed,
  SynInConnection,
  SynAckInConnection,
  DataBeforeEstablished,
  WindowScaleExcess,
  SegmentOutOfWindow,
  ScanSuspected,
  DataUnanswered,
  // hosts
  SynFlood,
  CloseWaitPileup,
  TimeWaitPileup,
  EphemeralPortsLow,
  RefusalRate,
  OtherLeg,
  AnsweredElsewhere,
};
inline constexpr std::size_t kFindings = static_cast<std::size_t>(Finding::AnsweredElsewhere) + 1;

enum class Severity : std::uint8_t { Chat, Note, Warn, Error };
enum class Group : std::uint8_t { Opening, Closing, Resets, Segments, Hosts };

/// A finding on one segment. The numbers are those that its text quotes, {1} to {4}; what they mean
/// stands in the catalogue's row.
struct FindingHit {
  Finding finding{};
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::uint32_t third = 0;
  std::uint32_t fourth = 0;
};

/// Where a rule comes from: an RFC and its section, with a requirement's id where it has one.
struct Reference {
  std::uint16_t rfc = 0;
  const char* section = "";
  const char* requirement = "";
};

/// A finding in one language. {1} to {4} stand for the hit's numbers, {sender} and {receiver} for client or server,
/// {fault} for the number of the segment that is not acceptable and why. The explanation is also a value of a
/// field: better without commas, tshark's separator of several values.
struct FindingWords {
  const char* text;         ///< one line, without a period
  const char* explanation;  ///< cause, what it means, what to look at next
};

/// All about a finding but what raises it. Its name says what was observed, not what is suspected; names
/// are public and never renamed.
struct FindingInfo {
  Finding finding;
  const char* id;  ///< `tcpwave.finding == "id"`
  Severity severity;
  Reference reference;
  const char* scenario;  ///< the script that shows it, below tests/scenarios
  FindingWords english, chinese;
  Group group = Group::Opening;  ///< set by catalogue.h: it is the group of the row's table

  [[nodiscard]] constexpr const FindingWords& words(Language language) const {
    return language == Language::Chinese ? chinese : english;
  }
};

[[nodiscard]] std::string_view name(Severity);
[[nodiscard]] std::string_view name(Group);

}  // namespace tcpwave
