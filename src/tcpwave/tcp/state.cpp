// How states, events and the other words of state.h are spelled. Each table is indexed by its
// enumerator; its size is checked against the enumeration.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/state.h"

namespace tcpwave {
namespace {

using Words = std::string_view;

constexpr std::array<Words, kStates> kStateNames{
    "UNKNOWN",    "CLOSED",     "LISTEN",     "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED",
    "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING",  "LAST_ACK",     "TIME_WAIT"};
constexpr std::array<Words, kEvents> kEventNames{"send SYN",
                                                 "send SYN-ACK",
                                                 "send FIN",
                                                 "send RST",
                                                 "receive SYN",
                                                 "receive SYN-ACK",
                                                 "receive ACK of SYN",
                                                 "receive FIN",
                                                 "receive ACK of FIN",
                                                 "receive RST",
                                                 "receive RST (passive open)",
                                                 "timeout",
                                                 "found closed",
                                                 "found listening",
                                                 "found open",
                                                 "found in TIME_WAIT",
                                                 "new socket opens",
                                                 "new socket listens"};
constexpr std::array<Words, kBases> kBasisNames{"assumed", "presumed", "timer", "confirmed",
                                                "sent"};
constexpr std::array<Words, kPhases> kPhaseNames{"none", "handshake", "established",
                                                 "wave", "closed",    "reset"};
constexpr std::array<Words, kRoleBases> kRoleBasisNames{"syn", "synack", "port", "order"};

static_assert(!kStateNames.back().empty() && !kEventNames.back().empty());

}  // namespace

std::string_view name(State s) { return kStateNames[static_cast<std::size_t>(s)]; }
std::string_view name(Event e) { return kEventNames[static_cast<std::size_t>(e)]; }
std::string_view name(Basis b) { return kBasisNames[static_cast<std::size_t>(b)]; }
std::string_view name(Phase p) { return kPhaseNames[static_cast<std::size_t>(p)]; }
std::string_view name(RoleBasis r) { return kRoleBasisNames[static_cast<std::size_t>(r)]; }
std::string_view name(Side s) { return s == Side::Client ? "client" : "server"; }

}  // namespace tcpwave
