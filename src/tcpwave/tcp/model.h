// The two endpoints of a connection, moved by one captured segment after the other.
//
// `apply` does the two things that tcpwave is built on, in this order:
//   1. X sent it: what the segment proves about its sender (`send`).
//   2. Y receives it: RFC 9293 section 3.10.7 at the receiver (`receive`), unless it is known to be lost.
// It is a function of the records and of the facts learned about them and nothing else, so applying a
// stretch again after something was learned gives the corrected states. Every change of a state is an event
// of the table of transitions.h (`happen`) and goes into the timeline.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tcpwave/store/records.h"
#include "tcpwave/store/timeline.h"
#include "tcpwave/tcp/endpoint.h"
#include "tcpwave/tcp/steps.h"

namespace tcpwave {

/// What is known about the connection as a whole, apart from any one record.
struct Facts {
  struct UnseenFin {   ///< a FIN that was never captured
    Row row = kNoRow;  ///< sent before this record
    Seq seq;
    bool foreign = false;  ///< its claimed sender does not know of it: somebody else sent it
    bool before_capture =
        false;  ///< it was sent, and where the peer's ACK shows it received, before
  };
  std::array<Row, 2> first_syn{kNoRow, kNoRow};  ///< its first captured SYN without ACK
  std::array<Row, 2> first_fin{kNoRow, kNoRow};  ///< its first captured FIN that is no forgery
  std::array<UnseenFin, 2> unseen_fin{};
  struct UnderWay {  ///< a segment that was sent before another was received, and captured after it
    Row sent = kNoRow;    ///< the segment
    Row before = kNoRow;  ///< the first that its sender received after it
  };
  std::array<UnderWay, 2> fin_under_way{}, rst_under_way{};  ///< by its sender
  std::array<std::int8_t, 2> window_scale{-1, -1};  ///< as offered; -1: not offered or not seen
  std::array<std::uint8_t, 2> ttl{};                ///< of its first segment; 0 where unknown
  std::array<bool, 2> syn_seen{};
  std::array<bool, 2> syn_ts{};       ///< its SYN had a time stamp
  std::array<bool, 2> syn_cut{};      ///< the snap length cut options of its SYN off
  std::array<bool, 2> cookie_sent{};  ///< its SYN had a Fast Open cookie, and no data
  std::array<Row, 2> no_socket{kNoRow,
                               kNoRow};  ///< its RST that shows that a SYN,ACK met no socket
  /// Its RST that did not end it, for it was opening still.
  std::array<Row, 2> rst_while_opening{kNoRow, kNoRow};
  /// A round trip takes no longer, as far as what it sent alone tells; 0: unknown.
  std::array<std::int64_t, 2> own_round_trip_ns{};
  std::array<bool, 2> went_on{};          ///< it has sent more than SYN and RST
  std::array<bool, 2> seen{};             ///< a segment of it was captured
  std::array<bool, 2> time_wait_keeps{};  ///< proven to ignore RST in TIME_WAIT (RFC 1337)
  std::array<Row, 2> refuses_syn{
      kNoRow,
      kNoRow};  ///< shows that it ignores a newer SYN in TIME_WAIT, which RFC 6191 lets it take
  Row unreachable = kNoRow;   ///< the SYN that ICMP says was not delivered
  bool older_socket = false;  ///< the first SYN met the socket of a connection before the capture
  std::uint8_t older_ignored = 0;  ///< RSTs that it went on after; at two it is in TIME_WAIT
  bool past_gone = false;       ///< what an older connection had left there was gone before the SYN
  bool no_listener = false;     ///< the SYN was answered by RST
  Row listener_since = kNoRow;  ///< a SYN of later that was answered, though the first were refused
  bool fast_open = false;       ///< the server may send before it has the third ACK (RFC 7413)
  bool plain_seen =
      false;  ///< a segment without SYN, FIN and RST was captured: no filter left them out

  [[nodiscard]] bool timestamps() const { return syn_ts[0] && syn_ts[1]; }
  /// The capture shows whether windows are scaled, and by how much: both SYNs whole, or one that does
  /// not offer it.
  [[nodiscard]] bool scale_known() const {
    const auto offered = [this](std::size_t e) { return syn_seen[e] && window_scale[e] >= 0; };
    const auto refused = [this](std::size_t e) {
      return syn_seen[e] && !syn_cut[e] && window_scale[e] < 0;
    };
    return syn_seen[0] && syn_seen[1] && ((offered(0) && offered(1)) || refused(0) || refused(1));
  }
  /// Both SYNs were captured, and the snap length cut off what they said of the scale.
  [[nodiscard]] bool scale_cut() const { return syn_seen[0] && syn_seen[1] && !scale_known(); }
  /// By how much that end's windows are scaled, where both SYNs were captured.
  [[nodiscard]] std::uint8_t window_shift(End e) const {
    const bool scaled = window_scale[0] >= 0 && window_scale[1] >= 0;
    return scaled ? static_cast<std::uint8_t>(window_scale[index(e)]) : 0;
  }
};

struct Model {
  std::array<Endpoint, 2> end;
  StepLog steps;
  Phase phase = Phase::None;
  std::array<bool, 2> seen{};                    ///< by end: a segment of it was captured by now
  Row rst = kNoRow;                              ///< the RST that ended the connection
  std::array<Row, 2> first_rst{kNoRow, kNoRow};  ///< by end: the RST with which it went
  Row previous_incarnation_rst = kNoRow;  ///< the RST that ended the previous incarnation's socket
  Row half_close = kNoRow;                ///< the first data after the other end's FIN

