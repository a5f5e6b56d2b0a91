// Everything tcpwave says about one segment, as a value.
//
// `Tracker::annotate` makes it; the plugin, the scenario tests and the documents print it. It holds
// numbers, not text: the words are made by the functions at the end, in one place for all of them.
// Sequence numbers in it are relative, as `tcpwave.seq` and `tcpwave.ack` show them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tcpwave/finding.h"
#include "tcpwave/language.h"
#include "tcpwave/segment.h"
#include "tcpwave/state.h"
#include "tcpwave/text.h"

namespace tcpwave {

inline constexpr std::uint32_t kNoFrame = 0;  ///< frame numbers count from 1

/// Sets of the three steps of the handshake and the four of the close.
inline constexpr std::size_t kStepSets = 128;

/// One step of the handshake (1..3) or of the wave (1..4) that a segment is.
struct StepMark {
  Phase phase = Phase::None;  ///< Handshake or Wave
  std::uint8_t number = 0;
  bool repeated = false;
  std::uint32_t original_frame = kNoFrame;  ///< where it was seen first, on a repetition
};

/// One endpoint around one segment.
struct EndpointView {
  State before = State::Unknown;
  State after = State::Unknown;
  State previous = State::Unknown;       ///< after the connection's segment above
  Basis basis = Basis::Assumed;          ///< of `after`
  std::uint32_t proof_frame = kNoFrame;  ///< the segment that proves `after`
};

/// What a rule's number is measured against.
enum class RuleKind : std::uint8_t {
  AckOfClientSyn,    // handshake 2: ack = ISN x + 1
  SeqAfterSyn,       // handshake 3: seq = x + 1
  AckOfServerSyn,    // handshake 3: ack = ISN y + 1
  SeqIsLastAck,      // wave 1: seq = last ack received
  AckOfFirstFin,     // wave 2 (and 3): ack = seq of wave step 1 + 1
  SeqOfSecondFin,    // wave 3: seq = what the peer acknowledged last, or has been sent since
  SeqAfterFirstFin,  // wave 4: seq = seq of wave step 1 + 1
  AckOfSecondFin,    // wave 4: ack = seq of wave step 3 + 1
};
inline constexpr std::size_t kRuleKinds = 8;

/// `actual` should be `base` + `data` + 1 (or + 0 where the rule's text says so).
struct Rule {
  RuleKind kind{};
  bool ok = true;
  std::uint32_t actual = 0;
  std::uint32_t base = 0;
  std::uint32_t data = 0;  ///< payload bytes that the referenced segment carried
};

/// Who sent the RST that ended the connection; a third party in the sender's name.
enum class ResetBy : std::uint8_t { None, Client, Server, ThirdParty };

enum class Confidence : std::uint8_t { None, Possible, Likely, Certain };

enum class ActiveCloser : std::uint8_t { None, Client, Server, Both };

enum class Outcome : std::uint8_t {
  Partial,
  Refused,
  Unanswered,
  Reset,
  NormalClose,
  Replaced,
  IncompleteClose,
  HalfClosed,
  HalfOpen,
  Open
};
inline constexpr std::size_t kOutcomes = 10;

enum class OutcomeKind : std::uint8_t {
  None,
  Rst,
  Icmp,
  InHandshake,
  Established,
  InWave,
  AfterClose,
  FourSegment,
  ThreeSegment,
  Simultaneous,
  MissingStep2,
  MissingStep3,
  MissingStep4
};
inline constexpr std::size_t kOutcomeKinds = 13;

/// Zeek's codes for what became of a connection.
enum class ConnState : std::uint8_t {
  S0,
  S1,
  Sf,
  Rej,
  S2,
  S3,
  Rsto,
  Rstr,
  Rstos0,
  Rstrh,
  Sh,
  Shr,
  Oth
};
inline constexpr std::size_t kConnStates = 13;

/// Zeek's history letters, the originator's in upper case. Only hostile captures have more.
using History = Few<char, 40>;

/// What would come next in order.
enum class WaitingFor : std::uint8_t {
  Nothing,
  SynAck,
  ThirdAck,
  SynOrSynAck,
  Close,
  AckOfFirstFin,
  SecondFin,
  AckAndSecondFin,
  AckOfSecondFin,
  BothAcks,
  TimeWaitEnd
};
inline constexpr std::size_t kWaitings = 11;

/// How many connections of a host are in the states that pile up, after a segment.
struct HostGauge {
  std::uint32_t syn_received = 0, close_wait = 0, time_wait = 0;
};

struct Annotation {
  std::uint32_t connection = 0;
  bool tracked = false;  ///< false: belongs to no known connection (`phase` is none)
  Side sender = Side::Client;
  RoleBasis role_basis = RoleBasis::Syn;
  Phase phase = Phase::None;
  Few<StepMark, 4> steps;
  std::array<EndpointView, 2> endpoint;  ///< by Side
  ActiveCloser active_closer = ActiveCloser::None;

