// How long each end of a connection was in each state.
//
// A span begins at the capture time at which the state shows and ends at that of the next one, as in the ladder and
// in `tcpwave.X.state`; TIME_WAIT ends after 2MSL, though no segment shows it. CLOSED is no socket and LISTEN the
// listener's, so they have none. The clock is the capture's: a time that runs backwards does not turn it back.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "tcpwave/tracker.h"

namespace tcpwave {

/// What ended a span.
enum class SpanEnd : std::uint8_t {
  NextState,
  CaptureEnd,   ///< nothing: it lasted when the capture ended
  PortsReused,  ///< another connection took the addresses and ports
};

struct StateSpan {
  Side side = Side::Client;
  State state = State::Unknown;
  Basis basis = Basis::Assumed;    ///< of the state when it is reached
  std::uint32_t frame = kNoFrame;  ///< in which it shows
  std::int64_t since_ns = 0;
  std::int64_t duration_ns =
      0;  ///< 0 where one segment shows that it was reached and that it was left
  SpanEnd end = SpanEnd::CaptureEnd;
  State next = State::Unknown;  ///< where `end` is NextState
};

/// The client's in order, then the server's.
[[nodiscard]] std::vector<StateSpan> state_spans(const Tracker&, std::uint32_t connection);

}  // namespace tcpwave
