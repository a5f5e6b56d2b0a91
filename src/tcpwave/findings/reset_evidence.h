// What the segments before a RST say about it: read once, in one bounded pass back from the RST.
//
// The verdict (reset_verdict.h) is made of these facts and of the connection's step log. Nothing here
// decides; each member is something that was captured.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "tcpwave/findings/findings.h"

namespace tcpwave {

/// How the latest segments of the RST's sender look that are no RST.
struct SenderHabit {
  /// So many of the latest are looked at: enough for a majority, few enough to follow a change of route.
  static constexpr std::uint32_t kSegments = 8;
  std::uint32_t seen = 0;            ///< how many there were, at most kSegments
  std::uint8_t latest_ttl = 0;       ///< 0: unknown
  std::uint32_t same_ttl = 0;        ///< how many of them have the latest one's TTL
  std::uint16_t latest_ip_id = 0;    ///< 0: IPv6, or a stack that does not count
  std::uint32_t counted_ip_ids = 0;  ///< how many follow their predecessor's by one
  Row latest_with_ts = kNoRow;       ///< the latest with a time stamp

  /// So many in a row, without one that does not: this connection has a counter of its own.
  [[nodiscard]] bool counts_ip_ids() const {
    return counted_ip_ids >= 3 && counted_ip_ids + 1 == seen;
  }
};

/// Keepalive probes of the RST's sender that are the last it sent before the RST.
struct Probes {
  std::uint32_t count = 0;
  std::uint32_t missed =
      0;  ///< segments after its last that its IP IDs counted and the tap never saw
  Row last = kNoRow, last_but_one = kNoRow;
  bool answered = false;  ///< the tap saw an answer to one of them
};

/// The peer's segments that the RST's seq names and that its sender had not acknowledged: of each kind the
/// latest that had the time to reach it.
struct Asked {
  Row data = kNoRow, fin = kNoRow, ack = kNoRow, syn_ack = kNoRow;
  Row without_ack = kNoRow;  ///< a FIN, null or Xmas segment: the answer is a RST,ACK
  Row first = kNoRow;        ///< the earliest of all kinds
  bool same_ip_id = false;   ///< one of them has the RST's own IP ID
  bool beyond_data =
      false;  ///< the FIN lies beyond data that the RST's sender has not acknowledged

  [[nodiscard]] bool any() const { return first != kNoRow; }
  /// What the RST answers most likely: data before a FIN before an ACK.
  [[nodiscard]] Row row() const;
};

struct ResetEvidence {
  Asked asked;
  Row earlier =
      kNoRow;  ///< a RST of the same end, after which that end sent nothing but RSTs: the first
  bool of_train = false;   ///< a RST like it, in that end's name and none of its own, came before
  Row peer_rst = kNoRow;   ///< the peer's latest RST
  Row last_own = kNoRow;   ///< the sender's latest segment that is no RST
  Row last_peer = kNoRow;  ///< the peer's latest that is no RST
  Probes probes;
  SenderHabit habit;
  std::uint32_t unanswered =
      0;  ///< bytes that it had received since it last sent data or a FIN itself
  std::uint32_t received =
      0;              ///< bytes that it had ever received, as far as the handshake was captured
  Row said = kNoRow;  ///< its latest data or FIN that is no repetition
  /// What shows of its receive queue by its windows: it sent its last data with less room than the RST
  /// shows, so what had come was still unread; or most of what came was read before the RST.
  bool answered_unread = false, read_most = false;
  /// All that it ever received came in one segment with PSH, which acknowledges all that it had sent: one read() takes it.
  bool answered_in_one = false;
  bool fin_sent = false;          ///< the sender's own FIN was captured before
  bool fin_received = false;      ///< it had received the peer's FIN
  bool own_fin_covers = false;    ///< its own FIN was sent after the peer's FIN had come
  bool fin_acknowledged = false;  ///< the peer has acknowledged its FIN
  bool spoke = false;             ///< it sent more than SYN and RST
  bool below_sent =
      false;  ///< it had sent numbers beyond the RST's seq: a live socket resets at SND.MAX
};

/// @pre m.segment is a RST. Goes back kResetLookBack segments of the connection at most.
[[nodiscard]] ResetEvidence reset_evidence(const Moment& m);

/// What a RST answers was under way when its sender last acknowledged: at 1,448 bytes a segment this is
/// a window of 1.4 MB and more. It bounds what a RST costs.
inline constexpr Row kResetLookBack = 1024;

}  // namespace tcpwave