  Flags flags;
  std::uint32_t payload = 0;         ///< bytes
  bool lost = false;                 ///< it did not arrive
  bool copy = false;                 ///< the same segment captured again
  std::uint32_t seq = 0;             ///< relative
  std::optional<std::uint32_t> ack;  ///< relative; absent where no ACK is due
  std::uint32_t seq_expected = 0;
  std::optional<std::uint32_t> ack_expected;
  SeqCheck seq_check = SeqCheck::Ok;
  AckCheck ack_check = AckCheck::None;
  Few<Rule, 6> rules;
  Few<FindingHit, 2 * kFindings> findings;  ///< each once for either end at most
  WaitingFor waiting_for = WaitingFor::Nothing;

  std::optional<std::int64_t> handshake_rtt_ns;  ///< on the third ACK, where nothing was repeated
  std::optional<std::int64_t> handshake_duration_ns;   ///< first SYN to step 3, on step 3
  std::optional<std::int64_t> wave_duration_ns;        ///< step 1 to 4, on step 4
  std::optional<std::int64_t> since_previous_step_ns;  ///< on segments that are a step
  std::array<std::uint32_t, 3> handshake_frame{};      ///< kNoFrame where not captured (yet)
  std::array<std::uint32_t, 4> wave_frame{};

  std::array<HostGauge, 2> gauge;  ///< by Side: of that end's host

  Outcome outcome = Outcome::Partial;
  OutcomeKind outcome_kind = OutcomeKind::None;
  bool rst = false;                                  ///< the segment is a RST
  std::optional<std::array<State, 2>> reset_states;  ///< by Side: what the RST that ended it met
  ResetBy reset_by = ResetBy::None;
  std::optional<Finding> reset_cause;  ///< the verdict on the RST that ended the connection
  Confidence reset_confidence = Confidence::None;
  std::optional<std::int64_t>
      reset_idle_ns;                 ///< on a RST: the silence before it, or before what it answers
  bool reset_after_silence = false;  ///< longer than ten round trips and a second
  ConnState conn_state = ConnState::Oth;
  History history;

  [[nodiscard]] bool check_ok() const;
  /// The steps where they are all of its mark, one of kStepSets: bit n - 1 for step n of the handshake, bit n + 2 for step n of
  /// the close; 0 where it has no mark. Nothing for a RST, and where a step comes again.
  [[nodiscard]] std::optional<std::uint8_t> steps_alone() const {
    unsigned bits = 0;
    for (const StepMark& step : steps) {
      if (step.repeated) return std::nullopt;
      bits |= 1U << (step.number + (step.phase == Phase::Handshake ? -1 : 2));
    }
    return rst ? std::nullopt : std::optional(static_cast<std::uint8_t>(bits));
  }
  [[nodiscard]] const EndpointView& client() const { return endpoint[0]; }
  [[nodiscard]] const EndpointView& server() const { return endpoint[1]; }
};
static_assert(std::is_trivially_destructible_v<Annotation>);

[[nodiscard]] std::string_view name(SeqCheck);      // "out_of_window"
[[nodiscard]] std::string_view name(AckCheck);      // "beyond_sent"; "" for None
[[nodiscard]] std::string_view name(ActiveCloser);  // "client"; "" for None
[[nodiscard]] std::string_view name(Confidence);    // "likely"; "" for None
[[nodiscard]] std::string_view name(ResetBy);       // "third_party"; "" for None
[[nodiscard]] std::string_view name(Outcome);       // "normal_close"
[[nodiscard]] std::string_view name(OutcomeKind);   // "four_segment"; "" for None
[[nodiscard]] std::string_view name(ConnState);     // "RSTOS0"

// The words, in a language; for the explaining lines see sentences.h.
/// `wave 3/4: second FIN (passive closer's)`
[[nodiscard]] Text step_text(const Annotation&, const StepMark&, Language = Language::English);
/// `server: ESTABLISHED -> CLOSE_WAIT`; empty where the state did not change.
[[nodiscard]] Text transition_text(const Annotation&, Side);
/// `ack 162 = seq of wave step 1 (161) + 1`
[[nodiscard]] Text rule_text(const Rule&, Language = Language::English);
/// `server's FIN (half-closed)`
[[nodiscard]] Text waiting_text(const Annotation&, Language = Language::English);
/// `ShADadFf`
[[nodiscard]] Text history_text(const Annotation&);
/// `wave 2/4, client FIN_WAIT_1 → FIN_WAIT_2, server CLOSE_WAIT`: the headline.
[[nodiscard]] Text headline(const Annotation&, Language = Language::English);
/// `wave 2+3/4`, `handshake 1/3 again`, `RST`: the mark in a packet list; empty where there is none.
[[nodiscard]] Text short_mark(const Annotation&, Language = Language::English);
/// The one-line text of a finding, with its numbers.
[[nodiscard]] Text finding_text(const Annotation&, const FindingHit&, Language = Language::English);

}  // namespace tcpwave
