// Which step of the handshake or of the wave a segment is (specification section 2).
//
// A step goes by numbers, not by states: the first captured segment that does it has it, delivered or
// not. What repeats it (the same SYN or FIN again, the ACK that answers that) carries it again, marked
// as repeated; what merely goes on covering an old SYN or FIN carries no step.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tcpwave/store/records.h"

namespace tcpwave {

/// Where a connection's steps were seen, and what of them waits for an answer. In a simultaneous open
/// each end has handshake steps of its own.
struct StepLog {
  static constexpr std::array<Row, 3> kNotSeen{kNoRow, kNoRow, kNoRow};
  std::array<std::array<Row, 3>, 2> handshake{kNotSeen, kNotSeen};
  std::array<Row, 4> wave{kNoRow, kNoRow, kNoRow, kNoRow};
  std::array<Row, 2> fin{kNoRow, kNoRow};              ///< by end: its first captured FIN
  std::array<Row, 2> last_ack_of_syn{kNoRow, kNoRow};  ///< by end: its latest handshake step 3
  std::array<Row, 2> last_ack_of_fin{kNoRow, kNoRow};  ///< by end: its latest wave step 2 or 4
  std::array<std::uint8_t, 2> asked_syn{};             ///< SYN,ACKs that wait for this end's ACK
  std::array<std::uint8_t, 2> asked_fin{};             ///< FINs that wait for this end's ACK
  bool handshake_repeated = false;                     ///< a SYN or SYN,ACK was sent again
  End first_closer = End::A;
  bool closing = false;  ///< `first_closer` means something

  friend bool operator==(const StepLog&, const StepLog&) = default;
  /// Of either end, the one captured first; kNoRow where there is none.
  [[nodiscard]] Row handshake_row(std::size_t step) const;
};

struct Model;
struct Facts;

/// Sets what steps `r` is, the record at `row` or a copy of it, and notes them in the model's log. The model
/// is as it was before the record.
void note_steps(Model&, const Facts&, const Records&, Row row, SegmentRecord& r);

}  // namespace tcpwave
