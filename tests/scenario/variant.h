// A script becomes segments: at these ISNs, with these addresses, at that time.
//
// Where sequence numbers begin, which end has the lower port, IPv4 or IPv6: none of it may change
// what tcpwave says. So each script is played in every variant, against the same expectations.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.h"
#include "tcpwave/segment.h"
#include "tcpwave/tracker.h"

namespace tcpwave::scenario {

struct Variant {
  std::string name = "as_written";
  /// The first ISNs of the script are moved here, later ones by as much. Absent: as written.
  std::optional<std::array<Seq, 2>> isn;
  bool swapped = false;  ///< the ends exchange addresses and ports
  bool v6 = false;
  std::int64_t start_ns = 1'767'225'600'000'000'000;  ///< 2026-01-01 00:00:00 UTC
};

/// ISNs as written and around 0, 2^31 and 2^32; ends plain and swapped; IPv4 and IPv6. Every script is
/// played in all of these, a very long one in the first and the last.
[[nodiscard]] std::vector<Variant> variants_of(const Scenario&);

/// What a capture of the script holds; frames are numbered from 1.
struct Frame {
  Segment
      segment;  ///< of an ICMP error: the segment that it quotes, with this frame's number and time
  std::optional<Unreachable> error;
};
[[nodiscard]] std::vector<Frame> play_frames(const Scenario&, const Variant&);

/// The segments alone.
[[nodiscard]] std::vector<Segment> play(const Scenario&, const Variant&);

/// Where no SYN says who the client is, the ports do: then the script's C becomes the server.
[[nodiscard]] bool sides_exchanged(const Scenario&, const Variant&, bool one_pass);

}  // namespace tcpwave::scenario
