// See reset_verdict.h. The first rule that holds gives the cause, strongest evidence first.
//
// A closed socket answers: a bare RST at the number that the segment it answers acknowledged. A live one
// aborts: RST,ACK at SND.MAX, and the ack says what it had received (RFC 9293 sections 3.10.5 and
// 3.10.7.1; Linux and the BSDs alike). What can be told no further is named as the likeliest; the
// catalogue's explanation names the others.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/reset_verdict.h"

#include "tcpwave/hindsight/timing.h"

namespace tcpwave {
namespace {

/// One probe may be lost; RFC 9293 section 3.8.4 forbids to take one failure for a dead connection.
constexpr std::uint32_t kProbesBeforeDeath = 2;

bool before_this(const Moment& m, Row row) { return row != kNoRow && row < m.row; }

/// Probes whose answers the tap saw did not get them all the same, if the end gives up just when the
/// next probe would be due.
bool gave_up_probing(const Moment& m, const Probes& p) {
  if (p.count < kProbesBeforeDeath) return false;
  if (!p.answered) return true;
  const auto& records = m.history.records();
  const std::int64_t interval = records[p.last].time_ns - records[p.last_but_one].time_ns;
  const std::int64_t since = m.segment.time_ns - records[p.last].time_ns;
  const std::int64_t apart = since > interval ? since - interval : interval - since;
  return apart <= interval / 8;  // timers are this exact: see RFC 6298 section 2 on granularity
}

/// It answered all that it was sent, closed and reset before its FIN could be acknowledged: a server that
/// does so has not read all of the request, for close() with SO_LINGER 0 alone sends no FIN.
bool closed_at_once(const Moment& m, const ResetEvidence& e) {
  if (m.a.sender != Side::Server || !e.fin_sent || e.fin_acknowledged || e.received == 0)
    return false;
  const auto& records = m.history.records();
  const Row fin = m.steps().fin[m.own];
  for (Row i = fin; i-- > 0 && fin - i < SenderHabit::kSegments;)
    if (records[i].from == m.segment.from && records[i].payload > 0)
      return records[i].ack == m.segment.ack;
  return false;
}

/// A client that has got one segment, an answer to all that it had asked, has what it connected for: health checks and
/// load generators close so, with SO_LINGER 0, to leave no TIME_WAIT. An end that leaves data unread stops while more comes.
bool has_its_answer(const Moment& m, const ResetEvidence& e) {
  return m.a.sender == Side::Client && e.answered_in_one;
}

/// What was unread can be read off where everything had been answered.
std::uint32_t unread_though_answered(const Moment& m, const ResetEvidence& e) {
  return e.answered_unread || closed_at_once(m, e) ? e.received : 0;
}

/// The socket's state when it was aborted, by its own FIN and by whether its ack covers the peer's.
ResetVerdict abort_verdict(const Moment& m, const ResetEvidence& e) {
  if (gave_up_probing(m, e.probes))
    return {Finding::RstKeepalive, Confidence::Likely, e.probes.count};
  if (m.a.reset_after_silence && e.probes.missed >= kProbesBeforeDeath)
    return {Finding::RstKeepalive, Confidence::Possible, e.probes.missed};
  const bool unanswered = e.unanswered > 0 && !e.read_most && !has_its_answer(m, e);
  const std::uint32_t unread = unanswered ? e.unanswered : unread_though_answered(m, e);
  if (unread > 0) return {Finding::RstUnreadData, Confidence::Possible, unread};
  // An end that was never sent any data has left none unread.
  const bool nothing_came = m.segment.flags.ack() && e.received == 0;
  const Confidence sure = nothing_came ? Confidence::Likely : Confidence::Possible;
  if (e.fin_sent && !e.own_fin_covers) return {Finding::RstCloserGone, sure};
  if (e.fin_received) return {Finding::RstPeerGone, sure};
  return {Finding::RstAbort, sure};
}

/// Both FINs are acknowledged by those who received them: the peer is in TIME_WAIT.
bool time_wait_proven(const Moment& m, const ResetEvidence& e) {
  return m.receiver.before == State::TimeWait && e.fin_acknowledged && e.own_fin_covers;
}

ResetVerdict answer_verdict(const Moment& m, const ResetEvidence& e) {
  const Row row = e.asked.row();
  const bool gone_by_peer = before_this(m, e.peer_rst) && e.peer_rst < row;
  if (e.fin_sent && !e.fin_received && !gone_by_peer) {
    if (e.asked.data != kNoRow || e.asked.beyond_data)
      return {Finding::RstOrphanData, Confidence::Likely};
    return {Finding::RstCloserGone, Confidence::Likely};
  }
  // Where nothing shows how it went, a FIN that was not captured may be behind it.
  const bool explained = gone_by_peer || e.fin_received || m.a.reset_after_silence || !e.spoke;
  return {Finding::RstUnknownConnection, explained ? Confidence::Likely : Confidence::Possible,
          m.frame(row)};
}

/// The RST's sender has sent a SYN,ACK and nothing else, not even an ACK of what it answers: there was no room for
/// the connection, or its listener has gone. Were it still opening after its first time-out, it would have sent
/// its SYN,ACK again.
bool refuses_third_ack(const Moment& m, const ResetEvidence& e) {
  if (e.spoke || m.segment.flags.ack() || !before_this(m, m.steps().handshake[m.own][1]))
    return false;
  const Row third = m.steps().handshake[m.peer][2];
  if (!before_this(m, third)) return true;
  const auto since = [&](Row row) { return m.segment.time_ns - m.history.records()[row].time_ns; };
  if (since(third) <= 2 * m.history.round_trip_ns()) return true;
  // An end that goes on after it has not sent it.
  return !m.segment.unattributable && since(m.steps().handshake[m.own][1]) < kFirstTimeoutNs;
}

/// Its numbers are those of the handshake: nothing that the capture lacks lies between.
bool is_of_handshake(const Moment& m, Row syn, Row syn_ack) {
  const auto& records = m.history.records();
  const SegmentRecord& r = m.segment;
  return r.seq - records[syn].end() <= 0 && (!r.flags.ack() || r.ack - records[syn_ack].end() <= 0);
}

/// The RST's sender has sent its SYN and nothing else, and got the SYN,ACK.
bool refuses_syn_ack(const Moment& m, const ResetEvidence& e) {
  return !e.spoke && e.peer_rst == kNoRow && before_this(m, m.steps().handshake[m.own][0]) &&
         before_this(m, m.steps().handshake[m.peer][1]) &&
         !before_this(m, m.steps().handshake[m.own][1]) &&
         is_of_handshake(m, m.steps().handshake[m.own][0], m.steps().handshake[m.peer][1]);
}

/// Nothing where the handshake was over at both ends.
ResetVerdict opening_verdict(const Moment& m, const ResetEvidence& e) {
  const bool answered = before_this(m, m.steps().handshake[m.own][1]);
  const bool changed = m.receiver.before != m.receiver.after;
  if (m.receiver.before == State::SynSent && changed && m.segment.flags.ack() && !answered &&
      !m.segment.unattributable)
    return {Finding::ConnectionRefused, Confidence::Certain};
  const bool gives_up = is_opening(m.receiver.before) && changed;
  const bool receives_nothing =
      m.sender.before == State::SynReceived && m.sender.after == State::Closed;
  if (gives_up || receives_nothing || refuses_third_ack(m, e) || refuses_syn_ack(m, e))
    return {Finding::RstInHandshake, Confidence::Likely};
  return {};
}

}  // namespace

bool answers_in_opening(const Moment& m, const ResetEvidence& e) {
  if (m.history.facts().rst_while_opening[m.own] == m.row) return true;
  const bool stays = m.sender.before == State::SynSent && m.sender.after == State::SynSent &&
                     m.receiver.before == m.receiver.after;
  return stays && m.after().previous_incarnation_rst != m.row && e.asked.any();
}

ResetVerdict reset_verdict(const Moment& m, const ResetEvidence& e) {
  if (m.after().previous_incarnation_rst == m.row) {
    const bool time_wait = m.receiver.before == State::TimeWait;
    return {time_wait ? Finding::TimeWaitKilled : Finding::HalfOpenPeer, Confidence::Certain};
  }
  if (answers_in_opening(m, e)) {
    const Row row = e.asked.row();
    if (row == kNoRow) return {Finding::HalfOpenPeer, Confidence::Likely};
    if (row == e.asked.syn_ack || m.receiver.before == State::TimeWait)
      return {Finding::RstUnknownConnection, Confidence::Likely, m.frame(row)};
    return {Finding::HalfOpenPeer, Confidence::Likely};
  }
  // The peer's RST, or what looked like one, had ended it, in whatever state: what comes then is answered.
  const bool ended = before_this(m, e.peer_rst) && m.sender.before == State::Closed;
  if (ended && e.asked.any() && !m.segment.unattributable) return answer_verdict(m, e);
  const ResetVerdict in_opening = opening_verdict(m, e);
  if (in_opening.confidence != Confidence::None) return in_opening;
  if (const Confidence sure = foreign_path(m, e); sure != Confidence::None)
    return {Finding::RstForeignPath, sure, m.segment.ttl, e.habit.latest_ttl};
  if (time_wait_proven(m, e)) return {Finding::TimeWaitKilled, Confidence::Certain};
  return e.asked.any() ? answer_verdict(m, e) : abort_verdict(m, e);
}

}  // namespace tcpwave
