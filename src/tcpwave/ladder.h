// The diagram that every textbook draws of a connection: two lifelines, their states, and the segments
// between them as arrows; here from a real capture.
//
// `draw_ladder` decides what is drawn and where (what is folded, which way the arrows lean, where the
// states change); `ladder_svg` and `ladder_text` write it down. Data that nobody would look at one by
// one is folded, so a ladder never has more than kLadderArrows arrows, however long the connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tcpwave/summary.h"

namespace tcpwave {

inline constexpr std::size_t kLadderArrows = 300;

/// A segment that is drawn by itself.
struct LadderArrow {
  Captured segment;
  Annotation annotation;
};

/// Segments that are drawn as one block.
struct LadderFold {
  std::uint32_t first_frame = kNoFrame, last_frame = kNoFrame;
  std::int64_t first_ns = 0, last_ns = 0;
  struct Way {
    std::uint32_t data = 0;   ///< segments with payload
    std::uint32_t empty = 0;  ///< without: ACKs
    std::uint32_t again = 0;  ///< of them sent again
    std::uint32_t lost = 0;
    std::uint64_t octets = 0;
  };
  std::array<Way, 2> from;       ///< by Side
  std::uint32_t other = 0;       ///< steps, resets and findings among them: there were too many
  std::array<State, 2> state{};  ///< after them, by Side
};

/// One or the other.
struct LadderItem {
  std::optional<LadderArrow> arrow;
  LadderFold fold;
};

struct Ladder {
  ConnectionSummary summary;
  std::int64_t capture_start_ns = 0, capture_end_ns = 0;
  std::vector<LadderItem> items;
  std::vector<StateChange> states;
  std::optional<std::int64_t> replaced_ns;  ///< another connection took the addresses and ports
  /// From the tap to each end, one way, as far as answers show it; by Side.
  std::array<std::int64_t, 2> delay_ns{};
  Language language = Language::English;  ///< of its words
};

[[nodiscard]] Ladder draw_ladder(const Tracker&, std::uint32_t connection);

/// A picture that needs nothing but itself: no script, no font, no link.
[[nodiscard]] std::string ladder_svg(const Ladder&);
/// The same for a terminal.
[[nodiscard]] std::string ladder_text(const Ladder&);

/// `"` `&` `<` `>` and what XML does not allow, made harmless.
[[nodiscard]] std::string xml_escaped(std::string_view);

}  // namespace tcpwave
