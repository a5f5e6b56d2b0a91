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
bool acknowledged(const Moment& m, Row row) {
  const Record& r = m.history.records()[row];
  for (Row i = row + 1; i < m.row; ++i) {
    const Record& between = m.history.records()[i];
    if (between.from == m.segment.from && between.flags.ack() && between.ack - r.end() >= 0)
      return true;
  }
  return false;
}

/// A RST with an ACK of its own answers a segment that it is the first to acknowledge: new text, a
/// keepalive probe, or whatever is the first to reach an end that has said nothing yet.
bool acknowledges_first(const Moment& m, Row row) {
  const Record& asked = m.history.records()[row];
  if (m.segment.ack != asked.end()) return false;
  if (asked.length() > 0) return !acknowledged(m, row);
  return asked.seq_check == SeqCheck::Keepalive || row == 0;
}

/// The RST stands where the segment before it asked: its seq is that one's ACK.
const Record* asked_for(const Moment& m) {
  for (Row i = m.row; i-- > 0 && m.row - i < kAskedLookBack;) {
    const Record& before = m.history.records()[i];
    if (before.from == m.segment.from || before.flags.rst()) continue;
    if (!before.flags.ack() || m.segment.seq != before.ack) return nullptr;
    if (m.segment.time_ns - before.time_ns > 2 * m.history.round_trip_ns()) return nullptr;
    return !m.segment.flags.ack() || acknowledges_first(m, i) ? &before : nullptr;
  }
  return nullptr;
}

std::uint32_t unanswered_probes(const Moment& m) {
  std::uint32_t probes = 0;
  for (Row i = m.row; i-- > 0 && m.row - i < kFindingLookBack;) {
    const Record& before = m.history.records()[i];
    if (before.from != m.segment.from || before.seq_check != SeqCheck::Keepalive) break;
    ++probes;
  }
  return probes;
}

/// Octets that the RST's sender was sent, and acknowledges, since it last sent data itself.
std::uint32_t unanswered_octets(const Moment& m) {
  std::uint32_t octets = 0;
  for (Row i = m.row; i-- > 0 && m.row - i < kFindingLookBack;) {
    const Record& before = m.history.records()[i];
    if (before.from == m.segment.from && before.payload > 0) break;
    if (before.from != m.segment.from && !before.bogus && m.segment.ack - before.end() >= 0)
      octets += before.payload;
  }
  return octets;
}

