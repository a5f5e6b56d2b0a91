// The same trace seen differently: what these change, tcpwave must not care about.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "tcpwave/segment.h"

namespace tcpwave::scenario {

using Trace = std::vector<Segment>;

/// Each endpoint's numbers moved by an amount of its own, derived from `seed`.
[[nodiscard]] Trace with_other_isns(Trace, std::uint32_t seed);

/// Lower ports and addresses become the higher ones.
[[nodiscard]] Trace with_reversed_order(Trace);

/// IPv4 addresses inside IPv6 ones.
[[nodiscard]] Trace as_ipv6(Trace);

[[nodiscard]] Trace later_by(Trace, std::int64_t ns);

/// Other hosts doing the same, with ISNs of their own.
[[nodiscard]] Trace between_other_hosts(Trace);

}  // namespace tcpwave::scenario
