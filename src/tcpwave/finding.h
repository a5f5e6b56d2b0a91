// What can be wrong, or worth knowing, about a segment: the identifiers and the shape of a finding.
//
// The texts, severities and references stand in catalogue.h, one row per enumerator and in the same
// order; that they agree is checked when it is compiled.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

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
};
inline constexpr std::size_t kFindings = static_cast<std::size_t>(Finding::RefusalRate) + 1;

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

[[nodiscard]] std::string_view name(Severity);
[[nodiscard]] std::string_view name(Group);

}  // namespace tcpwave
