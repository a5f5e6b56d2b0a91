// Findings of resets: what each RST means, who is behind it, how sure that is, and what becomes of it.
//
// The verdict itself is made in reset_verdict.cpp of what reset_evidence.cpp reads.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tcpwave/findings/reset_verdict.h"

namespace tcpwave {
namespace {

/// Whether a later RST-free segment of an end was captured.
bool goes_on(const FindingView& v, End end) {
  const auto& records = v.c.records();
  for (Row i = v.row + 1; i < records.size() && i - v.row < kFindingLookBack; ++i)
    if (records[i].from == end && !records[i].flags.rst() && records[i].copy_of == kNoRow)
      return true;
  return false;
}

void challenge(FindingView& v) {
  const Record* asked = v.answered();
  if (asked == nullptr || v.r.length() > 0 || !v.r.flags.ack() || v.r.flags.syn()) return;
  const bool syn = asked->flags.syn() && asked->bogus;
  const bool rst = asked->flags.rst() && asked->seq_check == SeqCheck::Wrong;
  if ((syn || rst) && v.x.before != State::Closed) v.hit(Finding::ChallengeAck, asked->frame);
}

/// It was not accepted, or did not arrive.
void rejected(FindingView& v, const ResetEvidence& e) {
  if (!v.both_seen()) return;  // its receiver's numbers are not known
  const bool rejects = !v.r.seq_check_accepts() && v.y.before == v.y.after;
  if (rejects && !e.asked.any()) {
    const bool inexact = v.r.seq_check == SeqCheck::Wrong;
    v.hit(inexact ? Finding::RstInexact : Finding::RstOutOfWindow, v.a.seq, v.a.seq_expected);
  }
  const bool stays = rejects || v.r.fate == Fate::Lost;
  if (stays && !answers_in_opening(v, e) && goes_on(v, other(v.r.from)))
    v.hit(Finding::RstIgnored, v.r.frame);
  else if (rejects && !e.asked.any() && v.capture.final)
    v.hit(Finding::RstThenSilent);
}

/// Beside the verdict: the header of SYN, SYN,ACK, RST tells a probe.
bool is_probe(const FindingView& v, const ResetEvidence& e) {
  const Row syn = v.log.handshake[v.own][0], syn_ack = v.log.handshake[v.peer][1];
  if (e.peer_rst != kNoRow) return false;  // that had ended it
  return !e.spoke && syn != kNoRow && syn_ack != kNoRow && syn < syn_ack && syn_ack < v.row &&
         v.log.handshake[v.own][1] == kNoRow;
}

void give(FindingView& v, const ResetEvidence& e, const ResetVerdict& verdict) {
  const bool probe = verdict.cause == Finding::RstInHandshake && is_probe(v, e);
  if (probe) v.hit(Finding::ConnectProbe);
  v.hit(verdict.cause, verdict.first, verdict.second);
  v.a.reset_cause = verdict.cause;
  v.a.reset_confidence = verdict.confidence;
}

/// The receiver takes no part in any connection, and the RST answers nothing that was captured.
bool meets_nobody(const FindingView& v) {
  if (v.x.before == State::Listen) return true;  // a listener aborts nothing
  return v.y.before == v.y.after && v.x.before == v.x.after &&
         (v.y.before == State::Closed || v.y.before == State::Listen ||
          v.y.before == State::Unknown);
}

/// In SYN_SENT a RST counts only with the ACK of the SYN.
bool has_bad_ack(const FindingView& v) {
  return v.y.before == State::SynSent && v.y.after == State::SynSent && v.r.flags.ack() &&
         v.x.before == v.x.after && v.a.ack && v.a.ack_expected;
}

/// Between the RST, or what it answers, and the segment before that: the longest time without one.
void silence(FindingView& v, const ResetEvidence& e) {
  const auto& records = v.c.records();
  const Row from = std::min(e.asked.any() ? e.asked.row() : v.row, v.row);
  std::int64_t longest = 0;
  for (Row i = v.row; i >= from && i > 0 && v.row - i < kResetLookBack; --i)
    longest = std::max(longest, records[i].time_ns - records[i - 1].time_ns);
  // What a probing end waits for is the peer.
  if (e.probes.count > 0 && !e.asked.any() && e.last_peer != kNoRow)
    longest = std::max(longest, v.r.time_ns - records[e.last_peer].time_ns);
  v.a.reset_idle_ns = longest;
  v.a.reset_after_silence = longest > 10 * v.c.round_trip_ns() && longest > 1'000'000'000;
}

}  // namespace

void reset_findings(FindingView& v) {
  const Record& r = v.r;
  if (!r.flags.rst()) {
    challenge(v);
    return;
  }
  if (r.flags.syn()) return;  // said among the flags
  if (r.payload > 0) v.hit(Finding::RstWithData, r.payload);
  if (v.row == 0) {
    v.hit(Finding::RstNoConnection);
    return;
  }
  if (v.is_copy()) return;
  const ResetEvidence e = reset_evidence(v);
  silence(v, e);
  const bool opening = v.y.before == State::SynSent || v.y.before == State::SynReceived;
  const bool ends_opening = opening && v.y.before != v.y.after;
  if (has_bad_ack(v) && !e.asked.any()) {
    if (refuses_one_short(v.c, v.row)) give(v, e, {Finding::ConnectionRefused, Confidence::Likely});
    v.hit(Finding::RstBadAck, *v.a.ack, *v.a.ack_expected);
  } else if (e.earlier != kNoRow && !ends_opening) {
    v.hit(Finding::RstRepeated, v.frame(e.earlier));
  } else if (meets_nobody(v) && !e.asked.any()) {
    v.hit(Finding::RstNoConnection);
  } else {
    const bool moves = v.x.before != v.x.after || v.y.before != v.y.after;
    if (e.asked.any() || moves || r.seq_check_accepts()) give(v, e, reset_verdict(v, e));
  }
  rejected(v, e);
}

}  // namespace tcpwave
