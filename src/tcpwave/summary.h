// One connection as a whole: how it opened, what became of it, how it ended.
//
// A summary is a value made from the tracker when it is asked for, with the whole capture in view, so
// it is the same however the capture was read. Tables, trees and pictures are drawn from it. Its cost
// is linear in the connection's segments.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tcpwave/tracker.h"

namespace tcpwave {

/// What the capture shows of the opening.
enum class Opened : std::uint8_t {
  NotCaptured,   // the capture begins later
  Syn,           // a SYN, and nothing in answer that opens the connection
  SynAck,        // SYN and SYN,ACK, or the latter alone
  Handshake,     // the three steps
  Simultaneous,  // both ends sent a SYN
};
inline constexpr std::size_t kOpenings = 5;
[[nodiscard]] std::string_view name(Opened);  // "handshake"

struct ConnectionSummary {
  std::uint32_t number = 0;
  std::uint32_t first_frame = kNoFrame;
  std::uint32_t frames = 0;      ///< segments; a frame of a tunnel can hold several
  std::int64_t start_ns = 0;     ///< capture time of the first segment
  std::int64_t duration_ns = 0;  ///< to the last one; 0 where the clock ran backwards
  Ends ends;
  RoleBasis role_basis = RoleBasis::Syn;

  Opened opened = Opened::NotCaptured;
  std::optional<std::int64_t> handshake_rtt_ns;
  Outcome outcome = Outcome::Partial;
  OutcomeKind outcome_kind = OutcomeKind::None;
  ActiveCloser closed_first_by = ActiveCloser::None;
  ResetBy reset_by = ResetBy::None;
  std::optional<Finding> reset_cause;
  Confidence reset_confidence = Confidence::None;
  /// From the first FIN to the second; to the connection's last segment where none came.
  std::optional<std::int64_t> half_close_ns;
  std::bitset<kFindings> findings;
  /// Payload captured from each end, what was sent again or captured twice left out; by Side.
  std::array<std::uint64_t, 2> bytes{};
  std::array<State, 2>
      state{};  ///< of both ends at last: when the capture ends, or its ports are taken; by Side
};

/// The connection with this number, below connections().
[[nodiscard]] ConnectionSummary summarize(const Tracker&, std::uint32_t connection);

/// The same without `findings` and `bytes`, which alone take a look at every segment.
[[nodiscard]] ConnectionSummary summarize_briefly(const Tracker&, std::uint32_t connection);
/// What this segment of the connection adds to them; in any order.
void add_segment(ConnectionSummary&, const Annotation&);

/// The state of an end at a capture time: after the last segment captured up to then. Nothing where the
/// connection has not begun, or where a later one has taken over its addresses and ports.
[[nodiscard]] std::optional<State> state_at(const Tracker&, std::uint32_t connection, Side,
                                            std::int64_t time_ns);

}  // namespace tcpwave