Verdict abort_verdict(const Moment& m) {
  if (const std::uint32_t probes = unanswered_probes(m); probes >= kProbesBeforeDeath)
    return {Finding::RstKeepalive, Confidence::Certain, probes};
  switch (m.sender.before) {
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
          m.a.sender == Side::Server && m.segment.flags.ack() ? unanswered_octets(m) : 0;
      if (octets > 0 && m.sender.before != State::LastAck)
        return {Finding::RstUnreadData, Confidence::Possible, octets};
      const bool passive = m.sender.before == State::CloseWait || m.sender.before == State::LastAck;
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
State state_met(const Moment& m, const Record& asked) {
  return m.sender.before != State::TimeWait ? m.sender.before
                                            : asked.states.before_of(m.segment.from);
}

Verdict answer_verdict(const Moment& m, const Record& asked) {
  switch (state_met(m, asked)) {
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
bool foreign_ttl(const Moment& m) {
  const std::uint8_t usual = m.history.facts().ttl[m.own];
  if (usual == 0 || m.segment.ttl == 0) return false;
  return m.segment.ttl > usual + kTtlSlack || usual > m.segment.ttl + kTtlSlack;
}

bool receiver_opening(const Moment& m) {
  return m.receiver.before == State::SynSent || m.receiver.before == State::SynReceived;
}

Verdict opening_verdict(const Moment& m) {
  const Row syn_ack = m.steps().handshake[m.own][1];
  const bool answered_otherwise = syn_ack != kNoRow && syn_ack < m.row;
  const bool gone = m.sender.after == State::Closed;  // else it was not this end that refused
  if (m.receiver.before == State::SynSent && m.ends_connection() && gone && !answered_otherwise &&
      !m.segment.bogus)
    return {Finding::ConnectionRefused, Confidence::Certain};
  return {Finding::RstInHandshake, Confidence::Certain};
}

/// Whether a later RST-free segment of an end was captured.
bool goes_on(const Moment& m, End end) {
  const auto& records = m.history.records();
  for (Row i = m.row + 1; i < records.size() && i - m.row < kFindingLookBack; ++i)
    if (records[i].from == end && !records[i].flags.rst() && records[i].copy_of == kNoRow)
      return true;
  return false;
}

/// RFC 9293 section 3.10.7.3: an opening end answers an ACK that it cannot use with a RST at that
/// number, and stays. The segment before said what is wrong; the RST is nobody's reset.
bool answers_in_opening(const Moment& m) {
  const bool stays = m.sender.before == State::SynSent && m.sender.after == State::SynSent &&
                     m.receiver.before == m.receiver.after;
  if (!stays || m.after().old_socket_rst == m.row) return false;
  for (Row i = m.row; i-- > 0 && m.row - i < kAskedLookBack;) {
    const Record& asked = m.history.records()[i];
    if (asked.from != m.segment.from && asked.flags.ack() && asked.ack == m.segment.seq)
      return true;
  }
  return false;
}

void challenge(Moment& m) {
  const Record* asked = m.answered();
  if (asked == nullptr || m.segment.length() > 0 || !m.segment.flags.ack() || m.segment.flags.syn())
    return;
  const bool syn = asked->flags.syn() && asked->bogus;
  const bool rst = asked->flags.rst() && asked->seq_check == SeqCheck::Wrong;
  if ((syn || rst) && m.sender.before != State::Closed) m.hit(Finding::ChallengeAck, asked->frame);
}

void rejected(Moment& m) {
  if (!m.both_seen()) return;  // its receiver's numbers are not known
  const bool inexact = m.segment.seq_check == SeqCheck::Wrong;
  m.hit(inexact ? Finding::RstInexact : Finding::RstOutOfWindow, m.a.seq, m.a.seq_expected);
  if (goes_on(m, other(m.segment.from)))
    m.hit(Finding::RstIgnored, m.segment.frame);
  else if (m.capture.final)
    m.hit(Finding::RstThenSilent);
}

/// Why its sender resets, as far as the RST itself and what came before it tell.
Verdict cause_of(const Moment& m) {
  if (foreign_ttl(m))
    return {Finding::RstForeignPath, Confidence::Likely, m.segment.ttl,
            m.history.facts().ttl[m.own]};
  const Record* asked = asked_for(m);
  return asked != nullptr ? answer_verdict(m, *asked) : abort_verdict(m);
}

void give(Moment& m, const Verdict& verdict) {
  m.hit(verdict.cause, verdict.first, verdict.second);
  if (foreign_ttl(m) && verdict.cause != Finding::RstForeignPath)
    m.hit(Finding::RstForeignPath, m.segment.ttl, m.history.facts().ttl[m.own]);
  m.a.reset_cause = verdict.cause;
  m.a.reset_confidence = verdict.confidence;
}

void verdict(Moment& m) {
  const Row first = m.before().rst;
  const bool later = first != kNoRow && first < m.row;
  Verdict verdict;
  if (m.segment.bogus && m.receiver.before != m.receiver.after) {
    if (receiver_opening(m))
      verdict = opening_verdict(m);
    else
      verdict = {Finding::RstForeignPath, Confidence::Certain, m.segment.ttl,
                 m.history.facts().ttl[m.own]};
  } else if (m.receiver.before == State::TimeWait && m.receiver.after == State::Closed) {
    verdict = {Finding::TimeWaitKilled, Confidence::Certain};
  } else if (m.after().old_socket_rst == m.row) {
    if (m.receiver.before != State::TimeWait)
      verdict = {Finding::HalfOpenPeer, Confidence::Certain};
    else
      verdict = {Finding::TimeWaitKilled, Confidence::Certain};
  } else if (receiver_opening(m) && m.receiver.before != m.receiver.after) {
    verdict = opening_verdict(m);
  } else if (answers_third_ack(m.history, m.after().steps, m.row)) {
    verdict = {Finding::RstInHandshake, Confidence::Certain};
  } else if (later || m.segment.copy_of != kNoRow) {
    if (!m.is_copy() && first != kNoRow) m.hit(Finding::RstRepeated, m.frame(first));
    return;
  } else if (m.receiver.before == m.receiver.after && m.sender.before == m.sender.after) {
    if (m.receiver.before == State::SynSent && m.segment.flags.ack() && m.a.ack && m.a.ack_expected)
      m.hit(Finding::RstBadAck, *m.a.ack, *m.a.ack_expected);
    else if (m.receiver.before == State::Closed || m.receiver.before == State::Listen ||
             m.receiver.before == State::Unknown)
      m.hit(Finding::RstNoConnection);
    return;
  } else {
    verdict = cause_of(m);
  }
  give(m, verdict);
}

}  // namespace

void reset_findings(Moment& m) {
  const Record& r = m.segment;
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
  if (answers_in_opening(m)) return;
  if (r.seq_check_accepts() || m.receiver.before != m.receiver.after) {
    verdict(m);
    return;
  }
  rejected(m);
  // Its receiver stays, as it lacks what was sent before it; its sender is gone all the same.
  if (m.sender.before != m.sender.after) give(m, cause_of(m));
}

}  // namespace tcpwave
