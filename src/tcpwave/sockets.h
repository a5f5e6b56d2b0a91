// `ss` for a capture: how many sockets each host has in each state, at a moment and at most.
//
// Every connection is two sockets, one at each end. CLOSED is no socket, and LISTEN is the listener's
// and not the connection's, so neither counts. A connection that takes over the addresses and ports
// of an older one takes its sockets too.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "tcpwave/tracker.h"

namespace tcpwave {

struct SocketCount {
  Address host;
  State state = State::Unknown;
  std::uint32_t now = 0;     ///< at the moment asked for
  std::uint32_t peak = 0;    ///< most at once, up to that moment
  std::int64_t peak_ns = 0;  ///< capture time at which the peak was reached first
};

/// IPv4 first, then by octets.
struct ByAddress {
  bool operator()(const Address& a, const Address& b) const {
    return a.v6 != b.v6 ? b.v6 : a.octets < b.octets;
  }
};

/// By host (in that order) and state; only those that occur up to `time_ns`.
[[nodiscard]] std::vector<SocketCount> count_sockets(const Tracker&, std::int64_t time_ns);

}  // namespace tcpwave
