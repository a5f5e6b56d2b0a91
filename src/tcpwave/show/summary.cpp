// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/summary.h"

#include <algorithm>

namespace tcpwave {
namespace {

constexpr std::array<std::string_view, kOpenings> kOpenedNames{"not_captured", "syn", "syn_ack",
                                                               "handshake", "simultaneous"};

/// Where the connection's segments with these frame numbers were captured.
std::optional<std::int64_t> time_of(const Tracker& tracker, std::uint32_t connection,
                                    std::uint32_t frame) {
  if (frame == kNoFrame) return std::nullopt;
  // Frame numbers rise with the segments, several segments of one frame aside.
  std::uint32_t low = 0, high = tracker.segments_of(connection);
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (tracker.captured(tracker.segment_of(connection, middle)).frame < frame)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == tracker.segments_of(connection)) return std::nullopt;
  return tracker.captured(tracker.segment_of(connection, low)).time_ns;
}

Opened opening(const Annotation& last, const std::vector<StateChange>& states) {
  std::array<bool, 2> sent_syn{};
  for (const StateChange& change : states)
    if (change.state == State::SynSent) sent_syn[static_cast<std::size_t>(change.side)] = true;
  if (sent_syn[0] && sent_syn[1]) return Opened::Simultaneous;
  const auto& frame = last.handshake_frame;
  if (frame[1] != kNoFrame) return frame[2] != kNoFrame ? Opened::Handshake : Opened::SynAck;
  return frame[0] != kNoFrame ? Opened::Syn : Opened::NotCaptured;
}

std::optional<std::int64_t> half_close(const Tracker& tracker, const ConnectionSummary& s,
                                       const Annotation& last) {
  const auto from = time_of(tracker, s.number, last.wave_frame[0]);
  if (!from || s.outcome_kind == OutcomeKind::Simultaneous) return std::nullopt;
  const auto second_fin = time_of(tracker, s.number, last.wave_frame[2]);
  if (second_fin) return *second_fin - *from;
  const bool reset = s.outcome == Outcome::Reset || s.outcome == Outcome::Replaced;
  return (reset ? s.start_ns + s.duration_ns : tracker.end_ns()) - *from;
}

}  // namespace

std::string_view name(Opened o) { return kOpenedNames[static_cast<std::size_t>(o)]; }

ConnectionSummary summarize_briefly(const Tracker& tracker, std::uint32_t connection) {
  ConnectionSummary s;
  s.number = connection;
  s.frames = tracker.segments_of(connection);
  const Captured first = tracker.captured(tracker.segment_of(connection, 0));
  const SegmentId last_id = tracker.segment_of(connection, s.frames - 1);
  s.first_frame = first.frame;
  s.start_ns = first.time_ns;
  s.duration_ns = tracker.captured(last_id).time_ns - first.time_ns;
  s.ends = tracker.ends(connection);

  const Annotation last = tracker.annotate(last_id, Known::Final);
  const std::vector<StateChange> states = tracker.states_of(connection);
  s.role_basis = last.role_basis;
  s.opened = opening(last, states);
  s.handshake_rtt_ns = last.handshake_rtt_ns;
  s.outcome = last.outcome;
  s.outcome_kind = last.outcome_kind;
  s.closed_first_by = last.active_closer;
  s.reset_by = last.reset_by;
  s.reset_cause = last.reset_cause;
  s.reset_confidence = last.reset_confidence;
  for (const StateChange& change : states)
    s.state[static_cast<std::size_t>(change.side)] = change.state;
  s.half_close_ns = half_close(tracker, s, last);
  return s;
}

ConnectionSummary summarize(const Tracker& tracker, std::uint32_t connection) {
  ConnectionSummary s = summarize_briefly(tracker, connection);
  for (std::uint32_t n = 0; n < s.frames; ++n) {
    add_segment(s, tracker.annotate(tracker.segment_of(connection, n), Known::Final));
  }
  return s;
}

void add_segment(ConnectionSummary& s, const Annotation& a) {
  for (const FindingHit& hit : a.findings) s.findings.set(static_cast<std::size_t>(hit.finding));
  const bool is_new = a.seq_check == SeqCheck::Ok || a.seq_check == SeqCheck::Gap;
  if (is_new && !a.copy) s.bytes[static_cast<std::size_t>(a.sender)] += a.payload;
}

std::optional<State> state_at(const Tracker& tracker, std::uint32_t connection, Side side,
                              std::int64_t time_ns) {
  const auto replaced = tracker.replaced_at(connection);
  if (replaced && *replaced <= time_ns) return std::nullopt;
  std::int64_t begun = tracker.captured(tracker.segment_of(connection, 0)).time_ns;
  if (begun > time_ns) return std::nullopt;
  State state = State::Unknown;
  for (const StateChange& change : tracker.states_of(connection)) {
    // Times that run backwards do not bring a state back.
    begun = std::max(begun, change.time_ns);
    if (begun > time_ns) break;
    if (change.side == side) state = change.state;
  }
  return state;
}

}  // namespace tcpwave
