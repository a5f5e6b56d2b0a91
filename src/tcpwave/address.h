// Addresses in words, as Wireshark and everybody else writes them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/segment.h"
#include "tcpwave/text.h"

namespace tcpwave {

/// `192.0.2.1`, or `2001:db8::1` (RFC 5952).
[[nodiscard]] Text address_text(const Address&);
/// `192.0.2.1:80`, `[2001:db8::1]:80`
[[nodiscard]] Text address_text(const Address&, std::uint16_t port);

}  // namespace tcpwave
