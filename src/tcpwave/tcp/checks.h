// How a segment's seq and ack compare with what was due: pure predicates over the model before it.
//
// A check looks and changes nothing. What a check calls wrong is not evidence against anybody yet:
// findings (findings.h) weigh it, and a property of the capture is said as one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/tcp/model.h"

namespace tcpwave {

/// What a segment's numbers come to.
struct NumberCheck {
  SeqCheck seq = SeqCheck::Ok;
  AckCheck ack = AckCheck::None;
  Seq seq_expected, ack_expected;
  bool ack_expected_known = false;
  std::uint8_t notes = 0;   ///< a bit for each Note
  std::uint32_t noted = 0;  ///< the number that the last note's text quotes

  [[nodiscard]] bool has(Note n) const { return ((notes >> static_cast<unsigned>(n)) & 1U) != 0; }
};

/// Compares the segment with the model as it was before it.
[[nodiscard]] NumberCheck check_numbers(const Model& before, const Facts&, const SegmentRecord&);

/// The peer's ACKs cover all that the end sent, as a keepalive supposes (RFC 9293 section 3.8.4). That it received
/// all is not enough, unless its ACKs are not captured at all.
[[nodiscard]] bool is_all_acknowledged(const Model&, const Facts&, End sender);

}  // namespace tcpwave
