// Makes the annotation of one segment from its connection: reads everything, changes nothing.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/annotation.h"
#include "tcpwave/track/connection.h"

namespace tcpwave {

/// What an annotation may know of the capture as a whole.
struct CaptureView {
  bool final = false;            ///< the capture ends here
  bool both_directions = false;  ///< some connection was captured in both directions
  std::int64_t end_ns = 0;       ///< the latest capture time
  std::int64_t close_wait_held_ns = 0;
};

/// The connection that took over the addresses and ports, if any, and how its ends match.
struct Successor {
  const Connection* connection = nullptr;
  bool same_ends = true;  ///< its end A is this one's end A
};

/// All that is said of the segment; its connection's number stands there already.
void make_annotation(Annotation&, const Connection&, const Successor&, Row, const CaptureView&);
/// Only what Detail::Mark names.
void make_mark(Annotation&, const Connection&, Row, const CaptureView&);

/// The same of a record alone; a repeated step's original is not told.
void mark_record(Annotation&, const Record&, const Role&);

/// The rules that textbooks teach for the steps that the segment is, with its own numbers.
void add_rules(Annotation&, const Connection&, Row);
/// What stands out about the segment: the catalogue's findings, in its order.
void add_findings(Annotation&, const Connection&, Row, const CaptureView&);
/// A RST that answers the handshake's last ACK: the server never took the connection over (RFC 9293
/// section 3.10.7.1: the seq is that ACK's, there is no ACK of its own).
[[nodiscard]] bool answers_third_ack(const Connection&, Row rst);
/// The RST that ended the connection: the one that was accepted, or where both ends reset, each by a RST of
/// its own that the other did not take, the first of them. kNoRow where there is none.
[[nodiscard]] Row ending_rst(const Connection&);
/// A RST,ACK in answer to a SYN, with the SYN's own number as its ack: some stacks do not count the SYN.
[[nodiscard]] bool refuses_one_short(const Connection&, Row rst);
/// How the connection ended, as far as is known.
void add_outcome(Annotation&, const Connection&, const Successor&, End client);

}  // namespace tcpwave
