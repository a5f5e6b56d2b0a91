// Findings of resets: what each RST means, who is behind it and how sure that is.
//
// The verdict is the first rule that holds, strongest evidence first. A RST that answers a segment says
// that its sender has no use for that segment; one that comes by itself is an abort.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcpwave/findings/findings.h"

namespace tcpwave {
namespace {

constexpr std::uint32_t kProbesBeforeDeath = 2;
constexpr int kTtlSlack = 2;  ///< routes change by a hop or so; a box stands elsewhere by more

/// A RST is sent at once: what asked for it was captured just before.
constexpr Row kAskedLookBack = 16;

struct Verdict {
  Finding cause{};
  Confidence confidence = Confidence::None;
  std::uint32_t first = 0, second = 0;
};

/// The RST's sender had acknowledged the record before it sent the RST.
bool acknowledged(const FindingView& v, Row row) {
  const Record& r = v.c.records()[row];
  for (Row i = row + 1; i < v.row; ++i) {
    const Record& between = v.c.records()[i];
    if (between.from == v.r.from && between.flags.ack() && between.ack - r.end() >= 0) return true;
  }
  return false;
}

/// A RST with an ACK of its own answers a segment that it is the first to acknowledge: new text, a
/// keepalive probe, or whatever is the first to reach an end that has said nothing yet.
bool acknowledges_first(const FindingView& v, Row row) {
  const Record& asked = v.c.records()[row];
  if (v.r.ack != asked.end()) return false;
  if (asked.length() > 0) return !acknowledged(v, row);
  return asked.seq_check == SeqCheck::Keepalive || row == 0;
}

/// The RST stands where the segment before it asked: its seq is that one's ACK.
const Record* asked_for(const FindingView& v) {
  for (Row i = v.row; i-- > 0 && v.row - i < kAskedLookBack;) {
    const Record& before = v.c.records()[i];
    if (before.from == v.r.from || before.flags.rst()) continue;
    if (!before.flags.ack() || v.r.seq != before.ack) return nullptr;
    if (v.r.time_ns - before.time_ns > 2 * v.c.round_trip_ns()) return nullptr;
    return !v.r.flags.ack() || acknowledges_first(v, i) ? &before : nullptr;
  }
  return nullptr;
}

std::uint32_t unanswered_probes(const FindingView& v) {
  std::uint32_t probes = 0;
  for (Row i = v.row; i-- > 0 && v.row - i < kFindingLookBack;) {
    const Record& before = v.c.records()[i];
    if (before.from != v.r.from || before.seq_check != SeqCheck::Keepalive) break;
    ++probes;
  }
  return probes;
}

/// Octets that the RST's sender was sent, and acknowledges, since it last sent data itself.
std::uint32_t unanswered_octets(const FindingView& v) {
  std::uint32_t octets = 0;
  for (Row i = v.row; i-- > 0 && v.row - i < kFindingLookBack;) {
    const Record& before = v.c.records()[i];
    if (before.from == v.r.from && before.payload > 0) break;
    if (before.from != v.r.from && !before.bogus && v.r.ack - before.end() >= 0)
      octets += before.payload;
  }
  return octets;
}

Verdict abort_verdict(const FindingView& v) {
  if (const std::uint32_t probes = unanswered_probes(v); probes >= kProbesBeforeDeath)
    return {Finding::RstKeepalive, Confidence::Certain, probes};
  switch (v.x.before) {
    case State::FinWait1:
    case State::FinWait2:
    case State::Closing:
      return {Finding::RstCloserGone, Confidence::Likely};
    case State::CloseWait:
    case State::LastAck:
    case State::Established:
    case State::SynReceived: {
      // A server that was sent a request and aborts instead of answering has most likely not read it.
      const std::uint32_t octets =
          v.a.sender == Side::Server && v.r.flags.ack() ? unanswered_octets(v) : 0;
      if (octets > 0 && v.x.before != State::LastAck)
        return {Finding::RstUnreadData, Confidence::Possible, octets};
      const bool passive = v.x.before == State::CloseWait || v.x.before == State::LastAck;
      return {passive ? Finding::RstPeerGone : Finding::RstAbort, Confidence::Likely};
    }
    case State::Unknown:
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::TimeWait:
      break;
  }
  return {Finding::RstAbort, Confidence::Possible};
}

/// The state of the socket that was asked: that its FIN was taken is only presumed, and the RST denies it.
State state_met(const FindingView& v, const Record& asked) {
  return v.x.before != State::TimeWait ? v.x.before : asked.states.before_of(v.r.from);
}

Verdict answer_verdict(const FindingView& v, const Record& asked) {
  switch (state_met(v, asked)) {
    case State::FinWait1:
    case State::FinWait2:
    case State::Closing:
      if (asked.payload > 0) return {Finding::RstOrphanData, Confidence::Certain};
      return {Finding::RstCloserGone, Confidence::Likely};
    case State::Established:
    case State::CloseWait:
    case State::LastAck:
    case State::SynReceived:
    case State::Closed:
    case State::Unknown:
    case State::Listen:
    case State::SynSent:
    case State::TimeWait:
      break;
  }
  return {Finding::RstUnknownConnection, Confidence::Likely, asked.frame};
}

/// The usual TTL of the sender differs from this one's by more than a route does.
bool foreign_ttl(const FindingView& v) {
  const std::uint8_t usual = v.c.facts().ttl[v.own];
  if (usual == 0 || v.r.ttl == 0) return false;
  return v.r.ttl > usual + kTtlSlack || usual > v.r.ttl + kTtlSlack;
}

bool receiver_opening(const FindingView& v) {
  return v.y.before == State::SynSent || v.y.before == State::SynReceived;
}

Verdict opening_verdict(const FindingView& v) {
  const Row syn_ack = v.log.handshake[v.own][1];
  const bool answered_otherwise = syn_ack != kNoRow && syn_ack < v.row;
  if (v.y.before == State::SynSent && v.ends_connection() && !answered_otherwise && !v.r.bogus)
    return {Finding::ConnectionRefused, Confidence::Certain};
  return {Finding::RstInHandshake, Confidence::Certain};
}

/// Whether a later RST-free segment of an end was captured.
bool goes_on(const FindingView& v, End end) {
  const auto& records = v.c.records();
  for (Row i = v.row + 1; i < records.size() && i - v.row < kFindingLookBack; ++i)
    if (records[i].from == end && !records[i].flags.rst() && records[i].copy_of == kNoRow)
      return true;
  return false;
}

/// RFC 9293 section 3.10.7.3: an opening end answers an ACK that it cannot use with a RST at that
/// number, and stays. The segment before said what is wrong; the RST is nobody's reset.
bool answers_in_opening(const FindingView& v) {
  const bool stays =
      v.x.before == State::SynSent && v.x.after == State::SynSent && v.y.before == v.y.after;
  if (!stays || v.c.model().old_socket_rst == v.row) return false;
  for (Row i = v.row; i-- > 0 && v.row - i < kAskedLookBack;) {
    const Record& asked = v.c.records()[i];
    if (asked.from != v.r.from && asked.flags.ack() && asked.ack == v.r.seq) return true;
  }
  return false;
}

void challenge(FindingView& v) {
  const Record* asked = v.answered();
  if (asked == nullptr || v.r.length() > 0 || !v.r.flags.ack() || v.r.flags.syn()) return;
  const bool syn = asked->flags.syn() && asked->bogus;
  const bool rst = asked->flags.rst() && asked->seq_check == SeqCheck::Wrong;
  if ((syn || rst) && v.x.before != State::Closed) v.hit(Finding::ChallengeAck, asked->frame);
}

void rejected(FindingView& v) {
  if (!v.both_seen()) return;  // its receiver's numbers are not known
  const bool inexact = v.r.seq_check == SeqCheck::Wrong;
  v.hit(inexact ? Finding::RstInexact : Finding::RstOutOfWindow, v.a.seq, v.a.seq_expected);
  if (goes_on(v, other(v.r.from)))
    v.hit(Finding::RstIgnored, v.r.frame);
  else if (v.capture.final)
    v.hit(Finding::RstThenSilent);
}

/// Why its sender resets, as far as the RST itself and what came before it tell.
Verdict cause_of(const FindingView& v) {
  if (foreign_ttl(v))
    return {Finding::RstForeignPath, Confidence::Likely, v.r.ttl, v.c.facts().ttl[v.own]};
  const Record* asked = asked_for(v);
  return asked != nullptr ? answer_verdict(v, *asked) : abort_verdict(v);
}

void give(FindingView& v, const Verdict& verdict) {
  v.hit(verdict.cause, verdict.first, verdict.second);
  if (foreign_ttl(v) && verdict.cause != Finding::RstForeignPath)
    v.hit(Finding::RstForeignPath, v.r.ttl, v.c.facts().ttl[v.own]);
  v.a.reset_cause = verdict.cause;
  v.a.reset_confidence = verdict.confidence;
}

void verdict(FindingView& v) {
  const Row first = v.c.model().rst;
  const bool later = first != kNoRow && first < v.row;
  Verdict verdict;
  if (v.r.bogus && v.y.before != v.y.after) {
    if (receiver_opening(v))
      verdict = opening_verdict(v);
    else
      verdict = {Finding::RstForeignPath, Confidence::Certain, v.r.ttl, v.c.facts().ttl[v.own]};
  } else if (v.y.before == State::TimeWait && v.y.after == State::Closed) {
    verdict = {Finding::TimeWaitKilled, Confidence::Certain};
  } else if (v.c.model().old_socket_rst == v.row) {
    if (v.y.before != State::TimeWait)
      verdict = {Finding::HalfOpenPeer, Confidence::Certain};
    else
      verdict = {Finding::TimeWaitKilled, Confidence::Certain};
  } else if (receiver_opening(v) && v.y.before != v.y.after) {
    verdict = opening_verdict(v);
  } else if (answers_third_ack(v.c, v.row)) {
    verdict = {Finding::RstInHandshake, Confidence::Certain};
  } else if (later || v.r.copy_of != kNoRow) {
    if (!v.is_copy() && first != kNoRow) v.hit(Finding::RstRepeated, v.frame(first));
    return;
  } else if (v.y.before == v.y.after && v.x.before == v.x.after) {
    if (v.y.before == State::SynSent && v.r.flags.ack() && v.a.ack && v.a.ack_expected)
      v.hit(Finding::RstBadAck, *v.a.ack, *v.a.ack_expected);
    else if (v.y.before == State::Closed || v.y.before == State::Listen ||
             v.y.before == State::Unknown)
      v.hit(Finding::RstNoConnection);
    return;
  } else {
    verdict = cause_of(v);
  }
  give(v, verdict);
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
  if (answers_in_opening(v)) return;
  if (r.seq_check_accepts() || v.y.before != v.y.after) {
    verdict(v);
    return;
  }
  rejected(v);
  // Its receiver stays, as it lacks what was sent before it; its sender is gone all the same.
  if (v.x.before != v.x.after) give(v, cause_of(v));
}

}  // namespace tcpwave
