// The fuzzer's language: twenty octets for each thing that happens on the wire or in the window.
//
// Numbers are written relative to what the connection would say next, so that an octet changed leaves a
// conversation and not noise: any octets are a capture, and near the edges that matter. Four pairs of
// sockets; times that jump and run backwards; ICMP errors; copies; tags of a VLAN; questions in between.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "scenario/variant.h"
#include "tcpwave/tracker.h"

namespace tcpwave::fuzz {

inline constexpr std::size_t kEventOctets = 20;
inline constexpr std::size_t kMostEvents = 400;

/// Somebody looks at a segment while more are to come.
struct Question {
  std::uint32_t about = 0;  ///< modulo the segments so far
  Known known = Known::SoFar;
};

using Event = std::variant<Segment, Unreachable, Question>;

/// Frames are numbered oddly: an even number in an annotation was made up.
[[nodiscard]] std::vector<Event> decode(std::span<const std::uint8_t> octets);

/// A script as octets. Times and time stamps are near to what they were.
[[nodiscard]] std::vector<std::uint8_t> encode(const std::vector<scenario::Frame>&);

}  // namespace tcpwave::fuzz
