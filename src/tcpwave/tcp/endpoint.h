// One RFC 9293 endpoint as the observer models it: state, and the variables of section 3.3.1.
//
// Every number here is in the endpoint's own sequence space but RCV.*, which is in the peer's. A value
// that is not known yet has its flag unset; zero is a legal sequence number and never means "unset".
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tcpwave/segment.h"
#include "tcpwave/state.h"
#include "tcpwave/tcp/ranges.h"

namespace tcpwave {

/// An endpoint's state: read like a State, written by Applier::happen alone, which asks the table.
class OwnState {
 public:
  constexpr operator State() const { return value_; }
  friend constexpr bool operator==(const OwnState&, const OwnState&) = default;

 private:
  friend class Applier;
  friend struct StateForTest;  // tests/tcp/checks_test.cpp: an endpoint in a given state
  State value_ = State::Unknown;
};

struct Endpoint {
  OwnState state;
  Basis basis = Basis::Assumed;
  bool passive = false;  ///< came to SYN_RECEIVED from LISTEN
  bool previous_incarnation =
      false;  ///< still the socket of the previous incarnation of this 4-tuple
  bool iss_known = false;
  bool snd_known = false;  ///< snd_nxt means something
  bool una_known = false;
  bool rcv_known = false;
  bool fin_sent = false;
  bool fin_seen = false;         ///< the peer's FIN was received, in order
  bool peer_fin_queued = false;  ///< the peer's FIN waits beyond a hole
  bool window_known = false;
  bool ts_recent_known = false;
  bool acked = false;         ///< it has sent an ACK
  bool reports_sack = false;  ///< it has sent a SACK (RFC 2018), or may have
  bool isn_far =
      false;  ///< it has sent so much that its ISN is no neighbour of its numbers any more
  bool ignores_rst = false;  ///< in TIME_WAIT (RFC 1337), as an older connection has shown
  bool proof_due =
      false;  ///< `state` is presumed, and an ACK of its own from `proven_by` on proves it
  bool ground_due =
      false;  ///< the same, but an ACK led to it: no number shows that this arrived yet

  bool had_iss = false;  ///< `old_iss` means something
  Seq iss;               ///< initial send sequence number
  Seq old_iss;  ///< the one before, where it went back to LISTEN; the next is another (RFC 9293 section 3.4.1)
  Seq snd_nxt;  ///< one past the highest number it is known to have sent
  /// One past its highest number that was captured or acknowledged. Below snd_nxt while a FIN of it is known to be
  /// under way and not captured yet (BSD's snd_max is never below SND.NXT).
  Seq snd_max;
  Seq hole_from, hole_to;  ///< numbers below `snd_max` that were not captured (none where equal)
  Seq snd_una;             ///< lowest number it has not received an acknowledgment for
  Seq fin_seq;             ///< number of its FIN, where fin_sent
  Seq rcv_nxt;             ///< next number it expects from the peer
  Seq rcv_right;           ///< right edge of the window it has granted (exclusive)
  Seq highest_ack;         ///< of those it has sent
  Seq proven_by;           ///< in the peer's numbers, where proof_due
  std::uint16_t last_window = 0;
  Ranges queued;                ///< text received beyond holes
  std::uint32_t ts_recent = 0;  ///< TS.Recent: last TSval it has taken from the peer (RFC 7323)
  std::int64_t time_wait_since_ns = 0;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
  /// The window that it has granted without a scale: no more is certain where the scale is not known.
  [[nodiscard]] Seq certain_right() const { return highest_ack + last_window; }
};

/// `to` is not before `from` and no further than a window reaches (RFC 7323 section 2.3: 2^30 octets).
/// Once an end has sent more than that since a number, nothing near that number is about it any more.
inline bool is_near(Seq from, Seq to) {
  const std::int32_t ahead = to - from;
  return ahead >= 0 && ahead < (1 << 30);
}

/// An ACK no further than this from what its receiver has sent is taken to be about that. A guess, and no number of a
/// standard: more than most connections have in flight, and a number by chance is as near once in 4,096 times.
inline constexpr std::int32_t kPlausibleAck = 1 << 20;

/// Moves a number forward, never back; the first time it sets it.
inline void advance(Seq& value, bool& known, Seq to) {
  value = known ? later(value, to) : to;
  known = true;
}

}  // namespace tcpwave