  friend bool operator==(const Model&, const Model&) = default;
  Endpoint& of(End e) { return end[index(e)]; }
  [[nodiscard]] const Endpoint& of(End e) const { return end[index(e)]; }
};

/// Applies records in order; holds references to what it reads and writes for the time of one stretch.
class Applier {
 public:
  Applier(Model& model, const Facts& facts, const Records& records, Timeline& timeline,
          std::int64_t time_wait_ns)
      : model_(model),
        facts_(facts),
        records_(records),
        timeline_(timeline),
        time_wait_ns_(time_wait_ns) {}

  /// The record at `row`, with all that was learned about it; what it turns out to be is written to `r`,
  /// the record itself or a copy of it.
  void apply(Row row, SegmentRecord& r);
  /// The same, the short way: see in_order.cpp.
  void apply_in_order(SegmentRecord& r);

 private:
  void begin(const SegmentRecord&);
  void timers(const SegmentRecord&);
  void unseen_fin(End);
  void leave_under_way(End);
  void send(const SegmentRecord&);
  void prove_received(End, Seq ack);
  void send_syn(const SegmentRecord&);
  void prove_open(const SegmentRecord&);
  [[nodiscard]] bool fin_must_be_acked(const SegmentRecord&) const;
  void note_sent(Endpoint&, const SegmentRecord&);
  void send_fin(End, Seq fin_seq, Basis, Row shown_by = kNoRow);
  void send_rst(const SegmentRecord&);
  void receive(const SegmentRecord&);
  void receive_in_listen(const SegmentRecord&);
  void receive_in_syn_sent(const SegmentRecord&);
  void receive_synchronized(const SegmentRecord&);
  void receive_rst(const SegmentRecord&);
  void receive_ack(const SegmentRecord&);
  void receive_text(const SegmentRecord&);
  void grant(const SegmentRecord&);
  void take_fin(End, Basis);
  void doubt(End);
  static bool acks_old_syn(const Endpoint& y, const SegmentRecord&);
  /// `shown_by`: a record of the end's own, captured later; this row's where there is none.
  bool happen(End, Event, Basis, bool prior = false, Row shown_by = kNoRow);
  void note_state(End, bool prior, Row proof);
  void forget(End);
  void confirm(End, Seq ack);
  void confirm(End);
  void note_proof(End, Event);
  void note_ground(const SegmentRecord&);
  [[nodiscard]] bool rests_on_guess(End) const;
  void note_phase(SegmentRecord&);

  Model& model_;
  const Facts& facts_;
  const Records& records_;
  Timeline& timeline_;
  std::int64_t time_wait_ns_;
  Row row_ = 0;
  std::array<State, 2> before_{};  ///< by end: the state that the row's segment met
};

/// RFC 9293 section 3.10.7.4, first check, for an observer: the four cases with the endpoint's granted
/// window, and a segment that ends at RCV.NXT or one below it is let through to its ACK, as stacks do.
[[nodiscard]] bool acceptable(const Endpoint& receiver, const SegmentRecord&);

/// The RST counts at its receiver: it is exact, or it is known to have been taken.
[[nodiscard]] bool rst_counts(const Endpoint& receiver, const SegmentRecord&);

/// RFC 5961 section 3.2: only an exact RST is accepted (after a FIN also one number below, but in TIME_WAIT; beyond a hole
/// also the right edge of its latest SACK).
[[nodiscard]] bool rst_acceptable(const Endpoint& receiver, const SegmentRecord&);

/// RFC 7323 section 5.3: the segment's time stamp is older than one taken before (a RST is exempt).
[[nodiscard]] bool paws_rejects(const Endpoint& receiver, const SegmentRecord&);

/// SEG.WND in octets: scaled where both ends offered it, never on a SYN; the largest window there can
/// be where the handshake was not captured.
[[nodiscard]] std::uint32_t granted_window(const Facts&, const SegmentRecord&);

/// RFC 6191 and RFC 9293 section 3.6.1: a TIME_WAIT endpoint takes a SYN that is clearly newer.
[[nodiscard]] bool time_wait_takes(const Endpoint& time_wait, const SegmentRecord& syn);

}  // namespace tcpwave
