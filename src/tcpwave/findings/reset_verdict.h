// Why an end resets: the verdict on one RST, from its header, from what it answers, and from what the
// state of its sender's socket was by the RST's own ack (specification section 5, "answer or abort").
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/findings/reset_evidence.h"

namespace tcpwave {

struct ResetVerdict {
  Finding cause{};
  Confidence confidence = Confidence::None;
  std::uint32_t first = 0, second = 0;  ///< the numbers of the cause's text
};

/// @pre m.segment is a RST, and not the connection's first segment.
[[nodiscard]] ResetVerdict reset_verdict(const Moment& m, const ResetEvidence& e);

/// It answers a segment that its sender had no use for while it was opening, and its sender stays
/// (RFC 9293 section 3.10.7.3): nobody's reset.
[[nodiscard]] bool answers_in_opening(const Moment& m, const ResetEvidence& e);

/// A box or an attacker sent it in that end's name; what shows that, or None.
[[nodiscard]] Confidence foreign_path(const Moment& m, const ResetEvidence& e);

}  // namespace tcpwave
