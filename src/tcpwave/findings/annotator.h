// Makes the annotation of one segment from its connection: reads everything, changes nothing.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tcpwave/annotation.h"
#include "tcpwave/hindsight/connection.h"

namespace tcpwave {

/// On its way to ESTABLISHED, and not there yet.
constexpr bool is_opening(State s) { return s == State::SynSent || s == State::SynReceived; }

/// What an annotation may know of the capture as a whole.
struct CaptureView {
  bool final = false;            ///< the capture ends here
  bool both_directions = false;  ///< some connection was captured in both directions
  std::int64_t end_ns = 0;       ///< the latest capture time
  std::int64_t close_wait_held_ns = 0;
};

/// A connection's log, and what is known of it as a whole; not the model that it has come to.
class ConnectionLog {
 public:
  explicit ConnectionLog(const Connection& c) : c_(c) {}
  [[nodiscard]] const Records& records() const { return c_.records(); }
  [[nodiscard]] const Facts& facts() const { return c_.facts(); }
  [[nodiscard]] Shown shown(Row row, End end) const { return c_.shown(row, end); }
  /// What relative numbers of that end count from.
  [[nodiscard]] Seq base(End end) const { return c_.base(end); }
  [[nodiscard]] bool base_known(End end) const { return c_.base_known(end); }
  [[nodiscard]] bool begins_with(const SegmentRecord& syn) const { return c_.begins_with(syn); }
  [[nodiscard]] std::int64_t round_trip_ns() const { return c_.round_trip_ns(); }
  /// What the end's peer has acknowledged to the end of the log; nothing where no number of it is known.
  [[nodiscard]] std::optional<Seq> acknowledged_to(End end) const {
    const Endpoint& x = c_.model().of(end);
    return x.una_known ? std::optional(x.snd_una) : std::nullopt;
  }
  /// When the end went to CLOSE_WAIT, if it is there after a row.
  [[nodiscard]] std::optional<std::int64_t> close_wait_since(End end, Row row) const {
    return c_.close_wait_since(end, row);
  }
  /// The shortest time from the tap to that end and back; nothing where it was not seen.
  [[nodiscard]] std::optional<std::int64_t> way_to(End end) const { return c_.way_to(end); }
  /// It took over from a connection of which an end was still in TIME_WAIT.
  [[nodiscard]] bool reopened() const { return c_.reopened(); }

 private:
  const Connection& c_;
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
void mark_record(Annotation&, const SegmentRecord&, const Role&);

/// The rules that textbooks teach for the steps that the segment is, with its own numbers.
void add_rules(Annotation&, const Connection&, Row);
/// What stands out about the segment: the catalogue's findings, in its order.
void add_findings(Annotation&, const Connection&, Row, const CaptureView&);
/// A RST that answers the handshake's last ACK, which the steps tell: the server never took the connection
/// over (RFC 9293 section 3.10.7.1: the seq is that ACK's, there is no ACK of its own).
[[nodiscard]] bool answers_third_ack(const ConnectionLog&, const StepLog&, Row rst);
/// The RST that ended the connection: the one that was accepted, or where both ends reset, each by a RST of
/// its own that the other did not take, the first of them. kNoRow where there is none.
[[nodiscard]] Row ending_rst(const Connection&);
/// A RST,ACK in answer to a SYN, with the SYN's own number as its ack: some stacks do not count the SYN.
[[nodiscard]] bool refuses_one_short(const ConnectionLog&, const Model& before, Row rst);
/// How the connection ended, as far as is known.
void add_outcome(Annotation&, const Connection&, const Successor&, End client);

}  // namespace tcpwave
