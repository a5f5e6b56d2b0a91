// Findings of resets: what each RST means, who is behind it, how sure that is, and what becomes of it.
//
// The verdict itself is made in reset_verdict.cpp of what reset_evidence.cpp reads.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cassert>

#include "tcpwave/catalogue.h"
#include "tcpwave/findings/reset_verdict.h"

namespace tcpwave {
namespace {

/// Whether a later RST-free segment of an end was captured.
bool goes_on(const Moment& m, End end) {
  const auto& records = m.history.records();
  for (Row i = m.row + 1; i < records.size() && i - m.row < kFindingLookBack; ++i)
    if (records[i].from == end && !records[i].flags.rst() && records[i].duplicate_of == kNoRow)
      return true;
  return false;
}

void challenge(Moment& m) {
  const SegmentRecord* asked = m.answered();
  if (asked == nullptr || m.segment.length() > 0 || !m.segment.flags.ack() || m.segment.flags.syn())
    return;
  const bool syn = asked->flags.syn() && asked->unattributable;
  const bool rst = asked->flags.rst() && asked->seq_check == SeqCheck::Wrong;
  if ((syn || rst) && m.sender.before != State::Closed) m.hit(Finding::ChallengeAck, asked->frame);
}

/// It was not accepted, or did not arrive.
void rejected(Moment& m, const ResetEvidence& e) {
  if (!m.both_seen()) return;  // its receiver's numbers are not known
  const bool rejects = !m.segment.seq_check_accepts() && m.receiver.before == m.receiver.after;
  if (rejects && !e.asked.any()) {
    const bool inexact = m.segment.seq_check == SeqCheck::Wrong;
    m.hit(inexact ? Finding::RstInexact : Finding::RstOutOfWindow, m.a.seq, m.a.seq_expected);
  }
  const bool stays = rejects || m.segment.delivery == Delivery::Lost;
  if (stays && !answers_in_opening(m, e) && goes_on(m, other(m.segment.from)))
    m.hit(Finding::RstIgnored, m.segment.frame);
  else if (rejects && !e.asked.any() && m.capture.final)
    m.hit(Finding::RstThenSilent);
}

/// Beside the verdict: the header of SYN, SYN,ACK, RST tells a probe.
bool is_probe(const Moment& m, const ResetEvidence& e) {
  const Row syn = m.steps().handshake[m.own][0], syn_ack = m.steps().handshake[m.peer][1];
  if (e.peer_rst != kNoRow) return false;  // that had ended it
  return !e.spoke && syn != kNoRow && syn_ack != kNoRow && syn < syn_ack && syn_ack < m.row &&
         m.steps().handshake[m.own][1] == kNoRow;
}

void give(Moment& m, const ResetEvidence& e, const ResetVerdict& verdict) {
  const bool probe = verdict.cause == Finding::RstInHandshake && is_probe(m, e);
  if (probe) m.hit(Finding::ConnectProbe);
  assert(std::find(kResetCauses.begin(), kResetCauses.end(), verdict.cause) != kResetCauses.end());
  m.hit(verdict.cause, verdict.first, verdict.second);
  m.a.reset_cause = verdict.cause;
  m.a.reset_confidence = verdict.confidence;
}

/// The receiver takes no part in any connection, and the RST answers nothing that was captured.
bool meets_nobody(const Moment& m) {
  if (m.sender.before == State::Listen) return true;  // a listener aborts nothing
  if (m.history.facts().rst_under_way[m.own].sent == m.row)
    return false;  // its peer has aborted, too
  return m.receiver.before == m.receiver.after && m.sender.before == m.sender.after &&
         (m.receiver.before == State::Closed || m.receiver.before == State::Listen ||
          m.receiver.before == State::Unknown);
}

/// In SYN_SENT a RST counts only with the ACK of the SYN.
bool has_bad_ack(const Moment& m) {
  return m.receiver.before == State::SynSent && m.receiver.after == State::SynSent &&
         m.segment.flags.ack() && m.sender.before == m.sender.after && m.a.ack && m.a.ack_expected;
}

/// Between the RST, or what it answers, and the segment before that: the longest time without one.
void silence(Moment& m, const ResetEvidence& e) {
  const auto& records = m.history.records();
  const Row from = std::min(e.asked.any() ? e.asked.row() : m.row, m.row);
  std::int64_t longest = 0;
  for (Row i = m.row; i >= from && i > 0 && m.row - i < kResetLookBack; --i)
    longest = std::max(longest, records[i].time_ns - records[i - 1].time_ns);
  // What a probing end waits for is the peer.
  if (e.probes.count > 0 && !e.asked.any() && e.last_peer != kNoRow)
    longest = std::max(longest, m.segment.time_ns - records[e.last_peer].time_ns);
  m.a.reset_idle_ns = longest;
  m.a.reset_after_silence = longest > 10 * m.history.round_trip_ns() && longest > 1'000'000'000;
}

}  // namespace

void reset_findings(Moment& m) {
  const SegmentRecord& r = m.segment;
  if (!r.flags.rst()) {
    challenge(m);
    return;
  }
  if (r.flags.syn()) return;  // said among the flags
  if (r.payload > 0) m.hit(Finding::RstWithData, r.payload);
  if (m.row == 0) {
    m.hit(Finding::RstNoConnection);
    return;
  }
  if (m.is_copy()) return;
  const ResetEvidence e = reset_evidence(m);
  silence(m, e);
  const bool opening =
      m.receiver.before == State::SynSent || m.receiver.before == State::SynReceived;
  const bool ends_opening = opening && m.receiver.before != m.receiver.after;
  if (has_bad_ack(m) && !e.asked.any()) {
    if (refuses_one_short(m.history, m.before(), m.row))
      give(m, e, {Finding::ConnectionRefused, Confidence::Likely});
    m.hit(Finding::RstBadAck, *m.a.ack, *m.a.ack_expected);
  } else if (e.earlier != kNoRow && !ends_opening) {
    m.hit(Finding::RstRepeated, m.frame(e.earlier));
  } else if (meets_nobody(m) && !e.asked.any() && !(r.unattributable && e.of_train)) {
    m.hit(Finding::RstNoConnection);
  } else {
    const bool moves = m.sender.before != m.sender.after || m.receiver.before != m.receiver.after;
    if (e.asked.any() || moves || r.seq_check_accepts()) give(m, e, reset_verdict(m, e));
  }
  rejected(m, e);
}

}  // namespace tcpwave
