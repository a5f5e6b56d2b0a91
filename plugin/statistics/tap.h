// Our tap: statistics listen to it, and get one word per segment that the engine has judged.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "epan.h"
#include "tcpwave/tracker.h"

namespace tcpwave {

inline constexpr const char* kTapName = "tcpwave";
/// A tap that gets nothing: who listens to it hears of the end.
inline constexpr const char* kEndTapName = "tcpwave_end";

/// What a listener gets. What is known of the segment now can be asked of the session.
struct Tapped {
  SegmentId id = 0;
  Known known = Known::SoFar;
};

/// For the listeners, if there are any.
void tap_segment(packet_info*, const Tapped&);

/// What passes a window's display filter says what it shows, but what it shows rests on every segment.
/// `hear` gets each of them from now on, for the life of the program, and after the listeners that are
/// registered later: Wireshark calls the youngest first. Registers a function once.
void hear_every_segment(void (*hear)(const Tapped&));

}  // namespace tcpwave
